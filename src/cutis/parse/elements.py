"""Where the segments of a piece stand, and the elements of those that are read.

Segments are found in one pass of NumPy over the bytes. The segments of a kind are then looked at by themselves, and each
text that occurs many times (a payer's name, a day, a service with its charge) once: what is read of it is spread over all
that say the same (`docs/decisions/reading.md`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

from cutis.parse.interchange import BLANKS, Delimiters

Ints = npt.NDArray[np.integer[Any]]
Bools = npt.NDArray[np.bool_]
Words = npt.NDArray[np.uint32]
Span = tuple[Ints, Ints, Bools]
"""Start, size and presence of a text in each of some segments."""
Value = TypeVar("Value", pl.Series, pl.DataFrame)

_WHOLE = "_whole"
_SLICE = pl.col(_WHOLE).bin.slice(pl.col("at"), pl.col("size")).cast(pl.String)
_WIDE = 1 << 30
_PADDING = b"\0\0\0\0"
_FEW = 64
_ABSENT = 0xFEFE  # no two bytes of UTF-8
# what fills a word of four bytes up after a text of 0, 1, 2, 3, 4 bytes; no text holds the byte FF
_FILL = np.array([0xFFFFFFFF, 0xFFFFFF00, 0xFFFF0000, 0xFF000000, 0], dtype=np.uint32)


def word(text: str) -> int:
    """The first four bytes of a text as one number, filled up with FF, as `Elements.words` gives them."""
    return int.from_bytes(text.encode()[:4].ljust(4, b"\xff"), "little")


def words_of(data: bytes) -> Words:
    """The four bytes that begin at each byte, as one number."""
    return np.ndarray((len(data) - 3,), dtype="<u4", buffer=data, strides=(1,))


@dataclass(frozen=True)
class _Bytes:
    """Bytes out of which texts are cut.

    Attributes:
        data: valid UTF-8 that ends with four further bytes.
        delimiters: of the piece.
    """

    data: bytes
    delimiters: Delimiters

    @cached_property
    def four(self) -> Words:
        """The four bytes that begin at each byte, as one number."""
        return words_of(self.data)

    @cached_property
    def _repeated(self) -> list[pl.Series]:
        return [pl.Series(_WHOLE, [self.data], dtype=pl.Binary)]

    def _whole(self, height: int) -> pl.Series:
        """The bytes so many times: sixteen bytes each, since all of them are views of one buffer."""
        if len(self._repeated[0]) < height:
            self._repeated[0] = self._repeated[0].head(1).new_from_index(0, height)
        return self._repeated[0].head(height)

    def cut(self, spans: dict[str, Span], height: int) -> dict[str, pl.Series]:
        """Texts by name, each of its start and size and whether it is there; null where it is not."""
        if height <= _FEW:
            return {n: self._walked(*span) for n, span in spans.items()}
        found: dict[str, pl.Series] = {}
        short: list[str] = []
        long: list[str] = []
        for name, (_, size, there) in spans.items():
            if not there.any():
                found[name] = pl.Series(dtype=pl.String).extend_constant(None, height)
            else:
                (short if size.max(where=there, initial=0) <= 2 else long).append(name)
        # all columns of a kind in one go: for most pieces the steps cost more than the rows
        for names, made in ((short, self._looked_up), (long, self._sliced)):
            if names:
                one = (
                    spans[names[0]]
                    if len(names) == 1
                    else tuple(np.concatenate(s) for s in zip(*(spans[n] for n in names), strict=True))
                )
                column = made(*one)
                found |= {n: column.slice(i * height, height) for i, n in enumerate(names)}
        return {n: found[n] for n in spans}

    def _walked(self, start: Ints, size: Ints, there: Bools) -> pl.Series:
        """The texts of a few rows, one by one: making columns of them would take longer."""
        rows = zip(start.tolist(), size.tolist(), there.tolist(), strict=True)
        return pl.Series([self.data[a : a + z].decode() if t else None for a, z, t in rows], dtype=pl.String)

    def _sliced(self, start: Ints, size: Ints, there: Bools) -> pl.Series:
        offset = pl.Series("at", start)
        if not there.all():
            offset = offset.set(pl.Series(~there), None)
        frame = pl.DataFrame([self._whole(len(start)), offset, pl.Series("size", size.astype(np.uint32))])
        return frame.select(_SLICE).to_series()

    def _looked_up(self, start: Ints, size: Ints, there: Bools) -> pl.Series:
        """Texts of two bytes at most: each is a number, and each number that occurs becomes a string once."""
        numbers = (self.four[start] | _FILL[np.minimum(size, 2)]).astype(np.uint16)
        numbers[~there] = _ABSENT
        seen = np.zeros(1 << 16, dtype=bool)
        seen[numbers] = True
        values = np.flatnonzero(seen)
        place = np.zeros(1 << 16, dtype=np.uint32)
        place[values] = np.arange(len(values), dtype=np.uint32)
        texts = [None if v == _ABSENT else int(v).to_bytes(2, "little").rstrip(b"\xff").decode() for v in values]
        return pl.Series(texts, dtype=pl.String).gather(pl.Series(place[numbers]))


@dataclass(frozen=True)
class Marks(_Bytes):
    """Places of the segments in a piece.

    Attributes:
        starts: where each segment that is not blank begins, blanks before it left out.
        stops: where its terminator stands.
        heads: the first four bytes of each segment.
    """

    starts: Ints
    stops: Ints
    heads: Words

    def opens_again(self, after: int) -> bool:
        """Whether a segment after so many begins as an ISA does, whatever its delimiters."""
        return bool(((self.heads[after:] & np.uint32(0xFFFFFF)) == int.from_bytes(b"ISA", "little")).any())

    def texts(self, rows: Ints) -> list[bytes]:
        """Whole segments, without terminator."""
        spans = zip(self.starts[rows].tolist(), self.stops[rows].tolist(), strict=True)
        return [self.data[a:b] for a, b in spans]

    def firsts(self, rows: Ints, length: int) -> Words:
        """The four bytes after the identifier and its delimiter of each of these segments as a number; see `says`.

        Args:
            rows: places of segments whose identifiers have one length.
            length: of these.
        """
        start = self.starts[rows] + (length + 1)
        words = self.four[np.minimum(start, len(self.four) - 1)]
        # a segment of its identifier alone has no element, whatever follows it
        words[start > self.stops[rows]] = 0
        return words

    def says(self, firsts: Words, text: str) -> Bools:
        """Whether the first element is this text, of one to three bytes."""
        hit = np.zeros(len(firsts), dtype=bool)
        bits = 8 * (len(text) + 1)
        for end in (self.delimiters.element, self.delimiters.segment):
            hit |= (firsts & np.uint32((1 << bits) - 1)) == int.from_bytes((text + end).encode("latin-1"), "little")
        return hit

    def read(self, rows: Ints, *, repeated: bool = False) -> "Read":
        """The segments at `rows` with their elements found.

        Args:
            rows: places of segments.
            repeated: whether many are likely to say the same; each text is then looked at once.
        """
        height = len(rows)
        if not height:
            return Read(find_elements(_PADDING, self.delimiters), None)
        start, size = self.starts[rows], self.stops[rows] - self.starts[rows]
        if height <= _FEW:
            end = self.delimiters.segment.encode("latin-1")
            few = b"".join(text + end for text in self.texts(rows))
            return Read(find_elements(few + _PADDING, self.delimiters), None)
        said = self.cut({"said": (start, size, np.ones(height, dtype=bool))}, height)["said"]
        which = None
        if repeated:
            which = said.cast(pl.Categorical(pl.Categories.random())).to_physical().to_numpy()
            first = np.zeros(int(which.max()) + 1, dtype=np.uint32)
            first[which] = np.arange(height, dtype=np.uint32)
            said = said.gather(pl.Series(first))
        joined: str = said.str.join(self.delimiters.segment).item()
        data = (joined + self.delimiters.segment + _PADDING.decode()).encode()
        return Read(find_elements(data, self.delimiters), which)


@dataclass(frozen=True)
class Elements(_Bytes):
    """Places of the elements of segments that stand one behind the other, without blanks between.

    Attributes:
        starts: where each segment begins.
        at: places of all element delimiters and terminators.
        first: per segment, the place in `at` of its first delimiter.
        last: per segment, the place in `at` of its terminator.
    """

    starts: Ints
    at: Ints
    first: Ints
    last: Ints

    def __len__(self) -> int:
        return len(self.starts)

    @cached_property
    def _components(self) -> Ints:
        """Places of the component delimiters, and the end of the bytes."""
        found = np.flatnonzero(np.frombuffer(self.data, np.uint8) == ord(self.delimiters.component))
        return np.append(found, len(self.data)).astype(self.at.dtype)

    def words(self, element: int) -> Words:
        """The first four bytes of an element as a number; see `word`."""
        start, size, _ = self._span(element)
        return self.four[start] | _FILL[np.minimum(size, 4)]

    def elements(self, wanted: Sequence[int]) -> dict[str, pl.Series]:
        """Elements `e0`, `e1`, ... as strings; missing and empty ones are null."""
        spans = {}
        for number in wanted:
            start, size, _ = self._span(number)
            spans[f"e{number}"] = (start, size, size > 0)
        return self.cut(spans, len(self))

    def components(self, element: int, names: Sequence[str | None]) -> dict[str, pl.Series]:
        """The components of one element under `names`; missing ones are null, empty ones are empty strings.

        A name None skips a component.
        """
        spans = zip(names, self.parts(element, len(names)), strict=True)
        return self.cut({n: span for n, span in spans if n is not None}, len(self))

    def parts(self, element: int, count: int) -> list[Span]:
        """Start, size and presence of so many components of one element."""
        start, size, there = self._span(element)
        stop, there = start + size, there & (size > 0)
        if not there.any():
            return [(start, size, there)] * count
        ends = self._components
        first = np.searchsorted(ends, start)
        spans = []
        for place in range(count):
            end = np.minimum(ends[np.minimum(first + place, len(ends) - 1)], stop)
            spans.append((start, end - start, there))
            # the next one exists where this one ended at a component delimiter
            there = there & (end < stop)
            start = end + 1
        return spans

    def byte(self, at: Ints) -> npt.NDArray[np.uint8]:
        """The bytes at these places; beyond the end, the last one."""
        raw = np.frombuffer(self.data, np.uint8)
        found: npt.NDArray[np.uint8] = raw[np.minimum(at, len(raw) - 1)]
        return found

    def pairs(self, most: int) -> tuple[Ints, Words, Ints, Ints]:
        """All elements of two components or more, up to element `most` of a segment, one after the other.

        Returns:
            The segment of each, the first four bytes of its first component (`word`), start and size of its second.
        """
        count = np.minimum(self.last - self.first, most)
        segment = np.repeat(np.arange(len(self)), count)
        before = np.cumsum(count) - count
        at = self.first[segment] + (np.arange(len(segment)) - before[segment])
        start, stop = self.at[at] + 1, self.at[at + 1]
        ends = self._components
        place = np.searchsorted(ends, start)
        middle = ends[place]
        pair = np.flatnonzero(middle < stop)
        segment, start, stop, middle, place = segment[pair], start[pair], stop[pair], middle[pair], place[pair]
        word = self.four[start] | _FILL[np.minimum(middle - start, 4)]
        end = np.minimum(ends[place + 1], stop)
        return segment, word, middle + 1, end - middle - 1

    def _span(self, element: int) -> Span:
        """Start, size and presence of an element in each segment."""
        first, last = self.first, self.last
        if element == 0:
            return self.starts, self.at[first] - self.starts, np.ones(len(self), dtype=bool)
        there = first + element <= last
        if there.all():
            start = self.at[first + (element - 1)] + 1
            return start, self.at[first + element] - start, there
        if not there.any():
            nowhere = np.zeros(len(self), np.int32)
            return nowhere, nowhere, there
        end = np.minimum(first + element, last)
        start = np.where(there, self.at[end - 1] + 1, 0)
        return start, np.where(there, self.at[end] - start, 0), there


@dataclass(frozen=True)
class Read:
    """Some segments of a piece with their elements.

    Attributes:
        different: the segments that differ, each once.
        which: per segment its place among them; None where each stands for itself.
    """

    different: Elements
    which: Words | None

    def spread(self, value: Value) -> Value:
        """What was made of the different segments, a row each, for all of them."""
        if self.which is None:
            return value
        rows = pl.Series(self.which)
        return value.gather(rows) if isinstance(value, pl.Series) else value.select(pl.all().gather(rows))

    def elements(self, wanted: Sequence[int]) -> pl.DataFrame:
        """Elements `e0`, `e1`, ... of all segments as strings; missing and empty ones are null."""
        return self.spread(pl.DataFrame([s.alias(n) for n, s in self.different.elements(wanted).items()]))


def find_marks(parts: Sequence[bytes], delimiters: Delimiters) -> Marks:
    """Find the segments of a piece.

    Args:
        parts: its bytes, of which the last ones are a terminator where it holds any segment.
        delimiters: of the piece.
    """
    data = b"".join((*parts, _PADDING))
    if not data.isascii():
        data = data.decode("utf-8", "replace").encode()
    if delimiters.segment == "\n":
        data = data.replace(b"\r\n", b"\n")
    raw, four = np.frombuffer(data, np.uint8), words_of(data)
    end = ord(delimiters.segment)
    stops: Ints = np.flatnonzero(raw == end).astype(_width(data))
    starts = np.concatenate([np.zeros(1, stops.dtype), stops[:-1] + 1])[: len(stops)]
    heads = four[starts]
    blanks = np.zeros(256, dtype=bool)
    blanks[list(BLANKS)] = True
    blanks[end] = False
    while len(starts) and (lead := blanks[heads.astype(np.uint8)]).any():
        starts = starts + lead
        heads = four[starts]
    filled = starts < stops
    if not filled.all():
        starts, stops, heads = starts[filled], stops[filled], heads[filled]
    return Marks(data, delimiters, starts, stops, heads)


def find_elements(data: bytes, delimiters: Delimiters) -> Elements:
    """Find the elements of segments.

    Args:
        data: segments without blanks before them, each ended by a terminator, and four further bytes.
        delimiters: of the piece.
    """
    raw = np.frombuffer(data, np.uint8)[: len(data) - len(_PADDING)]
    element, end = ord(delimiters.element), ord(delimiters.segment)
    # places of half the width are read in half the time
    at: Ints = np.flatnonzero((raw == element) | (raw == end)).astype(_width(data))
    last: Ints = np.flatnonzero(raw[at] == end).astype(at.dtype)
    before, zero = last[:-1], np.zeros(1, at.dtype)
    starts = np.concatenate([zero, at[before] + 1])[: len(last)]
    first = np.concatenate([zero, before + 1])[: len(last)]
    return Elements(data, delimiters, starts, at, first, last)


def _width(data: bytes) -> type[np.signedinteger[Any]]:
    return np.int32 if len(data) < _WIDE else np.int64
