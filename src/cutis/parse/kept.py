"""A source of bytes that is read more than once: a file where it stands, a short stream in memory, a long one on disk."""

import io
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

_STEP: Final = 1 << 20


@contextmanager
def kept(source: BinaryIO, most: int) -> Iterator[Path | bytes]:
    """The path of the file that `source` reads from its start, else its bytes, or where there are more than `most` a path.

    A copy on disk lies in a private temporary directory, which goes with the context.
    """
    path = _own_file(source)
    if path is not None:
        yield path
        return
    data = read_upto(source, most + 1)
    if len(data) <= most:
        yield data
        return
    with tempfile.TemporaryDirectory(prefix="cutis-table-") as folder:
        path = Path(folder) / "table"
        with path.open("wb") as copy:
            copy.write(data)
            del data
            while step := source.read(_STEP):
                copy.write(step)
        yield path


def read_upto(source: BinaryIO, most: int) -> bytes:
    """The next `most` bytes, fewer only at the end: a stream may give less at a time than it is asked for."""
    parts = []
    while most > 0 and (part := source.read(most)):
        parts.append(part)
        most -= len(part)
    return b"".join(parts)


def _own_file(source: BinaryIO) -> Path | None:
    """Where the bytes of the stream stand as they are: no pipe, nothing packed, nothing read of it yet."""
    if not isinstance(source, io.BufferedReader) or not isinstance(source.raw, io.FileIO):
        return None
    name = source.raw.name
    if not isinstance(name, str | os.PathLike):
        return None
    path = Path(name).absolute()
    here = os.fstat(source.fileno())
    try:
        there = path.stat()
    except OSError:
        return None
    whole = stat.S_ISREG(here.st_mode) and os.path.samestat(here, there) and source.tell() == 0
    return path if whole else None
