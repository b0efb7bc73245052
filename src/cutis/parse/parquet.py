"""Reader of Parquet claim tables: the same columns as CSV, typed or as strings."""

import io
from collections.abc import Iterator
from typing import BinaryIO, Final

import polars as pl

from cutis.model import columns as c
from cutis.model.errors import InputError
from cutis.parse.cells import LISTS, ROW
from cutis.parse.faults import Chunk
from cutis.parse.tabular import named, to_chunk

_PLAIN: Final = (
    pl.String, pl.Categorical, pl.Enum, pl.Boolean, pl.Date, pl.Datetime, pl.Decimal, pl.Null, pl.Binary,
)  # fmt: skip
_EXACT: Final = 1 << 53  # beyond it a float stands for more than one whole number


def read_parquet(source: BinaryIO, name: str = "the table") -> Iterator[Chunk]:
    """Read a table; only the columns that are documented are taken out of the file.

    Args:
        source: binary stream.
        name: of the input, for messages.

    Raises:
        InputError: the file is damaged or no table of claims, or a column holds values in values.
    """
    data = source.read()
    try:
        schema = pl.read_parquet_schema(io.BytesIO(data))
        names = named(list(schema), name)
        flat = [_flat(schema[old], old, new, name) for old, new in names.read.items()]
        raw = pl.read_parquet(io.BytesIO(data), columns=list(names.read))
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        said = next(iter(str(error).strip().splitlines()), "no reason given").rpartition(": ")[2]
        raise InputError(f"{name} cannot be read as Parquet: it is cut off or damaged ({said})") from None
    try:
        text = raw.select(flat)
    except pl.exceptions.PolarsError:
        raise InputError(f"{name} cannot be read: a column of bytes in it is no UTF-8 text") from None
    yield to_chunk(text.with_row_index(ROW, offset=1), names, len(data), name)


def _flat(dtype: pl.DataType, column: str, key: str, name: str) -> pl.Expr:
    """A column as text under the frame's name `key`; lists (of modifiers, of diagnoses) joined by blanks.

    Raises:
        InputError: it holds lists where one value belongs, or values in values.
    """
    cell = pl.col(column)
    inner = getattr(dtype, "inner", None)
    if inner is not None and _is_plain(inner):
        if key not in (*LISTS, c.CLAIM_DX):
            raise InputError(f"{name} cannot be read: its column {column} holds lists, and a line has one {key}")
        many = cell.arr.to_list() if isinstance(dtype, pl.Array) else cell
        return many.list.eval(_text(pl.element(), inner)).list.drop_nulls().list.join(" ").alias(key)
    if not _is_plain(dtype):
        raise InputError(f"{name} cannot be read: its column {column} is of type {dtype}; write it as text")
    return _text(cell, dtype).alias(key)


def _is_plain(dtype: pl.DataType) -> bool:
    return dtype.is_numeric() or isinstance(dtype, _PLAIN)


def _text(cell: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Text of a value; a float without fraction as the whole number that it stands for."""
    if not dtype.is_float():
        return cell.cast(pl.String)
    whole = (cell == cell.floor()) & (cell.abs() < _EXACT)
    return pl.when(whole).then(cell.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(cell.cast(pl.String))
