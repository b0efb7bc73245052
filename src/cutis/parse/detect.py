"""Which reader fits an input: told by its first bytes, not by its name."""

import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from cutis.model.errors import InputError
from cutis.parse.faults import Chunk
from cutis.parse.interchange import BLANKS
from cutis.parse.x12_837p import CHUNK_BYTES, read_837p

_HEAD: Final = 4096
_TABLE_SHARE: Final = 4
_LINE_BYTES: Final = 160  # of a line of an 837P with its share of what stands above it
_UNKNOWN: Final = 256 << 20
_PACKED: Final = 10  # times that gzip makes claims smaller


def plain(data: bytes, name: str) -> bytes:
    """Bytes of a file without gzip.

    Raises:
        InputError: it is empty, or gzip and damaged.
    """
    if not data:
        raise InputError(f"{name} is empty")
    if data[:2] != b"\x1f\x8b":
        return data
    try:
        return gzip.decompress(data)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise InputError(f"{name} is a damaged gzip file; send it again") from None


def read(
    source: Path | BinaryIO,
    *,
    chunk_bytes: int = CHUNK_BYTES,
    name: str = "the input",
    with_references: bool = False,
) -> Iterator[Chunk]:
    """Read an 837P, CSV or Parquet file of claims, gzipped or not; `name` is that of a stream, for messages.

    `with_references` gives each chunk every REF, NTE and K3 of an 837P; a table has none.

    Raises:
        InputError: there is no such file, it is empty, or it is none of these; one sentence that says which.
    """
    if not isinstance(source, Path):
        yield from _read_stream(source, name, chunk_bytes, with_references)
        return
    if source.is_dir():
        raise InputError(f"{source} is a directory; name a claim file")
    try:
        with source.open("rb") as stream:
            yield from _read_stream(stream, source.name, chunk_bytes, with_references)
    except FileNotFoundError:
        raise InputError(f"there is no file {source}") from None
    except OSError as error:
        raise InputError(f"{source.name} cannot be read: {error.strerror or error}") from None


def _read_stream(stream: BinaryIO, name: str, chunk_bytes: int, with_references: bool) -> Iterator[Chunk]:
    buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(_Raw(stream))
    head = buffered.peek(_HEAD)[:_HEAD]
    if head[:2] == b"\x1f\x8b":
        try:
            with gzip.open(buffered, "rb") as inner:
                yield from _read_stream(io.BufferedReader(inner), name, chunk_bytes, with_references)
        except (gzip.BadGzipFile, EOFError, zlib.error):
            raise InputError(f"{name} is a damaged gzip file; send it again") from None
        return
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip(BLANKS)
    if not head:
        raise InputError(f"{name} is empty")
    if start[:3] == b"ISA":
        yield from read_837p(buffered, chunk_bytes=chunk_bytes, with_references=with_references)
    elif head[:4] == b"PAR1":
        from cutis.parse.parquet import read_parquet  # noqa: PLC0415 - each format's reader only where it is met

        yield from read_parquet(buffered, name, size=_of_table(chunk_bytes))
    elif (what := _not_claims(head)) is not None:
        raise InputError(f"{name} {what}")
    elif start.startswith((b"GS", b"ST*")):
        raise InputError(f"{name} looks like X12 without its ISA segment; the delimiters are declared there")
    else:
        from cutis.parse.csv import read_csv  # noqa: PLC0415

        yield from read_csv(buffered, name, size=_of_table(chunk_bytes))


def weight(source: Path | BinaryIO) -> int:
    """About how many bytes an 837P of as many lines as the input would have, to plan by; of a stream it is a guess."""
    if not isinstance(source, Path) or not source.is_file():
        return _UNKNOWN
    try:
        size = source.stat().st_size
        with source.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return _UNKNOWN
    if head[:2] == b"\x1f\x8b":
        return size * _PACKED
    if head[:4] == b"PAR1":
        from cutis.parse.parquet import rows_of  # noqa: PLC0415

        return rows_of(source) * _LINE_BYTES
    is_837p = head.removeprefix(b"\xef\xbb\xbf").lstrip(BLANKS)[:3] == b"ISA"
    return size if is_837p else size * 3 // 2


def _of_table(chunk_bytes: int) -> int:
    """Bytes of a table that hold about as many lines as those of an 837P."""
    return max(1, chunk_bytes // _TABLE_SHARE)


def _not_claims(head: bytes) -> str | None:
    """What bytes that are no text are, and what to do; None for text."""
    if head[:2] == b"PK":
        if b"xl/" in head or b"[Content_Types].xml" in head:
            return "is an Excel workbook; save the sheet with the claims as CSV (UTF-8)"
        return "is a ZIP archive; unpack it and name the claim file in it"
    if head[:4] == b"PARE":
        return "is an encrypted Parquet file; write it without encryption"
    if head[:6] == b"ARROW1":
        return "is an Arrow file; write it as Parquet"
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"} or _every_other_is_zero(head[:40]):
        return "is UTF-16 text; save it as UTF-8 or ASCII"
    if b"\x00" in head or sum(b < 9 for b in head) > len(head) // 20:
        return "is neither 837P, CSV nor Parquet: it holds binary data"
    return None


def _every_other_is_zero(head: bytes) -> bool:
    return len(head) > 3 and any(head) and not (any(head[::2]) and any(head[1::2]))


class _Raw(io.RawIOBase):
    """Makes a raw stream of any object with `read`."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)
