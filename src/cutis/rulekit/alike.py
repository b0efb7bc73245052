"""Expressions worked out once for rows that are alike: of many rows the texts, and what diagnoses say, are few."""

from collections.abc import Sequence
from typing import Final

import polars as pl

MANY: Final = 2000  # rows below which looking for like ones costs more than it saves
_SHARE: Final = 4  # so many times fewer kinds than rows, or each row is worked out


def once_each(rows: pl.DataFrame, keys: Sequence[str | pl.Expr], *exprs: pl.Expr) -> pl.DataFrame:
    """What `exprs` give for each row, worked out once for all rows with the same values in `keys`.

    Args:
        rows: any frame.
        keys: all that the expressions look at, no lists among them; where nothing is named each row is worked out.
        exprs: each row for itself, nothing over several rows.
    """
    if rows.height < MANY or not keys:
        return rows.select(exprs)
    hashed = rows.select(pl.struct(keys).hash(seed=1).alias("hash")).with_row_index("row")
    first = hashed.group_by("hash").agg(pl.col("row").min()).with_row_index("kind")
    if first.height * _SHARE > rows.height:
        return rows.select(exprs)
    kind = hashed.join(first, on="hash", how="left", maintain_order="left")["kind"]
    return rows[first["row"]].select(exprs)[kind]
