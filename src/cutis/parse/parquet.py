"""Reader of Parquet claim tables: the same columns as CSV, typed or as strings."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

import polars as pl

from cutis.model import columns as c
from cutis.model.errors import InputError
from cutis.parse.cells import LISTS, ROW
from cutis.parse.faults import Chunk
from cutis.parse.kept import kept
from cutis.parse.pieces import Rows, Table, chunks, stand_together
from cutis.parse.tabular import PIECE_BYTES, named, no_rows

_PLAIN: Final = (
    pl.String, pl.Categorical, pl.Enum, pl.Boolean, pl.Date, pl.Datetime, pl.Decimal, pl.Null, pl.Binary,
)  # fmt: skip
_HELD: Final = 12 << 20  # bytes of a stream that are kept in memory
_ROW_BYTES: Final = 100  # of a row, were it written as CSV
_AT_ONCE: Final = 4  # pieces
_UNREADABLE: Final = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError)
_EXACT: Final = 1 << 53  # beyond it a float stands for more than one whole number


def read_parquet(source: BinaryIO, name: str = "the table", *, size: int = PIECE_BYTES) -> Iterator[Chunk]:
    """Read a table in chunks of whole claims; only the columns that are documented are taken out of the file.

    Args:
        source: binary stream.
        name: of the input, for messages.
        size: bytes, as of a CSV, of the rows that are read at a time; the result does not depend on it.

    Raises:
        InputError: the file is damaged or no table of claims, or a column holds values in values.
    """
    with kept(source, _HELD) as found:
        file = io.BytesIO(found) if isinstance(found, bytes) else found
        table = _Parquet(file, max(1, size // _ROW_BYTES), name)
        if not table.height:
            raise no_rows(name)
        yield from chunks(table, together=stand_together(table.ids()))


def rows_of(path: Path) -> int:
    """How many rows the file says that it has; 0 where it is damaged."""
    try:
        rows: int = pl.scan_parquet(path, glob=False, hive_partitioning=False).select(pl.len()).collect().item()
    except _UNREADABLE:
        return 0
    return rows


@contextmanager
def _reading(name: str) -> Iterator[None]:
    """What goes wrong within is told of the file."""
    try:
        yield
    except _UNREADABLE as error:
        said = next(iter(str(error).strip().splitlines()), "no reason given").rpartition(": ")[2]
        raise InputError(f"{name} cannot be read as Parquet: it is cut off or damaged ({said})") from None


class _Parquet(Table):
    """A table of which some rows are read at a time; within a row group Parquet is unpacked from its begin each time."""

    def __init__(self, file: Path | io.BytesIO, rows: int, name: str) -> None:
        with _reading(name):
            schema = pl.read_parquet_schema(file)
        self.name = name
        self.names = named(list(schema), name)
        self._flat = {new: _flat(schema[old], old, new, name) for old, new in self.names.read.items()}
        self._rows = rows
        self._file = file
        self._size = file.getbuffer().nbytes if isinstance(file, io.BytesIO) else file.stat().st_size
        with _reading(name):
            self.height: int = self._scan().select(pl.len()).collect().item()

    def ids(self) -> Iterator[pl.Series]:
        for frame in self._text([c.CLAIM_ID]):
            yield frame.to_series()

    def rows(self) -> Iterator[Rows]:
        row = 0
        for frame in self._text(list(self._flat)):
            numbered = frame.with_row_index(ROW, offset=row + 1)
            row += frame.height
            yield Rows(numbered, self._size * row // self.height)

    def _text(self, keys: list[str]) -> Iterator[pl.DataFrame]:
        columns = [old for old, new in self.names.read.items() if new in keys]
        for first in range(0, self.height, self._rows * _AT_ONCE):
            with _reading(self.name):
                raw = self._scan().select(columns).slice(first, self._rows * _AT_ONCE).collect()
            for part in raw.iter_slices(self._rows):
                try:
                    yield part.select(self._flat[k] for k in keys)
                except pl.exceptions.PolarsError:
                    raise InputError(f"{self.name} cannot be read: a column of bytes in it is no UTF-8 text") from None

    def _scan(self) -> pl.LazyFrame:
        return pl.scan_parquet(self._file, glob=False, hive_partitioning=False)


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
