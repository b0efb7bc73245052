"""Bytes to segments: where each begins and what it is, in arrays; elements are cut only from segments that are read."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from cutis.parse.elements import Bools, Ints, Marks, Read, Words, find_marks, word
from cutis.parse.interchange import BLANKS, Delimiters
from cutis.parse.ordinals import first_of_each
from cutis.parse.standing import Standing, standing

NUMBER: Final = "segment"

# Every segment an 837P may hold.
KNOWN: Final = (
    "ISA", "GS", "ST", "BHT", "NM1", "N2", "N3", "N4", "PER", "HL", "PRV", "CUR", "REF", "SBR", "PAT", "DMG", "CLM",
    "DTP", "PWK", "CN1", "AMT", "K3", "NTE", "CR1", "CR2", "CR3", "CRC", "HI", "HCP", "CAS", "OI", "MOA", "LX", "SV1",
    "SV5", "QTY", "MEA", "PS1", "LIN", "CTP", "SVD", "LQ", "FRM", "SE", "GE", "IEA", "TA1",
)  # fmt: skip
KINDS: Final = {name: number for number, name in enumerate(KNOWN, 1)}
LOOP: Final = ("in_claim", "in_line", "in_other")
_DTYPES: Final = {"u": pl.UInt32(), "b": pl.Boolean()}

# Divided by this each identifier leaves a remainder of its own: one look-up tells what a segment is.
_DIVISOR: Final = 250
_REMAINDERS: Final = np.zeros(_DIVISOR, np.uint8)
_WORDS: Final = np.zeros(len(KNOWN) + 1, np.uint32)
for _name, _number in KINDS.items():
    _REMAINDERS[word(_name) % _DIVISOR] = _number
    _WORDS[_number] = word(_name)


@dataclass(frozen=True)
class Segments:
    """Segments of a piece with the segments carried over from the piece before at their head.

    Attributes:
        marks: where they stand.
        kind: number in `KINDS`; 0 where the identifier is none that an 837P may hold.
        number: 1-based number in the file.
        carried: how many at the head belong to the piece before.
        standing: in which loops they stand.
        unpaired: places of LX without SV1, of SV1 without LX, and of SV1 outside claims.
        foreign: ordinals of the transactions that are no 837P; what they hold is not read.
    """

    marks: Marks
    kind: npt.NDArray[np.uint8]
    number: Words
    carried: int
    standing: Standing
    unpaired: Ints
    foreign: tuple[int, ...] = ()
    _found: dict[tuple[str, ...], Ints] = field(default_factory=dict)
    _firsts: dict[str, Words] = field(default_factory=dict)

    def rows(self, *names: str) -> Ints:
        """Places of the segments with one of these identifiers, in order."""
        if len(names) > 1:
            return np.sort(np.concatenate([self.rows(n) for n in names]))
        if names not in self._found:
            self._found[names] = np.flatnonzero(self.kind == KINDS[names[0]])
        return self._found[names]

    def count(self, name: str) -> int:
        """How many of this piece's own segments are of a kind."""
        return int(np.count_nonzero(self.kind[self.carried :] == KINDS[name]))

    def kept(self, name: str, *firsts: str) -> Ints:
        """Places of the segments of a kind within 837P transactions, of those with one of these first elements if given."""
        rows = self.rows(name)
        if firsts:
            if name not in self._firsts:
                self._firsts[name] = self.marks.firsts(rows, len(name))
            rows = rows[np.any([self.marks.says(self._firsts[name], f) for f in firsts], axis=0)]
        return self.ours(rows)

    def ours(self, rows: Ints) -> Ints:
        """Those of these segments that stand in 837P transactions."""
        return rows[~np.isin(self.standing.at(rows, "st"), self.foreign)] if self.foreign else rows

    def within(self, rows: Ints, loop: str) -> Ints:
        """Those of these segments that stand in a loop, named as `standing` does."""
        stands: Bools = self.standing.at(rows, loop)
        return rows[stands]

    def first(self, rows: Ints, key: str) -> tuple[Ints, Ints]:
        """Of segments in order the first one of each ordinal, and these; those that stand in no such loop are left out."""
        keys = self.standing.at(rows, key)
        first = first_of_each(keys) & (keys > 0)
        return rows[first], keys[first]

    def places(self, rows: Ints, names: Sequence[str]) -> dict[str, npt.NDArray[Any]]:
        """The ordinals and loops `names` of the segments at `rows`, and their numbers in the file."""
        return {n: self.standing.at(rows, n) for n in names} | {NUMBER: self.number[rows]}

    def at(self, rows: Ints, elements: Sequence[int], places: Sequence[str] = ()) -> pl.DataFrame:
        """Elements (`e1`, ...) of the segments at `rows`, empty ones null, with their numbers and the ordinals named."""
        if not len(rows):
            columns = dict.fromkeys((f"e{n}" for n in elements), pl.String())
            return pl.DataFrame(
                schema=columns | {n: _DTYPES[v.dtype.kind] for n, v in self.places(rows, places).items()}
            )
        texts = self.marks.read(rows).elements(elements)
        return texts.hstack([pl.Series(n, v) for n, v in self.places(rows, places).items()])

    @cached_property
    def levels(self) -> tuple[Ints, Read]:
        """Places of the HL segments, those of other transactions too, and their elements."""
        rows = self.rows("HL")
        return rows, self.marks.read(rows)


