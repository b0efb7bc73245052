"""More keratoses on 17003 than the code reaches."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import DAY, OTHER_LINES, Evidence, FixKind, Scope, Severity, narrow, on_days, rule

MOST = 13


@rule(
    "keratoses-over-fourteen",
    scope=Scope.DAY,
    severity=Severity.ERROR,
    evidence=Evidence.CMS_FILE,
    authority="CMS MUE for 17003 (13, by definition of the code); CPT count of lesions, restated",
    carc="151",
    since="0.1.0",
    codes=("17000", "17003"),
    fix=FixKind.NEEDS_CHART,
    fix_text="Fifteen or more keratoses are 17004 once, in place of 17000 and 17003.",
    question="How many keratoses were destroyed, counted in the note?",
    message="17003 has {further} units; with the first lesion that is 15 or more, which 17004 stands for.",
    facts=("DS-01", "DS-03"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """17003 counts beyond the fourteenth lesion.

    What it finds:
        17003 with more than 13 units on a day.

    Why:
        17003 is for the second to the fourteenth lesion. From the fifteenth on the whole count is 17004.

    Example:
        17000 dx=L57.0
        17003 x14 dx=L57.0

    Instead:
        17004 dx=L57.0

    References:
        CMS, medically unlikely edits; CPT (restated).
    """
    further = narrow(lines, (DAY, c.UNITS), pl.col(c.CODE) == "17003").group_by(DAY).agg(pl.col(c.UNITS).sum())
    lines = on_days(lines, further.filter(pl.col(c.UNITS) > MOST)[DAY])
    where = pl.col(c.LINE).implode().over(DAY, c.CLAIM_INDEX, mapping_strategy="join")
    found = lines.with_columns(
        pl.col(c.UNITS).filter(pl.col(c.CODE) == "17003").sum().over(DAY).alias("further"),
        where.alias(OTHER_LINES),
    ).filter(pl.col(c.CODE) == "17003", pl.col("further") > MOST)
    return found.unique([DAY], keep="last", maintain_order=True)
