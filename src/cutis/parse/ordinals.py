"""Joining by ordinals: loops are counted, so what belongs to a loop is found by place instead of by hash."""

from collections.abc import Iterable, Mapping

import numpy as np
import polars as pl

from cutis.parse.elements import Bools, Ints


def first_of_each(keys: Ints) -> Bools:
    """Where a key stands for the first time; equal keys stand together."""
    return np.append(True, keys[1:] != keys[:-1])[: len(keys)]


def attach(left: pl.DataFrame, right: pl.DataFrame, on: str, right_on: str | None = None) -> pl.DataFrame:
    """Left join on ordinals, done by place instead of by hash.

    Args:
        left: keeps its rows and order.
        right: one row per key.
        on: ordinal in `left`, null or 0 where there is none.
        right_on: ordinal in `right` where it is called otherwise; it is not taken over.
    """
    key = right_on or on
    values = pl.DataFrame([s for s in right.get_columns() if s.name != key])
    if right.is_empty():
        return left.with_columns(pl.lit(None, dtype=t).alias(n) for n, t in values.schema.items())
    keys, wanted = right[key].to_numpy(), ordinals(left[on])
    if len(keys) == len(wanted) and np.array_equal(keys, wanted):
        return left.hstack(values)
    rows = rows_of(keys, wanted)
    return left.hstack(values.select(pl.all().gather(rows)) if rows.null_count() else values[rows])


def attach_all(
    left: pl.DataFrame, tables: Iterable[pl.DataFrame], on: str, dtypes: Mapping[str, pl.DataType]
) -> pl.DataFrame:
    """`attach` of several tables; columns of `dtypes` that none of them brings are null."""
    for table in tables:
        if table.height:
            left = attach(left, table, on)
    absent = [pl.lit(None, dtype=t).alias(n) for n, t in dtypes.items() if n not in left.columns]
    return left.with_columns(absent) if absent else left


def ordinals(column: pl.Series) -> Ints:
    """A column of ordinals as an array, 0 where it is null."""
    return (column.fill_null(0) if column.null_count() else column).to_numpy()


def rows_of(keys: Ints, wanted: Ints) -> pl.Series:
    """The row of each wanted ordinal among `keys`, null where it is not among them."""
    most = max(int(keys.max(initial=0)), int(wanted.max(initial=0)))
    place = np.full(most + 1, -1, dtype=np.int32)
    place[keys] = np.arange(len(keys), dtype=np.int32)
    found = place[wanted]
    rows = pl.Series(found)
    return rows.set(rows < 0, None) if (found < 0).any() else rows
