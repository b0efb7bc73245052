"""NM1 segments: who stands in which loop, people apart from the providers and payers whose names come again and again."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from cutis.parse.elements import Bools, Ints, Read, Words, word
from cutis.parse.segments import LOOP, Segments

PEOPLE: Final = ("IL", "QC")


def npi_is_valid(npi: str | None) -> bool:
    """Whether ten digits satisfy the check digit (Luhn over 80840 and the number)."""
    if npi is None or len(npi) != 10 or not npi.isascii() or not npi.isdigit():
        return False
    total = 24  # what the prefix 80840 contributes
    for place, digit in enumerate(reversed(npi)):
        doubled = int(digit) * (2 if place % 2 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


@dataclass(frozen=True, slots=True)
class Names:
    """Some NM1 segments of 837P transactions.

    Attributes:
        rows: their places.
        read: their elements.
        entity: per segment the first element, as `word` gives it.
        number: NM109 of the different ones.
    """

    rows: Ints
    read: Read
    entity: Words
    number: pl.Series

    def of(self, entity: str) -> Ints:
        """Which of the segments name this entity."""
        return np.flatnonzero(self.entity == word(entity))

    def numbers(self, which: Ints) -> pl.Series:
        """NM109 of some of the segments."""
        return gathered(self.read, self.number, which)

    def wrong(self) -> Ints:
        """Places of the segments whose number is said to be an NPI and is none."""
        is_npi = self.read.different.words(8) == word("XX")
        distinct = self.number.filter(pl.Series(is_npi)).unique()
        bad = [n for n in distinct if not npi_is_valid(n)]
        if not bad:
            return self.rows[:0]
        wrong = pl.Series(is_npi) & self.number.is_in(bad, nulls_equal=True)
        at: Bools = self.read.spread(wrong).to_numpy()
        return self.rows[at]


def names(segments: Segments) -> tuple[Names, Names]:
    """People, and all others."""
    rows, people = segments.kept("NM1"), segments.kept("NM1", *PEOPLE)
    other = np.ones(len(rows), dtype=bool)
    other[np.searchsorted(rows, people)] = False
    others = rows[other]
    return _names(segments, people, repeated=False), _names(segments, others, repeated=True)


def wrong_npis(segments: Segments, *groups: Names) -> pl.DataFrame:
    """The segments whose number is said to be an NPI and is none, in their order: `e1`, `e9` and where they stand."""
    rows = np.sort(np.concatenate([g.wrong() for g in groups]))
    return segments.at(rows, (1, 9), ("clm", "lx", *LOOP))


def gathered(read: Read, values: pl.Series, which: Ints) -> pl.Series:
    """Of values of the different segments, those that belong to the segments at `which`."""
    return values.gather(pl.Series(which if read.which is None else read.which[which]))


def _names(segments: Segments, rows: Ints, *, repeated: bool) -> Names:
    read = segments.marks.read(rows, repeated=repeated)
    entity = read.different.words(1)
    return Names(rows, read, entity if read.which is None else entity[read.which], read.different.elements((9,))["e9"])
