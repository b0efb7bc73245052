"""The byte stream cut into pieces that share delimiters and hold whole claims, whatever the file's line ends."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from cutis.model.errors import InputError

BLANKS: Final = b" \t\r\n\x00\x1a"
_BOM: Final = b"\xef\xbb\xbf"
ISA_LENGTH: Final = 106
_SLOW_START: Final = 8  # the first piece is so much smaller
# where the element separator stands in ISA: its sixteen elements have fixed widths
_SEPARATORS_AT: Final = (3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103)


@dataclass(frozen=True, slots=True)
class Delimiters:
    """The three bytes that part segments, elements and components."""

    segment: str
    element: str
    component: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes of one set of delimiters, cut before an ISA, HL or CLM; `last` is the end of the input."""

    data: bytes
    delimiters: Delimiters
    last: bool


def delimiters_of(isa: bytes) -> Delimiters | None:
    """Delimiters that an ISA of fixed form declares, or None where it has not that form."""
    if len(isa) < ISA_LENGTH or isa[:3] != b"ISA":
        return None
    element = isa[3:4]
    if any(isa[at : at + 1] != element for at in _SEPARATORS_AT):
        return None
    component, segment = isa[104:105], isa[105:106]
    if len({element, component, segment}) < 3 or any(d.isalnum() or d > b"\x7f" for d in (element, component, segment)):
        return None
    return Delimiters(segment.decode("latin-1"), element.decode("latin-1"), component.decode("latin-1"))


def pieces(stream: BinaryIO, chunk_bytes: int) -> Iterator[Piece]:
    """Cut a stream into pieces of about `chunk_bytes`.

    Raises:
        InputError: the input is empty or does not begin with an ISA of fixed form.
    """
    cutter = Pieces(stream, chunk_bytes)
    for piece in cutter:
        if not cutter.turn_back(piece):
            yield piece


class Pieces:
    """A stream cut into pieces; the first ones are small, so that work on them begins at once.

    Whoever takes a piece asks `turn_back` before using it, unless no further ISA stands in it.

    Args:
        stream: bytes.
        chunk_bytes: about so many a piece.

    Raises:
        InputError: the input is empty or does not begin with an ISA of fixed form.
    """

    def __init__(self, stream: BinaryIO, chunk_bytes: int) -> None:
        self._stream, self._most = stream, chunk_bytes
        self._size = max(1, chunk_bytes // _SLOW_START)
        self._rest = _first(stream, self._size)
        current = delimiters_of(self._rest)
        if current is None:
            raise InputError("the input is not X12: its first segment is not an ISA of 106 characters")
        self._current = current
        self._left = _left(stream)
        self._ended = self._done = False
        self._again: list[Piece] = []

    def __iter__(self) -> Iterator[Piece]:
        return self

    def __next__(self) -> Piece:
        if self._again:
            return self._again.pop()
        if self._done:
            raise StopIteration
        while not self._ended:
            if self._left != 0 and len(self._rest) >= self._size and (at := _cut(self._rest, self._current)) > 0:
                return self._piece(self._rest[:at], self._rest[at:])
            # a little that would be left over is taken along: a piece costs something however small it is
            more = self._stream.read(self._left if self._left and self._left < 1.5 * self._size else self._size)
            self._ended = not more
            if self._left is not None:
                self._left = max(0, self._left - len(more))
            # cut before the bytes are joined: they are copied once
            full = self._left != 0 and len(self._rest) + len(more) >= self._size
            if full and (at := _cut(more, self._current)) > 0:
                return self._piece(b"".join((self._rest, memoryview(more)[:at])), more[at:])
            self._rest += more
        self._done = True
        return Piece(self._rest, self._current, last=True)

    def turn_back(self, piece: Piece) -> bool:
        """Whether an interchange with other delimiters begins within the piece just taken: it then comes anew, in two."""
        change = _change(piece.data, piece.delimiters)
        if change is None:
            return False
        at, self._current = change
        if at:
            self._again.append(Piece(piece.data[:at], piece.delimiters, last=False))
        self._rest = piece.data[at:] + (b"" if piece.last else self._rest)
        self._done = False
        return True

    def _piece(self, data: bytes, rest: bytes) -> Piece:
        self._rest = rest
        self._size = min(self._size * 2, self._most)
        return Piece(data, self._current, last=False)


def _left(stream: BinaryIO) -> int | None:
    """Bytes still to come, where the stream can tell."""
    seekable = getattr(stream, "seekable", None)
    if seekable is None or not seekable():
        return None
    here = stream.tell()
    end = stream.seek(0, 2)
    stream.seek(here)
    return end - here


def _first(stream: BinaryIO, chunk_bytes: int) -> bytes:
    """The first bytes, without byte order mark and leading blanks; enough of them to hold an ISA."""
    buffer = b""
    while len(buffer) <= ISA_LENGTH and (more := stream.read(chunk_bytes)):
        buffer = (buffer + more).removeprefix(_BOM).lstrip(BLANKS)
    if not buffer:
        raise InputError("the input is empty")
    return buffer


def _change(buffer: bytes, current: Delimiters) -> tuple[int, Delimiters] | None:
    """Where a later interchange with other delimiters begins, and these."""
    at = buffer.find(b"ISA")
    while at >= 0:
        if not at or _closed(buffer, at, current.segment.encode("latin-1")):
            found = delimiters_of(buffer[at : at + ISA_LENGTH])
            if found is not None and found != current:
                return at, found
        at = buffer.find(b"ISA", at + 1)
    return None


def _closed(buffer: bytes, at: int, segment: bytes) -> bool:
    """Whether a terminator stands before this place, blanks apart; a line end may itself be the terminator."""
    between = BLANKS.replace(segment, b"")
    return buffer[max(0, at - 64) : at].rstrip(between).endswith(segment)


def _cut(buffer: bytes, current: Delimiters) -> int:
    """The last place in the buffer where a claim or a loop above it begins; 0 where there is none."""
    segment, element = current.segment.encode("latin-1"), current.element.encode("latin-1")
    end = len(buffer)
    while end > 0:
        at = -1
        for name in (b"CLM", b"HL", b"ISA"):
            # only what stands after the one found: looking for what is rare through all the bytes takes its time
            at = max(at, buffer.rfind(name + element, max(at, 0), end))
        if at <= 0:
            return 0
        if _closed(buffer, at, segment):
            return at
        end = at
    return 0
