"""Writing mechanical edits into an 837P: only the named element changes, every other byte stays as it was."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from cutis.model.errors import InputError
from cutis.parse.interchange import BLANKS, Delimiters, pieces


@dataclass(frozen=True, slots=True)
class Edit:
    """One change: segment by its number in the file, element and component 1-based (component 0: whole element)."""

    segment: int
    element: int
    component: int
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A segment before and after its edits, without terminator."""

    segment: int
    before: str
    after: str


def patched(stream: BinaryIO, edits: list[Edit], *, chunk_bytes: int = 8 << 20) -> Iterator[bytes | Changed]:
    """The bytes of the file with the edits applied, in pieces, and each changed segment as it is met.

    Blanks before the first segment and a byte order mark are kept.

    Raises:
        InputError: the file is not X12, or an edit's old text does not stand where it should; nothing may be kept then.
    """
    by_segment: dict[int, list[Edit]] = {}
    for edit in edits:
        by_segment.setdefault(edit.segment, []).append(edit)
    raw = stream.read()
    start = len(raw) - len(raw.removeprefix(b"\xef\xbb\xbf").lstrip(BLANKS))
    yield raw[:start]
    number = 0
    for piece in pieces(_Bytes(raw[start:]), chunk_bytes):  # type: ignore[arg-type]
        terminator = piece.delimiters.segment.encode("latin-1")
        parts = piece.data.split(terminator)
        for index, part in enumerate(parts):
            blank = not part.strip(BLANKS)
            if not blank:
                number += 1
            wanted = by_segment.get(number, []) if not blank else []
            if wanted:
                lead = len(part) - len(part.lstrip(BLANKS))
                body = part[lead:].decode("utf-8", "surrogateescape")
                after = _apply(body, wanted, piece.delimiters)
                yield Changed(number, body, after)
                parts[index] = part[:lead] + after.encode("utf-8", "surrogateescape")
        yield terminator.join(parts)


def _apply(segment: str, edits: list[Edit], delimiters: Delimiters) -> str:
    elements = segment.split(delimiters.element)
    emptied: dict[int, set[int]] = {}
    for edit in edits:
        if edit.element >= len(elements):
            raise InputError(
                f"segment {edit.segment} has no element {edit.element}: the file is not the one that was checked"
            )
        parts = elements[edit.element].split(delimiters.component)
        place = max(edit.component - 1, 0)
        here = elements[edit.element] if edit.component == 0 else parts[place] if place < len(parts) else None
        if here != edit.old:
            raise InputError(
                f"segment {edit.segment}, element {edit.element}: '{edit.old}' should stand there; "
                "the file is not the one that was checked"
            )
        if edit.component == 0:
            elements[edit.element] = edit.new
            continue
        parts[place] = edit.new
        elements[edit.element] = delimiters.component.join(parts)
        if not edit.new:
            emptied.setdefault(edit.element, set()).add(place)
    for element, places in emptied.items():
        # a place that was emptied is kept where another follows it, so that nothing after it moves
        parts = elements[element].split(delimiters.component)
        while len(parts) - 1 in places:
            parts.pop()
        elements[element] = delimiters.component.join(parts)
    return delimiters.element.join(elements)


class _Bytes:
    """A reader over bytes already in memory."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def read(self, size: int) -> bytes:
        piece = self._data[self._at : self._at + size]
        self._at += len(piece)
        return piece
