"""Application of a skin substitute that does not follow from the wound's area."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.areas import Step, differing

SMALL = {"15271": Step("15272", 25, 25), "15275": Step("15276", 25, 25)}
LARGE = {"15273": Step("15274", 100, 100), "15277": Step("15278", 100, 100)}


@rule(
    "skin-substitute-area-differs-from-chart",
    scope=Scope.DAY,
    severity=Severity.WARNING,
    evidence=Evidence.RECALLED,
    authority="CPT areas of skin substitute application (25 and 100 sq cm), restated from knowledge",
    carc="151",
    since="0.1.0",
    needs=(c.DOC_AREA_SQCM,),
    codes=(*SMALL, *LARGE, *(s.add_on for s in (*SMALL.values(), *LARGE.values()))),
    fix=FixKind.NEEDS_CHART,
    fix_text="Report {right}, for the sum of the wounds of the site group.",
    question="What is the sum of the wound areas of this site group?",
    message="{area} sq cm is {right}; billed is {billed}.",
    facts=("DR-04",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The application codes do not follow from the wound area in the chart.

    What it finds:
        15271 to 15278 against the documented area: below 100 sq cm the first 25 and each further 25, from 100 on
        the first 100 and each further 100.

    Why:
        The whole wound surface of a site group decides the series and the units; the series of large wounds is not
        for several small steps.

    Example:
        15275 dx=L97.512 area_sqcm=40

    Instead:
        15275 dx=L97.512 area_sqcm=40
        15276 dx=L97.512 area_sqcm=40

    References:
        CPT, skin substitute grafts (restated).
    """
    found = pl.concat([differing(lines, SMALL), differing(lines, LARGE)])
    small = pl.col(c.CODE).is_in(["15271", "15272", "15275", "15276"])
    # the other series where the area is on the other side of 100
    other = (
        pl.when(small)
        .then(pl.lit("the series from 100 sq cm on (15273 or 15277)"))
        .otherwise(pl.lit("the series below 100 sq cm (15271 or 15275)"))
    )
    crossed = small == (pl.col("area") >= 100)
    fits = pl.concat([_all(lines, SMALL, large=False), _all(lines, LARGE, large=True)])
    found = pl.concat([found, fits.join(found, on=[c.CLAIM_INDEX, c.LINE], how="anti")], how="diagonal_relaxed")
    return found.with_columns(pl.when(crossed).then(other).otherwise(pl.col("right")).alias("right"))


def _all(lines: pl.DataFrame, steps: dict[str, Step], *, large: bool) -> pl.DataFrame:
    """Primary lines whose area belongs to the other series, though the units would follow."""
    area = pl.col(c.DOC_AREA_SQCM)
    primary = lines.filter(
        area.is_not_null(), pl.col(c.CODE).is_in(list(steps)), (area < 100) if large else (area >= 100)
    )
    return primary.with_columns(
        area.alias("area"),
        pl.format("{} x{}", c.CODE, pl.col(c.UNITS).cast(pl.Int64)).alias("billed"),
        pl.lit("").alias("right"),
    )