def locate(data: bytes, delimiters: Delimiters, before: "Carried") -> Segments:
    """Find the segments of a piece.

    Args:
        data: bytes of the piece.
        delimiters: of the piece.
        before: what the piece before left open.
    """
    end = delimiters.segment.encode("latin-1")
    body = data.rstrip(BLANKS)
    closed = not body or body.endswith(end)
    marks = find_marks((before.data, body, b"" if closed else end), delimiters)
    kind = _identify(marks.heads, delimiters)
    fresh = np.arange(before.last + 1, before.last + 1 + len(kind) - len(before.numbers), dtype=np.uint32)
    stand, unpaired = standing(kind, KINDS)
    return Segments(marks, kind, np.concatenate([before.numbers, fresh]), len(before.numbers), stand, unpaired)


def _identify(heads: Words, delimiters: Delimiters) -> npt.NDArray[np.uint8]:
    """Kinds of segments; 0 where the characters before the first delimiter are no identifier that is known."""
    marks = (ord(delimiters.element), ord(delimiters.segment))
    third = (heads >> 16) & 0xFF
    two = (third == marks[0]) | (third == marks[1])
    fourth = heads >> 24
    name = heads | np.where(two, np.uint32(0xFFFF0000), np.uint32(0xFF000000))
    kind = _REMAINDERS[name % np.uint32(_DIVISOR)]
    good = (_WORDS[kind] == name) & (two | (fourth == marks[0]) | (fourth == marks[1]))
    return np.where(good, kind, np.uint8(0))


@dataclass(frozen=True, slots=True)
class Carried:
    """The last ISA, GS and ST and the open loops of billing provider, subscriber and patient, without claims."""

    data: bytes = b""
    numbers: Words = field(default_factory=lambda: np.zeros(0, np.uint32))
    last: int = 0


def carry(segments: Segments, delimiters: Delimiters) -> Carried:
    """What the next piece of the same delimiters needs before its own segments."""
    last = int(segments.number[-1]) if len(segments.number) else 0
    wanted: set[int] = set()

    def latest(name: str) -> int:
        rows = segments.rows(name)
        return int(rows[-1]) if len(rows) else -1

    isa, gs, st = (latest(n) for n in ("ISA", "GS", "ST"))
    wanted.update(i for i in (isa, gs, st) if i >= 0)
    loops, read = segments.levels
    level = read.different.words(3)[loops > st]
    loops = loops[loops > st]
    # what stands above the next claim: the provider (in the header where its loop is lost), its subscriber, and the loop
    # that it stands in where it is neither
    provider, subscriber = (int(loops[level == word(n)].max(initial=-1)) for n in ("20", "22"))
    current = int(loops.max(initial=-1))
    for start in {provider if provider >= 0 else st, subscriber if subscriber > provider else -1, current} - {-1}:
        after = loops[loops > start]
        stop = int(after[0]) if len(after) else len(segments.kind)
        wanted.update(segments.within(np.arange(start, stop), "above").tolist())
    rows = np.array(sorted(wanted), dtype=np.int64)
    end = delimiters.segment.encode("latin-1")
    data = b"".join(text + end for text in segments.marks.texts(rows))
    return Carried(data, segments.number[rows], last)
