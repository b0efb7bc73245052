"""Mohs stages that are not as many as the chart's."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import DAY, OTHER_LINES, Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.mohs import stages_said, units_of


@rule(
    "mohs-stages-differ-from-chart",
    scope=Scope.DAY,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="CPT guideline on Mohs stages, restated; AAPC, Code Mohs in 6 Easy Steps",
    url="https://www.aapc.com/blog/27003-code-mohs-in-6-easy-steps/",
    carc="151",
    since="0.1.0",
    needs=(c.DOC_METHOD,),
    codes=load_families().codes("mohs"),
    fix=FixKind.NEEDS_CHART,
    fix_text="Report the first stage once and each of the others as a unit of its add-on, {stages} in all.",
    question="How many stages does the operative note describe for this tumor?",
    message="The chart gives {stages} stages; billed are {billed}.",
    facts=("MO-03", "MO-13"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The stages billed are not those of the chart.

    What it finds:
        Mohs surgery of one tumor a day where the chart's text gives a number of stages and the first and later
        stage codes add up to another.

    Why:
        Each stage is one unit: the first by its code, each later one by the add-on. A stage too many is a false
        claim, one too few is work not paid.

    Example:
        17311 dx=C44.311 method=cleared_in_3_stages
        17312 dx=C44.311

    Instead:
        17311 dx=C44.311 method=cleared_in_3_stages
        17312 x2 dx=C44.311

    References:
        AAPC, Code Mohs in 6 Easy Steps.
    """
    told = lines.with_columns(stages_said().alias("stages"))
    one = told.with_columns(
        pl.col("stages").max().over(DAY),
        units_of("mohs_first").over(DAY).alias("_tumors"),
        (units_of("mohs_first") + units_of("mohs_later")).over(DAY).alias("billed"),
        pl.col(c.LINE).over(DAY, c.CLAIM_INDEX, mapping_strategy="join").alias(OTHER_LINES),
    )
    wrong = one.filter(pl.col("_tumors") == 1, pl.col("stages") != pl.col("billed"), pl.col("stages") > 0)
    return wrong.filter(pl.col(c.CODE) != "17315").unique([DAY], keep="last", maintain_order=True)
