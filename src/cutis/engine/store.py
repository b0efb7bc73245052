"""Lines and findings on their way through a run: in memory while few, on disk when many.

Peak memory must not grow with the file. Lines are parted by a hash of the patient, so that every scope (line, claim,
day, history) finds its lines in one part; findings are parted by ranges of claims, so that they come out in order.
Both live in a private temporary directory that is removed with its owner.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from cutis.engine.rows import by_rule
from cutis.model import columns as c
from cutis.model.finding import FINDING_ORDER, FINDING_SCHEMA

LINES_IN_MEMORY = 350_000
FINDINGS_IN_MEMORY = 350_000
CLAIMS_PER_RANGE = 40_000
_RANKS = 1 << 14


class LineStore:
    """Takes lines chunk by chunk, gives them back in parts that hold whole patients.

    Args:
        parts: how many parts to make on disk; ignored while everything fits in memory.
        limit: lines kept in memory before the first is written.
    """

    def __init__(self, parts: int, limit: int = LINES_IN_MEMORY) -> None:
        self._parts = max(2, parts)
        self._limit = limit
        self._held: list[pl.DataFrame] = []
        self._height = 0
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._files = 0

    def add(self, lines: pl.DataFrame) -> None:
        """Keep the lines of one chunk."""
        if lines.is_empty():
            return
        self._held.append(lines)
        self._height += lines.height
        if self._height > self._limit:
            self._spill()

    def parts(self) -> Iterator[pl.DataFrame]:
        """All lines, each patient whole in one part, and let go of; within a part in the order of the input."""
        if self._folder is None:
            if self._held:
                # let go of the chunks before their sum is worked on: both at once would be twice the lines
                held, self._held, self._height = self._held, [], 0
                whole = pl.concat(held, how="diagonal")
                del held
                # a column that is null throughout need not be copied: a third of them in most files
                several = whole.n_chunks() > 1
                blank = [column.name for column in whole if several and column.null_count() == whole.height]
                whole = whole.with_columns(pl.lit(None, whole.schema[n]).alias(n) for n in blank).rechunk()
                yield whole
            return
        self._spill()
        root = Path(self._folder.name)
        for part in range(self._parts):
            files = sorted(root.glob(f"{part}-*.arrow"))
            if files:
                yield pl.concat([pl.read_ipc(f) for f in files], how="diagonal", rechunk=True)
                for file in files:
                    file.unlink()
        self._folder.cleanup()

    def _spill(self) -> None:
        if not self._held:
            return
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="cutis-lines-")
        held, self._held, self._height = self._held[::-1], [], 0
        # chunk by chunk, each let go of when it is written: parting all of them at once would hold them twice
        while held:
            self._write(held.pop(), Path(self._folder.name))

    def _write(self, lines: pl.DataFrame, folder: Path) -> None:
        part = (pl.col(c.PATIENT_KEY) % self._parts).fill_null(0).alias("part")
        for key, group in lines.with_columns(part).partition_by("part", as_dict=True, include_key=False).items():
            group.write_ipc(folder / f"{key[0]}-{self._files:06d}.arrow", compression="uncompressed")
        self._files += 1


class FindingStore:
    """Takes findings in any order and gives them back claim by claim, in batches of bounded size."""

    def __init__(self, limit: int = FINDINGS_IN_MEMORY) -> None:
        self._limit = limit
        self._held: list[pl.DataFrame] = []
        self._height = 0
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._files = 0

    def add(self, findings: pl.DataFrame) -> None:
        """Keep findings in `FINDING_SCHEMA`."""
        if findings.is_empty():
            return
        self._held.append(findings)
        self._height += findings.height
        if self._height > self._limit:
            self._spill()

    def batches(self) -> Iterator[pl.DataFrame]:
        """Findings in `FINDING_ORDER`, cut at claims; may be called any number of times."""
        if self._folder is None:
            if self._held:
                self._held = [_ordered(pl.concat(self._held))]
                yield self._held[0]
            return
        self._spill()
        root = Path(self._folder.name)
        numbers = {int(f.name.split("-")[0]) for f in root.glob("*-*.arrow")}
        for number in sorted(numbers):
            files = sorted(root.glob(f"{number}-*.arrow"))
            yield _ordered(pl.concat([pl.read_ipc(f) for f in files]))

    def _spill(self) -> None:
        if not self._held:
            return
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="cutis-findings-")
        findings = pl.concat(self._held)
        self._held, self._height = [], 0
        # findings about the file as a whole have no claim: they come first
        number = ((pl.col(c.CLAIM_INDEX) // CLAIMS_PER_RANGE).cast(pl.Int64) + 1).fill_null(0).alias("range")
        for key, group in findings.with_columns(number).partition_by("range", as_dict=True, include_key=False).items():
            group.write_ipc(Path(self._folder.name) / f"{key[0]}-{self._files:06d}.arrow", compression="lz4")
        self._files += 1


def _ordered(findings: pl.DataFrame) -> pl.DataFrame:
    """Findings in `FINDING_ORDER`, by a key of one number: sorting by the five columns takes the time of all else."""
    names = findings["rule"].rle().struct.field("value").unique().sort()
    ranks = {name: min(rank, _RANKS - 1) for rank, name in enumerate(names)}
    # 33, 17 and 14 bits; a finding about no claim or no line comes before the others
    claim, line = (_following(findings[n]) for n in (c.CLAIM_INDEX, c.LINE))
    key = ((claim << 17) + line) * _RANKS + by_rule(findings["rule"], ranks, pl.UInt64()).to_numpy()
    order = np.argsort(key, kind="stable")
    key = key[order]
    same = key[1:] == key[:-1]
    alike = np.flatnonzero(np.append(same, False) | np.append(False, same))
    if len(alike):
        rows = findings.select(FINDING_ORDER).select(pl.all().gather(order[alike])).with_row_index("row")
        order[alike] = order[alike][rows.sort(FINDING_ORDER, nulls_last=False, maintain_order=True)["row"].to_numpy()]
    blank = {column.name for column in findings if column.null_count() == findings.height}
    return findings.select(
        pl.lit(None, dtype).alias(n) if n in blank else pl.col(n).gather(order) for n, dtype in FINDING_SCHEMA.items()
    )


def _following(number: pl.Series) -> npt.NDArray[np.uint64]:
    return (number.cast(pl.UInt64) + 1).fill_null(0).to_numpy()
