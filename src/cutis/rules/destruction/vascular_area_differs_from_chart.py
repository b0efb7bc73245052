"""A vascular destruction code of another area than the chart's."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule


@rule(
    "vascular-area-differs-from-chart",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    evidence=Evidence.RECALLED,
    authority="CPT areas of 17106 (below 10 sq cm), 17107 (10 to 50) and 17108 (above), restated from knowledge",
    url="https://www.hmpgloballearningnetwork.com/site/thederm/site/cathlab/event/size-matters",
    carc="150",
    since="0.1.0",
    needs=(c.DOC_AREA_SQCM,),
    codes=("17106", "17107", "17108"),
    fix=FixKind.NEEDS_CHART,
    fix_text="{doc_area_sqcm} sq cm is {right}.",
    question="What was the whole area treated on this day, in sq cm?",
    message="The chart gives {doc_area_sqcm} sq cm; that is {right}, not {code}.",
    facts=("DS-10",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The area in the chart is in another band than the code.

    What it finds:
        17106 to 17108 whose band does not hold the documented area in sq cm.

    Why:
        The code is chosen by the area treated; each step about doubles the payment.

    Example:
        17107 dx=Q82.5 area_sqcm=8

    Instead:
        17106 dx=Q82.5 area_sqcm=8

    References:
        HMP Global, Size Matters; CPT, destruction of cutaneous vascular lesions (restated).
    """
    area = pl.col(c.DOC_AREA_SQCM)
    right = pl.when(area < 10).then(pl.lit("17106")).when(area <= 50).then(pl.lit("17107")).otherwise(pl.lit("17108"))
    measured = lines.filter(area.is_not_null()).with_columns(right.alias("right"))
    return measured.filter(pl.col("right") != pl.col(c.CODE))
