"""An excimer laser code of another band of area."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule


@rule(
    "excimer-area-differs-from-chart",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    evidence=Evidence.RECALLED,
    authority="CPT areas of excimer laser treatment, restated from knowledge",
    carc="150",
    since="0.1.0",
    needs=(c.DOC_AREA_SQCM,),
    codes=("96920", "96921", "96922"),
    fix=FixKind.NEEDS_CHART,
    fix_text="Report {right} for {doc_area_sqcm} square cm.",
    question="What is the whole area treated on the day?",
    message="{doc_area_sqcm} square cm is {right}, not {code}.",
    facts=("PH-01",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The area in the chart is in another band than the excimer laser code.

    What it finds:
        96920 to 96922 whose band (under 250, to 500, over 500 square cm) does not hold the documented area.

    Why:
        One of the three is chosen by the whole area treated on the day. A band too high is overpaid, one too low is money lost.

    Example:
        96920 dx=L40.0 area_sqcm=300

    Instead:
        96921 dx=L40.0 area_sqcm=300

    References:
        CPT, laser treatment of inflammatory skin disease (restated).
    """
    area = pl.col(c.DOC_AREA_SQCM)
    right = (
        pl.when(area < 250)
        .then(pl.lit("96920"))
        .when(area <= 500)
        .then(pl.lit("96921"))
        .when(area > 500)
        .then(pl.lit("96922"))
    )
    return lines.with_columns(right.alias("right")).filter(pl.col("right") != pl.col(c.CODE))
