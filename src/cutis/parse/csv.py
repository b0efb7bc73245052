"""Reader of CSV claim tables: one row a line, columns by documented names."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO, Final

import polars as pl

from cutis.model.errors import InputError
from cutis.parse.cells import ROW
from cutis.parse.faults import Chunk, make
from cutis.parse.tabular import named, to_chunk

SEPARATORS: Final = ",;\t|"
_NONE_OF: Final = {
    b"{": "looks like JSON", b"[": "looks like JSON", b"<": "looks like HTML or XML", b"%PDF": "is a PDF", b"{\\rtf": "is a text document",
}  # fmt: skip


def read_csv(source: BinaryIO, name: str = "the table") -> Iterator[Chunk]:
    """Read a table; rows of a claim need not stand together, so the table is read whole.

    Args:
        source: binary stream, UTF-8; comma, semicolon, tab or | between cells; LF, CRLF or CR between rows.
        name: of the input, for messages.

    Raises:
        InputError: it is no table of claims, or has no rows; the sentence names the missing columns.
    """
    data = source.read().removeprefix(b"\xef\xbb\xbf")
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    separator = _separator(data, name)
    ragged = False
    try:
        try:
            raw = _table(data, separator, ragged=False)
        except pl.exceptions.ComputeError:
            ragged = True
            raw = _table(data, separator, ragged=True)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise InputError(f"{name} cannot be read as CSV: {_why(data, separator, str(error))}") from None
    names = named(raw.columns, name)
    renamed = raw.select(pl.col(old).alias(new) for old, new in names.read.items())
    # row 1 is the header
    chunk = to_chunk(renamed.with_row_index(ROW, offset=2), names, len(data), name)
    if ragged:
        extra = _extra_cells(data, separator, name)
        said = pl.format(
            "Row {} goes {} beyond the last column of the header; what stands there is not read.", ROW, _cells("_extra")
        )
        chunk = replace(chunk, faults=pl.concat([chunk.faults, make("row-with-extra-cells", extra, said)]))
    yield chunk


def _separator(data: bytes, name: str) -> str:
    """What stands between cells, told by the first line.

    Raises:
        InputError: the first line is no list of columns.
    """
    start = data[:8192].lstrip()
    what = next((words for mark, words in _NONE_OF.items() if start.startswith(mark)), None)
    if what is not None:
        raise InputError(f"{name} {what}; claims are read from 837P, CSV or Parquet")
    if not start:
        raise InputError(f"{name} is empty: it holds nothing but blanks")
    first = start.decode("utf-8", errors="replace").splitlines()[0]
    if not any(s in first for s in SEPARATORS):
        raise InputError(f"{name} is neither 837P, Parquet nor CSV: its first line is no list of columns")
    return max(SEPARATORS, key=first.count)


def _why(data: bytes, separator: str, error: str) -> str:
    """In which row a quotation begins that never ends, else what the reader said."""
    rows = csv.reader(io.StringIO(data.decode("utf-8", errors="replace"), newline=""), delimiter=separator, strict=True)
    whole = 0
    try:
        for _ in rows:
            whole += 1
    except csv.Error:
        return f"a quotation mark in row {whole + 1} is never closed, or stands in the middle of a cell"
    return next(iter(error.strip().splitlines()), "no reason given")


def _cells(count: str) -> pl.Expr:
    return pl.when(pl.col(count) == 1).then(pl.lit("one cell")).otherwise(pl.format("{} cells", count))


def _table(data: bytes, separator: str, *, ragged: bool) -> pl.DataFrame:
    return pl.read_csv(
        io.BytesIO(data), separator=separator, infer_schema=False, encoding="utf8-lossy", truncate_ragged_lines=ragged
    )


def _extra_cells(data: bytes, separator: str, name: str) -> pl.DataFrame:
    """Rows with something beyond the header's last column; empty cells there, as exports write them, are nothing lost."""
    rows = csv.reader(io.StringIO(data.decode("utf-8", errors="replace"), newline=""), delimiter=separator)
    try:
        width = len(next(rows))
        found = [(n, len(row) - width) for n, row in enumerate(rows, 2) if any(cell.strip() for cell in row[width:])]
    except csv.Error as error:
        raise InputError(f"{name} cannot be read as CSV: {error}") from None
    return pl.DataFrame(found, schema={ROW: pl.UInt32, "_extra": pl.Int64}, orient="row")
