"""Reader of CSV claim tables: one row a line, columns by documented names."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

import polars as pl

from cutis.model.errors import InputError
from cutis.parse.faults import Chunk, make
from cutis.parse.tabular import ROW, named, to_chunk


def read_csv(source: BinaryIO, name: str = "the table") -> Iterator[Chunk]:
    """Read a table; rows of a claim need not stand together, so the table is read whole.

    Args:
        source: binary stream, UTF-8, comma, semicolon or tab between cells.
        name: of the input, for messages.

    Raises:
        InputError: it is no table of claims; the sentence names the missing columns.
    """
    data = source.read()
    head = data[:8192].decode("utf-8", errors="replace").lstrip("\ufeff")
    first = head.splitlines()[0] if head.strip() else ""
    if not any(s in first for s in ",;\t"):
        raise InputError(f"{name} is neither 837P, Parquet nor CSV: its first line is no list of columns")
    separator = max(",;\t", key=first.count)
    ragged = False
    try:
        try:
            raw = _table(data, separator, ragged=False)
        except pl.exceptions.ComputeError:
            ragged = True
            raw = _table(data, separator, ragged=True)
    except pl.exceptions.PolarsError as error:
        raise InputError(f"{name} cannot be read as CSV: {str(error).splitlines()[0]}") from None
    columns = named(raw.columns, name)
    renamed = raw.select(pl.col(old).alias(new) for old, new in columns.items())
    # row 1 is the header
    chunk = to_chunk(renamed.with_row_index(ROW, offset=2), len(data))
    if ragged:
        extra = _extra_cells(data, separator)
        said = pl.format(
            "Row {} goes {} beyond the last column of the header; what stands there is not read.", ROW, _cells("_extra")
        )
        chunk = replace(chunk, faults=pl.concat([chunk.faults, make("row-with-extra-cells", extra, said)]))
    yield chunk


def _cells(count: str) -> pl.Expr:
    return pl.when(pl.col(count) == 1).then(pl.lit("one cell")).otherwise(pl.format("{} cells", count))


def _table(data: bytes, separator: str, *, ragged: bool) -> pl.DataFrame:
    return pl.read_csv(
        io.BytesIO(data), separator=separator, infer_schema=False, encoding="utf8-lossy", truncate_ragged_lines=ragged
    )


def _extra_cells(data: bytes, separator: str) -> pl.DataFrame:
    """Rows with something beyond the header's last column; empty cells there, as exports write them, are nothing lost."""
    rows = csv.reader(io.StringIO(data.decode("utf-8-sig", errors="replace"), newline=""), delimiter=separator)
    try:
        width = len(next(rows))
        filled = (row for row in rows if row)
        found = [(n, len(row) - width) for n, row in enumerate(filled, 2) if any(cell.strip() for cell in row[width:])]
    except csv.Error as error:
        raise InputError(f"the table cannot be read as CSV: {error}") from None
    return pl.DataFrame(found, schema={ROW: pl.UInt32, "_extra": pl.Int64}, orient="row")
