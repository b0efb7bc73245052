"""Services by area: a first code for so many square cm and an add-on for each further so many or part of it."""

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from cutis.model import columns as c
from cutis.model.finding import OTHER_LINES
from cutis.rulekit import DAY
from cutis.rules._shared.chart import further


class Step(NamedTuple):
    """`first` square cm are the primary; each further `each`, or part of it, one unit of `add_on`."""

    add_on: str
    first: float
    each: float


def differing(lines: pl.DataFrame, steps: Mapping[str, Step]) -> pl.DataFrame:
    """Days and series whose units do not follow from the documented area.

    Args:
        lines: has `CORE` and `doc_area_sqcm`.
        steps: by primary code.

    Returns:
        The last line of each such day and series, with `area`, `billed` and `right` (codes with units) and `other_lines`.
    """
    series = {code: primary for primary, step in steps.items() for code in (primary, step.add_on)}
    measured = lines.filter(pl.col(c.DOC_AREA_SQCM).is_not_null(), pl.col(c.CODE).is_in(list(series)))
    key = [DAY, "_series"]
    units = pl.col(c.UNITS).cast(pl.Int64)
    own = measured.with_columns(
        pl.col(c.CODE).replace_strict(series, return_dtype=pl.String).alias("_series"),
    ).with_columns(
        # an area that all lines repeat is of the whole; areas of several wounds are added
        pl.when(pl.col(c.DOC_AREA_SQCM).n_unique().over(key) == 1)
        .then(pl.col(c.DOC_AREA_SQCM))
        .otherwise(pl.col(c.DOC_AREA_SQCM).sum().over(key))
        .alias("area"),
        pl.format("{} x{}", c.CODE, units).sort().str.join(", ").over(key).alias("billed"),
    )
    right = pl.lit(None, dtype=pl.String)
    for primary, (add_on, first, each) in steps.items():
        more = further(pl.col("area"), first, each)
        whole = (
            pl.when(more > 0).then(pl.format(f"{primary} x1, {add_on} x{{}}", more)).otherwise(pl.lit(f"{primary} x1"))
        )
        right = pl.when(pl.col("_series") == primary).then(whole).otherwise(right)
    wrong = own.with_columns(right.alias("right")).filter(pl.col("billed") != pl.col("right"))
    listed = wrong.group_by(*key, c.CLAIM_INDEX).agg(pl.col(c.LINE).alias(OTHER_LINES))
    last = wrong.unique(key, keep="last", maintain_order=True)
    return last.join(listed, on=[*key, c.CLAIM_INDEX], how="left", maintain_order="left").drop("_series")
