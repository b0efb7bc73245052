"""Everything that is read of a table, as text in which it does not show how the table was cut."""

from collections.abc import Callable, Iterable

import polars as pl

from cutis.model.errors import InputError
from cutis.model.finding import FINDING_ORDER
from cutis.parse.faults import Chunk, Counts


def whole(read: Callable[[], Iterable[Chunk]]) -> str:
    """Lines in their order, faults in that of a report, counts; or the refusal."""
    try:
        chunks = list(read())
    except InputError as refusal:
        return str(refusal)
    lines = pl.concat([chunk.lines for chunk in chunks])
    faults = pl.concat([chunk.faults for chunk in chunks])
    faults = faults.sort(FINDING_ORDER, nulls_last=False, maintain_order=True)
    counts = sum((chunk.counts for chunk in chunks), Counts())
    return "\n".join([str(lines.schema), lines.write_ndjson(), faults.write_ndjson(), str(counts)])
