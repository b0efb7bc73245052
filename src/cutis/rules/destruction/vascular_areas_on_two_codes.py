"""Two codes of vascular destruction on one day."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import DAY, OTHER_LINES, Evidence, FixKind, Scope, Severity, not_alone, rule


@rule(
    "vascular-areas-on-two-codes",
    scope=Scope.DAY,
    severity=Severity.ERROR,
    evidence=Evidence.CMS_FILE,
    authority="CMS NCCI edits among 17106, 17107 and 17108; CMS MUE of 1 for each (MAI 2)",
    carc="231",
    since="0.1.0",
    codes=("17106", "17107", "17108"),
    fix=FixKind.NEEDS_CHART,
    fix_text="Add the areas treated on the day: below 10 sq cm is 17106, to 50 is 17107, above 17108.",
    question="What was the whole area of vascular lesions treated on this day, in sq cm?",
    message="{code} stands beside {larger}: the areas of the day are added and one code reported.",
    facts=("DS-10",),
    supersedes=("ncci-pair-never-together", "ncci-pair-without-modifier"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The area of vascular lesions is divided over several codes.

    What it finds:
        17106, 17107 and 17108 beside one another on a day.

    Why:
        The codes divide by the whole area treated on the day. A second one is bundled into the first, and the right
        one may be the next larger.

    Example:
        17106 dx=D18.01
        17107 dx=D18.01

    Instead:
        17107 dx=D18.01

    References:
        CMS, NCCI procedure-to-procedure edits; CMS, medically unlikely edits.
    """
    several = lines.filter(not_alone()).filter(pl.col(c.CODE).n_unique().over(DAY) > 1)
    top = pl.col(c.CODE).max().over(DAY)
    where = pl.col(c.LINE).filter(pl.col(c.CODE) == pl.col(c.CODE).max()).first().over(DAY, c.CLAIM_INDEX)
    marked = several.with_columns(top.alias("larger"), pl.concat_list(where).list.drop_nulls().alias(OTHER_LINES))
    return marked.filter(pl.col(c.CODE) != pl.col("larger"))
