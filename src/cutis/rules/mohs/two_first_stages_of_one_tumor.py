"""Two first stages of Mohs surgery for one tumor."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import OTHER_LINES, Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import PARTNER, one_on_each_lesion

FIRST = load_families().codes("mohs_first")


@rule(
    "two-first-stages-of-one-tumor",
    scope=Scope.DAY,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="CPT guideline on Mohs surgery (one first stage a tumor and day), restated; published guidance on Mohs coding",
    url="https://www.aapc.com/blog/27003-code-mohs-in-6-easy-steps/",
    carc="97",
    since="0.1.0",
    needs=(c.DOC_LESION,),
    codes=FIRST,
    fix=FixKind.NEEDS_CHART,
    fix_text="Report later stages of the tumor as 17312 or 17314; a second first stage only for another tumor, with 59 or XS.",
    question="How many tumors were treated, and how many stages had each?",
    message="{code} is a second first stage of the tumor that {partner} began.",
    facts=("MO-03",),
    supersedes=("bypass-modifier-on-same-lesion",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """One tumor carries two first stages.

    What it finds:
        17311 or 17313 twice on a day for the same lesion of the chart, or with several units on one lesion.

    Why:
        A tumor has one first stage a day; what follows is the add-on. A second first stage pays about double a
        later one.

    Example:
        17311 dx=C44.311 lesion=a
        17311 59 dx=C44.311 lesion=a

    Instead:
        17311 dx=C44.311 lesion=a
        17312 dx=C44.311 lesion=a

    References:
        AAPC, Code Mohs in 6 Easy Steps; CodingIntel, coding for Mohs micrographic surgery.
    """
    pairs = one_on_each_lesion(lines, FIRST, FIRST)
    own = [pl.col(c.CODE).alias(PARTNER), pl.lit(None, dtype=pl.List(pl.UInt16)).alias(OTHER_LINES)]
    units = lines.filter(pl.col(c.DOC_LESION).is_not_null(), pl.col(c.UNITS) > 1).with_columns(own)
    both = pl.concat([pairs, units.select(pairs.columns)]) if not units.is_empty() else pairs
    return both.unique([c.CLAIM_INDEX, c.LINE], keep="first", maintain_order=True)
