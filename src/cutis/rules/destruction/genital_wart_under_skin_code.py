"""Anogenital warts under the general destruction code."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import only


@rule(
    "genital-wart-under-skin-code",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    evidence=Evidence.PUBLISHED,
    authority="Published guidance on coding of genital lesions (codes of the site come first)",
    carc="150",
    since="0.1.0",
    uses=(c.DOC_SITE,),
    codes=("17110", "17111"),
    fix=FixKind.NEEDS_CHART,
    fix_text="By the site: anus 46900 to 46924, penis 54050 to 54065, vulva 56501 or 56515; {code} only for other skin.",
    question="Where were the warts, how many, and how were they destroyed?",
    message="{code} points to anogenital warts; anus, penis and vulva have destruction codes of their own.",
    facts=("BX-07", "DS-05"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The diagnosis is anogenital warts, the code that of skin elsewhere.

    What it finds:
        17110 and 17111 whose diagnoses are anogenital warts alone (A63.0).

    Why:
        Anus, penis and vulva have destruction codes of their own, which mostly pay more. Groin, thigh and pubic
        skin keep the general code.

    Example:
        17110 dx=A63.0

    Instead:
        54056 dx=A63.0

    References:
        The Dermatologist, Coding genital lesions.
    """
    found = lines.filter(only("A630"))
    # a chart that names the site answers the question
    return found.filter(pl.col(c.DOC_SITE).is_null()) if c.DOC_SITE in found.columns else found
