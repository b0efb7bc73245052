"""A claim table as chunks of whole claims: what is in memory follows the size of a piece, not that of the table.

Rows of a claim mostly stand together, which a first pass over the claim ids alone tells; the table is then cut where the
claim changes. Where they do not, rows are parted on disk by ranges of claims, in the order in which each first appears.
"""

import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from cutis.model import columns as c
from cutis.parse.faults import Chunk, Counts, empty
from cutis.parse.tabular import Names, claim_ids, no_rows, to_chunk

_RANGE: Final = "_range"
_PARTED_AT_A_TIME: Final = 8  # pieces: fewer and larger files


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of a table, in its order.

    Attributes:
        frame: columns as `named` calls them, and the row's number.
        upto: bytes of the input from its start to the end of these rows.
        faults: of the form of these rows.
    """

    frame: pl.DataFrame
    upto: int
    faults: pl.DataFrame | None = None


class Table(ABC):
    """A table that can be read twice."""

    name: str
    names: Names

    @abstractmethod
    def ids(self) -> Iterator[pl.Series]:
        """The column of claim ids alone, piece by piece."""

    @abstractmethod
    def rows(self) -> Iterator[Rows]:
        """All that is read of the table, piece by piece."""


def stand_together(ids: Iterable[pl.Series]) -> bool:
    """Whether the rows of each claim follow one another; kept are eight bytes a claim."""
    runs = _Runs()
    # two ids of one hash would only be taken for one claim that is scattered
    hashes = [runs.of(column)[0].hash().to_numpy() for column in ids]
    if not hashes:
        return True
    every: npt.NDArray[np.uint64] = np.concatenate(hashes)
    del hashes
    every.sort()
    return not bool((every[1:] == every[:-1]).any())


def chunks(table: Table, *, together: bool) -> Iterator[Chunk]:
    """The table as chunks of whole claims, each claim numbered by its first row.

    Raises:
        InputError: it has no rows.
    """
    carried = _Carried(table)
    yield from _cut(table.rows(), carried) if together else _parted(table, carried)
    if carried.last is None:
        raise no_rows(table.name)
    if carried.faults or carried.bytes < carried.upto:
        yield Chunk(carried.last.lines.clear(), carried.told(), Counts(bytes=carried.upto - carried.bytes))


class _Carried:
    """What goes on from one chunk to the next."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.claims = 0
        self.bytes = 0  # that chunks have told
        self.upto = 0  # that are read
        self.faults: list[pl.DataFrame] = []
        self.last: Chunk | None = None

    def read(self, rows: Rows) -> None:
        self.upto = rows.upto
        if rows.faults is not None and rows.faults.height:
            self.faults.append(rows.faults)

    def told(self) -> pl.DataFrame:
        said, self.faults = [empty(), *self.faults], []
        return pl.concat(said)

    def chunk(self, frame: pl.DataFrame, upto: int) -> Iterator[Chunk]:
        """The chunk of some rows, unless all of them are blank."""
        first = self.last is None
        # some operations of Polars on text go wrong in frames of several parts
        chunk = to_chunk(frame.rechunk(), self.table.names, upto - self.bytes, first_claim=self.claims, remarks=first)
        if chunk is None:
            return
        if self.faults:
            chunk = replace(chunk, faults=pl.concat([chunk.faults, self.told()]))
        self.bytes = upto
        self.claims += chunk.counts.claims_read
        self.last = replace(chunk, lines=chunk.lines.clear(), faults=empty())
        yield chunk


class _Runs:
    """Rows of one claim that follow one another, over pieces of a table; rows without claim do not part them."""

    def __init__(self) -> None:
        self.before = ""

    def of(self, column: pl.Series) -> tuple[pl.Series, pl.Series]:
        """The ids that begin a run in the next piece, and of each of its rows whether it begins one."""
        ids = claim_ids(column)
        given = ids.fill_null(strategy="forward").fill_null(self.before)
        begins = ids.is_not_null() & (given != given.shift(1, fill_value=self.before))
        self.before = given[-1] if len(given) else self.before
        return ids.filter(begins), begins


