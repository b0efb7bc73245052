"""The codes of up to fourteen keratoses beside the code of fifteen and more."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import DAY, OTHER_LINES, Evidence, FixKind, Scope, Severity, narrow, not_alone, on_days, rule


@rule(
    "keratoses-on-two-codes",
    scope=Scope.DAY,
    severity=Severity.ERROR,
    evidence=Evidence.CMS_FILE,
    authority="CMS NCCI edits 17004 with 17000 and 17003 (indicator 0)",
    carc="97",
    since="0.1.0",
    codes=("17000", "17003", "17004"),
    fix=FixKind.NEEDS_CHART,
    fix_text="Fifteen and more keratoses are 17004 once, alone; fewer are 17000 and 17003.",
    question="How many keratoses were destroyed on this day in all?",
    message="{code} stands beside 17004, which already covers the whole count.",
    facts=("DS-01", "DS-02"),
    supersedes=("ncci-pair-never-together", "ncci-pair-without-modifier", "add-on-under-wrong-primary"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Keratoses are counted on codes that exclude each other.

    What it finds:
        17000 or 17003 on a day that also has 17004.

    Why:
        17004 is for the whole count of fifteen or more; the smaller codes are denied as included, with any
        modifier.

    Example:
        17004 dx=L57.0
        17003 x13 dx=L57.0

    Instead:
        17004 dx=L57.0

    References:
        CMS, NCCI procedure-to-procedure edits.
    """
    whole = narrow(lines, [DAY], not_alone() & (pl.col(c.CODE) == "17004"))[DAY]
    first = pl.col(c.LINE).filter(pl.col(c.CODE) == "17004").first().over(DAY, c.CLAIM_INDEX)
    found = on_days(lines, whole).with_columns(pl.concat_list(first).list.drop_nulls().alias(OTHER_LINES))
    return found.filter(pl.col(c.CODE) != "17004")
