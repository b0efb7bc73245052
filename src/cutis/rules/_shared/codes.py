"""Which codes occur: tables are large, and the codes of a practice are few."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference


def codes_of(lines: pl.DataFrame, ref: Reference) -> pl.Series:
    """Each code that stands on a line, once and sorted; looked for once a frame."""
    found = ref.remember(lines, "codes", lambda: lines[c.CODE].unique().drop_nulls().sort())
    assert isinstance(found, pl.Series)
    return found
