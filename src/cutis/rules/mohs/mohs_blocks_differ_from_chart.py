"""Extra Mohs blocks that do not follow from the chart's."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import DAY, OTHER_LINES, Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.mohs import blocks_said, units_of


@rule(
    "mohs-blocks-differ-from-chart",
    scope=Scope.DAY,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="CPT guideline on Mohs blocks (beyond five in one stage), restated; AAPC guidance on Mohs coding",
    url="https://www.aapc.com/blog/27003-code-mohs-in-6-easy-steps/",
    carc="151",
    since="0.1.0",
    needs=(c.DOC_METHOD,),
    codes=load_families().codes("mohs"),
    fix=FixKind.NEEDS_CHART,
    fix_text="Report {right} units of 17315, the blocks beyond five in each stage.",
    question="How many blocks does the map show for each stage?",
    message="Blocks of {told} give {right} extra; billed are {billed}.",
    facts=("MO-04",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The extra blocks billed do not follow from the blocks of each stage.

    What it finds:
        Mohs surgery of one tumor a day where the chart's text gives the blocks of each stage and 17315 has more or
        fewer units than the blocks beyond five, stage by stage.

    Why:
        Five blocks are in each stage. Only those beyond five within one stage are extra; a stage of two does not
        lend its three to another.

    Example:
        17311 dx=C44.311 method=blocks_per_stage_6,_5
        17312 dx=C44.311
        17315 x2 dx=C44.311

    Instead:
        17311 dx=C44.311 method=blocks_per_stage_6,_5
        17312 dx=C44.311
        17315 dx=C44.311

    References:
        AAPC, Code Mohs in 6 Easy Steps; AAPC, Don't Marginalize Mohs.
    """
    told = lines.with_columns(blocks_said().alias("_blocks"))
    each = pl.col("_blocks").list
    one = told.filter(each.len() > 0).with_columns(
        each.eval((pl.element() - 5).clip(0)).list.sum().cast(pl.Float64).alias("right"),
        each.eval(pl.element().cast(pl.String)).list.join(", ").alias("told"),
        each.len().cast(pl.Float64).alias("_stages"),
    )
    sums = lines.group_by(DAY).agg(
        units_of("mohs_first").alias("_tumors"),
        (units_of("mohs_first") + units_of("mohs_later")).alias("_billed_stages"),
        pl.col(c.UNITS).filter(pl.col(c.CODE) == "17315").sum().alias("billed"),
    )
    where = lines.group_by(DAY, c.CLAIM_INDEX).agg(pl.col(c.LINE).filter(pl.col(c.CODE) == "17315").alias(OTHER_LINES))
    day = one.unique([DAY], keep="first", maintain_order=True).join(sums, on=DAY, how="left", maintain_order="left")
    # numbers that are not one a stage may be totals or of another tumor
    sure = day.filter(pl.col("_tumors") == 1, pl.col("_stages") == pl.col("_billed_stages"))
    return sure.filter(pl.col("right") != pl.col("billed")).join(
        where, on=[DAY, c.CLAIM_INDEX], how="left", maintain_order="left"
    )