def _cut(pieces: Iterator[Rows], carried: _Carried) -> Iterator[Chunk]:
    """Chunks of rows that stand together: the last claim of a piece waits for the next."""
    held: list[pl.DataFrame] = []
    waiting: str | None = None
    for piece in pieces:
        carried.read(piece)
        ids = claim_ids(piece.frame[c.CLAIM_ID])
        given = ids.drop_nulls()
        last = given[-1] if len(given) else waiting
        # a row without claim waits for nothing: there may be many of them
        waits = (ids == (last or "")).fill_null(value=False)
        ready = piece.frame.filter(~waits)
        if last != waiting:
            ready = pl.concat([*held, ready])
            held, waiting = [], last
        held.append(piece.frame.filter(waits))
        yield from carried.chunk(ready, piece.upto)
    if held:
        yield from carried.chunk(pl.concat(held), carried.upto)


def _parted(table: Table, carried: _Carried) -> Iterator[Chunk]:
    """Chunks of rows that are scattered: they go to disk by ranges of claims, and come back range by range."""
    ranges = _ranges(table)
    count = int(ranges.max()) + 1
    files: dict[int, list[Path]] = {}
    runs, run = _Runs(), -1
    with tempfile.TemporaryDirectory(prefix="cutis-rows-") as folder:
        waiting: list[pl.DataFrame] = []
        for piece in table.rows():
            carried.read(piece)
            begins = runs.of(piece.frame[c.CLAIM_ID])[1].to_numpy()
            of_row = run + np.cumsum(begins)
            run = int(of_row[-1]) if len(of_row) else run
            bare = claim_ids(piece.frame[c.CLAIM_ID]).is_null()
            yield from carried.chunk(piece.frame.filter(bare), carried.bytes)
            waiting.append(piece.frame.with_columns(pl.Series(_RANGE, ranges[of_row])).filter(~bare))
            if len(waiting) == _PARTED_AT_A_TIME:
                _put(waiting, Path(folder), files)
        _put(waiting, Path(folder), files)
        for number in range(count):
            rows = pl.concat([pl.read_ipc(file) for file in files[number]])
            for file in files.pop(number):
                file.unlink()
            yield from carried.chunk(rows, carried.upto * (number + 1) // count)


def _put(waiting: list[pl.DataFrame], folder: Path, files: dict[int, list[Path]]) -> None:
    """Write rows to a file of each range, and let go of them."""
    if not waiting:
        return
    parts = pl.concat(waiting).partition_by(_RANGE, as_dict=True, include_key=False)
    waiting.clear()
    for (number,), rows in parts.items():
        of_range = files.setdefault(number, [])
        of_range.append(folder / f"{number}-{len(of_range)}.arrow")
        rows.write_ipc(of_range[-1], compression="uncompressed")


def _ranges(table: Table) -> npt.NDArray[np.uint32]:
    """In which range of claims each run of rows lies; claims in order of first rows, a range of as many rows as a piece."""
    heads, starts = [], []
    runs, rows = _Runs(), 0
    for column in table.ids():
        found, begins = runs.of(column)
        heads.append(found)
        starts.append(np.flatnonzero(begins.to_numpy()) + rows)
        rows += len(column)
    ids = pl.concat(heads).to_frame("id").with_row_index("run")
    sizes = np.diff(np.concatenate(starts), append=rows)
    first = ids.select(pl.col("run").first().over("id"))["run"].to_numpy()
    claim = np.cumsum(first == np.arange(len(first)))[first] - 1
    ends = np.cumsum(np.bincount(claim, weights=sizes)).astype(np.int64)
    _, dense = np.unique((ends - 1) // max(1, rows // len(starts)), return_inverse=True)
    in_range: npt.NDArray[np.uint32] = dense[claim].astype(np.uint32)
    return in_range
