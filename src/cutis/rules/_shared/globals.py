"""Global periods: whether a service falls into the days after an earlier procedure of the same group."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.dated import in_force
from cutis.reference.store import Reference

LENGTH = "length"


def within_global(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Lines whose chart names an earlier procedure, its day within 10 or 90 global days; with `length` in days.

    A period of 10 days is the day of surgery and the ten that follow; of 90 days, the ninety that follow (and the day
    before surgery, which is not an earlier procedure).
    """
    fee = (
        ref.table("fee")
        .filter(pl.col("modifier") == "")
        .select(pl.col("code").alias(c.DOC_GLOBAL_CODE), "global_days", "effective_from", "effective_to", "release")
    )
    known = in_force(lines.filter(pl.col(c.DOC_GLOBAL_CODE).is_not_null()), fee, on=[c.DOC_GLOBAL_CODE])
    length = pl.col("global_days").replace_strict({"090": 90, "010": 10}, default=None, return_dtype=pl.Int64)
    days = pl.col(c.DOC_GLOBAL_DAYS)
    return known.with_columns(length.alias(LENGTH)).filter(days >= 1, days <= pl.col(LENGTH))
