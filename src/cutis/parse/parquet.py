"""Reader of Parquet claim tables: the same columns as CSV, typed or as strings."""

import io
from collections.abc import Iterator
from typing import BinaryIO

import polars as pl

from cutis.model.errors import InputError
from cutis.parse.faults import Chunk
from cutis.parse.tabular import ROW, named, to_chunk


def read_parquet(source: BinaryIO, name: str = "the table") -> Iterator[Chunk]:
    """Read a table.

    Raises:
        InputError: the file is damaged or no table of claims.
    """
    data = source.read()
    try:
        raw = pl.read_parquet(io.BytesIO(data))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InputError(f"{name} cannot be read as Parquet: {str(error).splitlines()[0]}") from None
    columns = named(raw.columns, name)
    renamed = raw.select(_flat(raw.schema[old], old).alias(new) for old, new in columns.items())
    yield to_chunk(renamed.with_row_index(ROW, offset=1), len(data))


def _flat(dtype: pl.DataType, name: str) -> pl.Expr:
    """Lists (of modifiers, of diagnoses) as one string."""
    if isinstance(dtype, pl.List):
        return pl.col(name).list.eval(pl.element().cast(pl.String)).list.join(" ")
    return pl.col(name)
