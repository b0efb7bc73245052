"""Reader of CSV claim tables: one row a line, columns by documented names."""

import io
from collections.abc import Iterator
from typing import BinaryIO

import polars as pl

from cutis.model.errors import InputError
from cutis.parse.faults import Chunk
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
    try:
        raw = pl.read_csv(
            io.BytesIO(data), separator=separator, infer_schema=False, encoding="utf8-lossy", truncate_ragged_lines=True
        )
    except pl.exceptions.PolarsError as error:
        raise InputError(f"{name} cannot be read as CSV: {str(error).splitlines()[0]}") from None
    columns = named(raw.columns, name)
    renamed = raw.select(pl.col(old).alias(new) for old, new in columns.items())
    # row 1 is the header
    yield to_chunk(renamed.with_row_index(ROW, offset=2), len(data))
