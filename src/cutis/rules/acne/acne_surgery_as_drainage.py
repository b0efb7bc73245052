"""Comedones or milia opened, and drainage of an abscess billed."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import affirmed


@rule(
    "acne-surgery-as-drainage",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    evidence=Evidence.PUBLISHED,
    authority="AAD, Drain, pare, snip (December 2019), on acne surgery and drainage",
    url="https://staging.aad.org/dw/monthly/2019/december/cracking-the-code",
    carc="150",
    since="0.1.0",
    needs=(c.DOC_METHOD,),
    codes=("10060", "10061"),
    fix=FixKind.NEEDS_CHART,
    fix_text="Report 10040 for the opening of comedones or milia; {code} needs an abscess, which the note should name.",
    question="Was there an abscess that was incised and drained, or were comedones or milia opened?",
    message="{code} is the drainage of an abscess; the chart tells of comedones or milia: {doc_method}.",
    facts=("AC-01", "ID-01"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Acne surgery is billed as the drainage of an abscess.

    What it finds:
        10060 and 10061 where the chart tells of comedones, milia or acne surgery, and of no abscess.

    Why:
        Opening and removing comedones, milia and pustules is acne surgery. The drainage codes are for an abscess, and pay
        more.

    Example:
        10060 dx=L70.0 method=comedones_opened_and_expressed

    Instead:
        10040 dx=L70.0 method=comedones_opened_and_expressed

    References:
        American Academy of Dermatology, Drain, pare, snip.
    """
    text = affirmed()
    acne = text.str.contains(r"comedo|\bmilia\b|\bmilium\b|acne surgery")
    abscess = text.str.contains(r"abscess|furuncle|carbuncle|paronychia|loculat|fluctuan|inflamed cyst|infected cyst")
    return lines.filter(acne & ~abscess)
