"""CSV cut at the ends of records, wherever every reading of its quotation marks agrees on where they are."""

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np

QUOTE: Final = ord('"')
_LINE_END: Final = ord("\n")


class UnclearQuotesError(Exception):
    """A quotation mark stands in the middle of a cell, or is never closed: only the whole file tells what it means."""


def records(read: Callable[[int], bytes], size: int, separator: str) -> Iterator[bytes]:
    """Whole records, about `size` bytes of them at a time; a longer record comes alone.

    Args:
        read: gives the next bytes, fewer than asked for only at the end.
        size: bytes to read at a time.
        separator: between cells.

    Raises:
        UnclearQuotesError: a quotation mark neither begins nor ends a cell, nor is doubled within one.
    """
    held = b""
    more = size
    while True:
        new = read(more)
        data = held + new
        last = len(new) < more
        end = _end(data, separator, last=last)
        if end:
            yield data[:end]
        if last:
            return
        held = data[end:]
        # a record longer than what is read at a time: twice as much each time, not once more over all of it
        more = size if end else max(size, len(data))


def first_record(block: bytes) -> int:
    """Where the first record of whole records ends, blank lines before it counted with it."""
    start = len(block) - len(block.lstrip(b"\r\n"))
    end = start
    while (end := block.find(b"\n", end) + 1) > 0:
        if block.count(b'"', start, end) % 2 == 0:
            return end
    return len(block)


def _end(data: bytes, separator: str, *, last: bool) -> int:
    """Up to where there are whole records."""
    if b'"' not in data:
        return len(data) if last else data.rfind(b"\n") + 1
    cells = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(cells == QUOTE)
    if last:
        end = len(data)
        if len(quotes) % 2:
            raise UnclearQuotesError
    else:
        ends = np.flatnonzero(cells == _LINE_END)
        outside = ends[np.searchsorted(quotes, ends) % 2 == 0]
        end = int(outside[-1]) + 1 if len(outside) else 0
    quotes = quotes[: np.searchsorted(quotes, end)]
    before, after = cells[quotes[::2] - 1], cells[np.minimum(quotes[1::2] + 1, len(data) - 1)]
    # what begins the block begins a record; what ends the file ends one
    begins = (quotes[::2] == 0) | _one_of(before, f'{separator}\n"')
    finishes = (quotes[1::2] == len(data) - 1) | _one_of(after, f'{separator}\r\n"')
    if not (begins.all() and finishes.all()):
        raise UnclearQuotesError
    return end


def _one_of(cells: np.ndarray, marks: str) -> np.ndarray:
    return np.isin(cells, np.frombuffer(marks.encode(), np.uint8))
