"""The one dated join. Rows that are not in force on the service date come back null: expired law is never used."""

from collections.abc import Sequence

import polars as pl

from cutis.model import columns as c

KNOWN = "known"
_ROW = "_row"
_FEW = 2000


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
    schema = table.schema
    values = [n for n in schema if n not in {*keys, "effective_from", "effective_to"}]
    if lines.is_empty():
        none = {prefix + v: schema[v] for v in values} | {prefix + KNOWN: pl.Boolean()}
        return lines.hstack(pl.DataFrame(schema=none))
    if lines.height == 1:
        return _one(lines, table, keys, values, date=date, prefix=prefix)
    own = lines[[*keys, date]].with_row_index(_ROW)
    # of few lines each is looked up for itself: to look for like ones would take longer
    few = lines.height <= _FEW
    wanted, same = (own, [_ROW]) if few else (own.unique([*keys, date]), [*keys, date])
    hits = (
        wanted.join(table, on=keys, how="inner")
        .filter(*_covers(pl.col(date)))
        .sort(_ROW, "effective_from", "release", nulls_last=False)
        .unique(_ROW, keep="last", maintain_order=True)
        .select(*same, *(pl.col(v).alias(prefix + v) for v in values), pl.lit(value=True).alias(prefix + KNOWN))
    )
    # joined to the keys alone, so that the lines themselves are not copied
    found = own[same].join(hits, on=same, how="left", maintain_order="left", nulls_equal=True)
    return lines.hstack(found.select(*(prefix + v for v in values), pl.col(prefix + KNOWN).fill_null(value=False)))


def _covers(day: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    first, last = pl.col("effective_from"), pl.col("effective_to")
    return first.is_null() | (first <= day), last.is_null() | (day <= last)


def _one(
    line: pl.DataFrame, table: pl.DataFrame, keys: list[str], values: list[str], *, date: str, prefix: str
) -> pl.DataFrame:
    """The same for one line, without joins: these are most of the time of a small call."""
    wanted = line.row(0, named=True)
    same = [pl.col(k) == pl.lit(wanted[k], line.schema[k]) for k in keys]
    hits = table.filter(*same, *_covers(pl.lit(wanted[date], pl.Date)))
    if hits.height > 1:
        hits = hits.sort("effective_from", "release", nulls_last=False).tail(1)
    known = pl.lit(value=not hits.is_empty()).alias(prefix + KNOWN)
    if hits.is_empty():
        hits = hits.clear(1)
    return line.hstack(hits.select(*(pl.col(v).alias(prefix + v) for v in values), known))
