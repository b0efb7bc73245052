"""Where segments and their elements stand in a piece, in arrays; text is cut only for the elements that are read.

Finding every delimiter of a piece is one pass of NumPy over its bytes. From then on an element is two numbers, and what
becomes a string is cut straight out of the bytes, column by column (`docs/decisions/reading.md`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from cutis.parse.interchange import BLANKS, Delimiters

Ints = npt.NDArray[np.integer[Any]]
Bools = npt.NDArray[np.bool_]
Words = npt.NDArray[np.uint32]

_WHOLE = "_whole"
_WIDE = 1 << 30
_PADDING = b"\0\0\0\0"
_FEW = 64
_ABSENT = 0xFEFE  # no two bytes of UTF-8
# what fills a word of four bytes up after a text of 0, 1, 2, 3, 4 bytes; no text holds the byte FF
_FILL = np.array([0xFFFFFFFF, 0xFFFFFF00, 0xFFFF0000, 0xFF000000, 0], dtype=np.uint32)


def word(text: str) -> int:
    """The first four bytes of a text as one number, filled up with FF, as `Marks.words` gives them."""
    return int.from_bytes(text.encode()[:4].ljust(4, b"\xff"), "little")


@dataclass(frozen=True)
class Marks:
    """Places of the delimiters in a piece.

    Attributes:
        data: valid UTF-8 that ends with a terminator and four further bytes.
        delimiters: of the piece.
        starts: where each segment that is not blank begins, blanks before it left out.
        stops: where its terminator stands.
        at: places of all element delimiters and terminators.
        first: per segment, the place in `at` of its first delimiter.
        last: per segment, the place in `at` of its terminator.
    """

    data: bytes
    delimiters: Delimiters
    starts: Ints
    stops: Ints
    at: Ints
    first: Ints
    last: Ints

    @cached_property
    def _four(self) -> Words:
        """The four bytes that begin at each byte, as one number."""
        return np.ndarray((len(self.data) - 3,), dtype="<u4", buffer=self.data, strides=(1,))

    @cached_property
    def _components(self) -> Ints:
        """Places of the component delimiters, and the end of the piece."""
        found = np.flatnonzero(np.frombuffer(self.data, np.uint8) == ord(self.delimiters.component))
        return np.append(found, len(self.data)).astype(self.at.dtype)

    @cached_property
    def _repeated(self) -> list[pl.Series]:
        return [pl.Series(_WHOLE, [self.data], dtype=pl.Binary)]

    def _whole(self, height: int) -> pl.Series:
        """The piece so many times: sixteen bytes each, since all of them are views of one buffer."""
        if len(self._repeated[0]) < height:
            self._repeated[0] = self._repeated[0].head(1).new_from_index(0, height)
        return self._repeated[0].head(height)

    def heads(self) -> Words:
        """The first four bytes of each segment."""
        return self._four[self.starts]

    def texts(self, rows: Ints) -> list[bytes]:
        """Whole segments, without terminator."""
        spans = zip(self.starts[rows].tolist(), self.stops[rows].tolist(), strict=True)
        return [self.data[a:b] for a, b in spans]

    def words(self, rows: Ints, element: int) -> Words:
        """The first four bytes of an element as a number; see `word`."""
        start, size, _ = self._span(rows, element)
        return self._four[start] | _FILL[np.minimum(size, 4)]

    def elements(self, rows: Ints, wanted: Sequence[int]) -> dict[str, pl.Series]:
        """Elements `e0`, `e1`, ... of the segments at `rows` as strings; missing and empty ones are null."""
        ends = self.first[rows], self.last[rows]
        spans = {}
        for number in wanted:
            start, size, _ = self._span(rows, number, ends)
            spans[f"e{number}"] = (start, size, size > 0)
        return self._cut(spans, len(rows))

    def components(self, rows: Ints, element: int, names: Sequence[str | None]) -> dict[str, pl.Series]:
        """The components of one element under `names`; missing ones are null, empty ones are empty strings.

        A name None skips a component.
        """
        start, size, there = self._span(rows, element)
        stop, there = start + size, there & (size > 0)
        if not there.any():
            return self._cut({n: (start, size, there) for n in names if n is not None}, len(rows))
        ends = self._components
        first = np.searchsorted(ends, start)
        spans = {}
        for place, name in enumerate(names):
            end = np.minimum(ends[np.minimum(first + place, len(ends) - 1)], stop)
            if name is not None:
                spans[name] = (start, end - start, there)
            # the next one exists where this one ended at a component delimiter
            there = there & (end < stop)
            start = end + 1
        return self._cut(spans, len(rows))

    def _span(self, rows: Ints, element: int, ends: tuple[Ints, Ints] | None = None) -> tuple[Ints, Ints, Bools]:
        """Start, size and presence of an element in each of the segments at `rows`; `ends` are `first` and `last` of these."""
        first, last = ends or (self.first[rows], self.last[rows])
        if element == 0:
            start = self.starts[rows]
            return start, self.at[first] - start, np.ones(len(rows), dtype=bool)
        there = first + element <= last
        if there.all():
            start = self.at[first + (element - 1)] + 1
            return start, self.at[first + element] - start, there
        if not there.any():
            nowhere = np.zeros(len(rows), np.int32)
            return nowhere, nowhere, there
        end = np.minimum(first + element, last)
        start = np.where(there, self.at[end - 1] + 1, 0)
        return start, np.where(there, self.at[end] - start, 0), there

    def _cut(self, spans: dict[str, tuple[Ints, Ints, Bools]], height: int) -> dict[str, pl.Series]:
        if height <= _FEW:
            return {n: self._walked(*span) for n, span in spans.items()}
        found: dict[str, pl.Series] = {}
        places: dict[str, pl.Series] = {}
        exprs: dict[str, pl.Expr] = {}
        for name, (start, size, there) in spans.items():
            if not there.any():
                found[name] = pl.Series(dtype=pl.String).extend_constant(None, height)
                continue
            if size.max(where=there, initial=0) <= 2:
                found[name] = self._looked_up(start, size, there)
                continue
            offset = pl.Series(start)
            places[name] = offset if there.all() else offset.set(pl.Series(~there), None)
            places["_" + name] = pl.Series(size.astype(np.uint32))
            exprs[name] = pl.col(_WHOLE).bin.slice(pl.col(name), pl.col("_" + name)).cast(pl.String)
        if exprs:
            cut = pl.DataFrame([self._whole(height), *(s.alias(n) for n, s in places.items())])
            found |= cut.select(e.alias(n) for n, e in exprs.items()).to_dict()
        return {n: found[n] for n in spans}

    def _walked(self, start: Ints, size: Ints, there: Bools) -> pl.Series:
        """The texts of a few rows, one by one: making columns of them would take longer."""
        rows = zip(start.tolist(), size.tolist(), there.tolist(), strict=True)
        return pl.Series([self.data[a : a + z].decode() if t else None for a, z, t in rows], dtype=pl.String)

    def _looked_up(self, start: Ints, size: Ints, there: Bools) -> pl.Series:
        """Texts of two bytes at most: each is a number, and each number that occurs becomes a string once."""
        numbers = (self._four[start] | _FILL[np.minimum(size, 2)]).astype(np.uint16)
        numbers[~there] = _ABSENT
        seen = np.zeros(1 << 16, dtype=bool)
        seen[numbers] = True
        values = np.flatnonzero(seen)
        place = np.zeros(1 << 16, dtype=np.uint32)
        place[values] = np.arange(len(values), dtype=np.uint32)
        texts = [None if v == _ABSENT else int(v).to_bytes(2, "little").rstrip(b"\xff").decode() for v in values]
        return pl.Series(texts, dtype=pl.String).gather(pl.Series(place[numbers]))


def find_marks(data: bytes, delimiters: Delimiters) -> Marks:
    """Find the delimiters of a piece.

    Args:
        data: bytes of the piece, ended by a terminator where it holds any segment.
        delimiters: of the piece.
    """
    if not data.isascii():
        data = data.decode("utf-8", "replace").encode()
    if delimiters.segment == "\n":
        data = data.replace(b"\r\n", b"\n")
    raw = np.frombuffer(data, np.uint8)
    element, end = ord(delimiters.element), ord(delimiters.segment)
    # places of half the width are read in half the time
    width = np.int32 if len(data) < _WIDE else np.int64
    at: Ints = np.flatnonzero((raw == element) | (raw == end)).astype(width)
    last: Ints = np.flatnonzero(raw[at] == end).astype(width)
    stops = at[last]
    starts = np.concatenate([np.zeros(1, width), stops[:-1] + 1])[: len(stops)]
    first = np.concatenate([np.zeros(1, width), last[:-1] + 1])[: len(last)]
    blanks = np.zeros(256, dtype=bool)
    blanks[list(BLANKS)] = True
    blanks[end] = False
    while len(starts) and (lead := blanks[raw[starts]]).any():
        starts = starts + lead
    if element in BLANKS:
        first = np.searchsorted(at, starts).astype(width)
    filled = starts < stops
    if not filled.all():
        starts, stops, first, last = starts[filled], stops[filled], first[filled], last[filled]
    return Marks(data + _PADDING, delimiters, starts, stops, at, first, last)
