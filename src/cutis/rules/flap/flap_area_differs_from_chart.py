"""A flap code of another area than the chart's."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import DAY, OTHER_LINES, Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import further

# first code of each site and the one up to 30 sq cm
NEXT = {"14000": "14001", "14020": "14021", "14040": "14041", "14060": "14061"}
FIRST = {code: first for first, second in NEXT.items() for code in (first, second)}


@rule(
    "flap-area-differs-from-chart",
    scope=Scope.DAY,
    severity=Severity.WARNING,
    evidence=Evidence.RECALLED,
    authority="CPT areas of adjacent tissue transfer (10, 30, 60 sq cm and each further 30), restated from knowledge",
    carc="150",
    since="0.1.0",
    needs=(c.DOC_AREA_SQCM,),
    codes=load_families().codes("flap"),
    fix=FixKind.NEEDS_CHART,
    fix_text="{doc_area_sqcm} sq cm is {right}, primary and secondary defect together.",
    question="What are the areas of the primary and the secondary defect?",
    message="The chart gives {doc_area_sqcm} sq cm; that is {right}, and {billed} is billed.",
    facts=("FL-01",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The area in the chart is in another band than the flap code.

    What it finds:
        14000 to 14061 beyond or below 10 and 30 sq cm, and 14301 with 14302 whose units do not follow from the
        area.

    Why:
        The area is that of both defects, the primary and the one that the flap leaves. Beyond 30 sq cm the site no
        longer counts.

    Example:
        14040 dx=C44.319 area_sqcm=12

    Instead:
        14041 dx=C44.319 area_sqcm=12

    References:
        CPT, adjacent tissue transfer (restated).
    """
    area = pl.col(c.DOC_AREA_SQCM)
    measured = lines.filter(area.is_not_null())
    more = further(area, 60, 30)
    large = pl.when(more > 0).then(pl.format("14301 x1, 14302 x{}", more)).otherwise(pl.lit("14301 x1"))
    big = pl.col(c.CODE).is_in(["14301", "14302"])
    first = pl.col(c.CODE).replace_strict(FIRST, default=None, return_dtype=pl.String)
    small = pl.when(area <= 10).then(first).otherwise(first.replace_strict(NEXT, default=None, return_dtype=pl.String))
    units = pl.format("{} x{}", c.CODE, pl.col(c.UNITS).cast(pl.Int64)).sort().str.join(", ")
    # 14301 and 14302 make up one area; each other line is its own flap
    own = measured.with_columns(
        pl.when(big).then(units.over(DAY, c.DOC_AREA_SQCM, big)).otherwise(pl.col(c.CODE)).alias("billed"),
        pl.when(area > 30)
        .then(large)
        .when(big)
        .then(pl.lit("a flap by site up to 30 sq cm"))
        .otherwise(small)
        .alias("right"),
        big.alias("_big"),
    )
    wrong = own.filter(pl.col("billed") != pl.col("right"))
    listed = wrong.filter("_big").group_by(DAY, c.DOC_AREA_SQCM, c.CLAIM_INDEX).agg(pl.col(c.LINE).alias(OTHER_LINES))
    both = wrong.filter("_big").unique([DAY, c.DOC_AREA_SQCM], keep="last", maintain_order=True)
    both = both.join(listed, on=[DAY, c.DOC_AREA_SQCM, c.CLAIM_INDEX], how="left", maintain_order="left")
    return pl.concat([wrong.filter(~pl.col("_big")), both], how="diagonal_relaxed")
