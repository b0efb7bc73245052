"""Findings and the lines they are about: looked up by number, because joins of wide frames are most of the work."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from cutis.model import columns as c

AT: Final = "_at"
BITS: Final = 16
LINES: Final = 1 << BITS
"""More than the lines of any claim: `AT` divided by it is the claim, the rest is the line."""
_SPARSE: Final = 16

Numbers = npt.NDArray[np.int64]


def place(line: pl.Expr | None = None) -> pl.Expr:
    """Claim and line as one number `AT`: joining on one is several times faster than on two. Null where `line` is."""
    return (pl.col(c.CLAIM_INDEX).cast(pl.UInt64) * LINES + (pl.col(c.LINE) if line is None else line)).alias(AT)


def by_rule(rules: pl.Series, values: Mapping[str, int], dtype: pl.DataType, default: int | None = None) -> pl.Series:
    """A value per finding by its rule. Findings of a rule mostly stand together: what is looked up is each such run."""
    if not values:
        return pl.repeat(default, len(rules), dtype=dtype, eager=True).alias(rules.name)
    runs = rules.rle().struct.unnest()
    looked_up = runs["value"].replace_strict(values, default=default, return_dtype=dtype)
    run = np.repeat(np.arange(runs.height, dtype=np.uint32), runs["len"].to_numpy())
    return looked_up.gather(run).alias(rules.name)


@dataclass(slots=True)
class LineRows:
    """The rows of lines in a frame, by claim and line.

    Attributes:
        at: claim and line of each line as one number, ascending.
        row: the row of each.
        begins: places in `at` of the first line of each claim.
        table: per number of a claim, less that of the first, where it begins; None where most numbers have no claim.
    """

    at: Numbers
    row: Numbers
    begins: Numbers
    table: Numbers | None

    @classmethod
    def of(cls, lines: pl.DataFrame) -> "LineRows":
        """Of a frame with a line at least, whatever its order; quickly where it is mostly that of the claims."""
        at = _at(lines[c.CLAIM_INDEX], lines[c.LINE])
        row = np.argsort(at, kind="stable")
        at = at[row]
        claim = at >> BITS
        begins = np.flatnonzero(np.diff(claim, prepend=-1))
        table = None
        # one part of a large file has claims from all over it
        if claim[-1] - claim[0] < _SPARSE * len(at):
            table = np.zeros(claim[-1] - claim[0] + 1, dtype=np.int64)
            table[claim[begins] - claim[0]] = begins
        return cls(at, row, begins, table)

    def claims(self, rows: pl.DataFrame) -> pl.Series:
        """Per finding the row of its claim's first line; null where it is about no claim, or none of these."""
        wanted = _at(rows[c.CLAIM_INDEX], None)
        place = self._begin(wanted)
        return self._rows(place, self.at[place] >> BITS == wanted >> BITS)

    def lines(self, rows: pl.DataFrame) -> pl.Series:
        """Per finding the row of its line; null where it is about none, or none of these."""
        wanted = _at(rows[c.CLAIM_INDEX], rows[c.LINE])
        # lines are numbered from 1 without a gap, but for those that could not be read
        place = np.clip(self._begin(wanted) + (wanted & LINES - 1) - 1, 0, len(self.at) - 1)
        missed = np.flatnonzero(self.at[place] != wanted)
        place[missed] = np.minimum(np.searchsorted(self.at, wanted[missed]), len(self.at) - 1)
        return self._rows(place, self.at[place] == wanted)

    def sums(self, values: pl.Series) -> pl.Series:
        """In the row of each claim's first line the sum of its lines' values, null counting as nothing; else null."""
        of_claims = np.add.reduceat(values.fill_null(0).to_numpy()[self.row], self.begins)
        return pl.repeat(None, len(values), dtype=values.dtype, eager=True).scatter(self.row[self.begins], of_claims)

    def _begin(self, wanted: Numbers) -> Numbers:
        """Where the claims of these numbers begin, or any place where there is no such claim."""
        if self.table is None:
            return np.minimum(np.searchsorted(self.at, wanted >> BITS << BITS), len(self.at) - 1)
        begins: Numbers = self.table[np.clip((wanted >> BITS) - (self.at[0] >> BITS), 0, len(self.table) - 1)]
        return begins

    def _rows(self, place: Numbers, found: npt.NDArray[np.bool_]) -> pl.Series:
        rows = pl.Series("row", self.row[place])
        return rows if found.all() else pl.select(pl.when(pl.Series(found)).then(rows)).to_series()


def _at(claims: pl.Series, lines: pl.Series | None) -> Numbers:
    at: Numbers = claims.cast(pl.Int64).fill_null(-1).to_numpy() << BITS
    return at if lines is None else at + lines.fill_null(0).to_numpy()
