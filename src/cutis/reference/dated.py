"""The one dated join. Rows that are not in force on the service date come back null: expired law is never used."""

from collections.abc import Sequence

import polars as pl

from cutis.model import columns as c

KNOWN = "known"
_ROW = "_row"


def in_force(
    lines: pl.DataFrame,
    table: pl.DataFrame,
    *,
    on: Sequence[str],
    date: str = c.SERVICE_FROM,
    prefix: str = "",
) -> pl.DataFrame:
    """Join to each line the row of `table` in force on its date.

    Args:
        lines: any frame with the columns `on` and `date`.
        table: has `on`, `effective_from`, `effective_to` (null: open), `release` and values.
        on: key columns, of the same name in both.
        date: column of the date that decides.
        prefix: put before the names of the joined columns.

    Returns:
        `lines` in their order, one row each, with the table's values and release, and a Boolean `known` (both with
        `prefix`). Where several releases cover the date the one that began last wins; where none does all are null.
    """
    keys = list(on)
    values = [n for n in table.columns if n not in {*keys, "effective_from", "effective_to"}]
    wanted = lines.select(*keys, date).unique().with_row_index(_ROW)
    hits = (
        wanted.join(table, on=keys, how="inner")
        .filter(
            pl.col("effective_from").is_null() | (pl.col("effective_from") <= pl.col(date)),
            pl.col("effective_to").is_null() | (pl.col(date) <= pl.col("effective_to")),
        )
        .sort(_ROW, "effective_from", "release", nulls_last=False)
        .unique(_ROW, keep="last", maintain_order=True)
        .select(*keys, date, *(pl.col(v).alias(prefix + v) for v in values), pl.lit(value=True).alias(prefix + KNOWN))
    )
    return lines.join(hits, on=[*keys, date], how="left", maintain_order="left", nulls_equal=True).with_columns(
        pl.col(prefix + KNOWN).fill_null(value=False)
    )
