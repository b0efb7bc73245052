"""A cyst excised, and its drainage billed."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import affirmed


@rule(
    "excision-billed-as-drainage",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    evidence=Evidence.PUBLISHED,
    authority="AAPC dermatology coding alert: report incision or excision",
    url="https://www.aapc.com/codes/coding-newsletters/my-dermatology-coding-alert/you-be-the-coder-report-incision-or-excision-article",
    carc="150",
    since="0.1.0",
    needs=(c.DOC_METHOD,),
    codes=("10060", "10061"),
    fix=FixKind.NEEDS_CHART,
    fix_text="Report the excision by its size and site, if the lesion was removed whole; the drainage, if it was opened and emptied.",
    question="Was the lesion removed whole, or opened and drained?",
    message="{code} is a drainage, but the chart tells of an excision and of nothing drained: {doc_method}.",
    facts=("ID-01", "ID-02"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The chart describes the excision of a lesion, and its drainage is billed.

    What it finds:
        10060 and 10061 where the chart says that a lesion or its wall was excised and nowhere that anything was drained.

    Why:
        A lesion is either drained or excised. The wrong one of the two has another price and another diagnosis.

    Example:
        10061 dx=L72.0 method=cyst_with_its_wall_excised

    Instead:
        11402 dx=L72.0 method=cyst_with_its_wall_excised

    References:
        AAPC, report incision or excision.
    """
    text = affirmed()
    excised = text.str.contains(r"\bexcis(?:ed|ion)|\bellip")
    drained = text.str.contains(
        r"drain|\bpus\b|purulen|abscess|pack(?:ed|ing)|evacuat|loculat|express|incis(?:ed|ion) and"
    )
    return lines.filter(excised & ~drained)
