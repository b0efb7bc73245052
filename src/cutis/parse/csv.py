"""Reader of CSV claim tables: one row a line, columns by documented names."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Final, TextIO

import polars as pl

from cutis.model import columns as c
from cutis.model.errors import InputError
from cutis.parse.cells import ROW
from cutis.parse.faults import Chunk, make
from cutis.parse.kept import kept
from cutis.parse.pieces import Rows, Table, chunks, stand_together
from cutis.parse.records import UnclearQuotesError, first_record, records
from cutis.parse.tabular import PIECE_BYTES, Names, named, no_rows, to_chunk

SEPARATORS: Final = ",;\t|"
BOM: Final = b"\xef\xbb\xbf"
_HEAD: Final = 8192
_UNREADABLE: Final = (pl.exceptions.PolarsError, pl.exceptions.PanicException)
_NONE_OF: Final = {
    b"{": "looks like JSON", b"[": "looks like JSON", b"<": "looks like HTML or XML", b"%PDF": "is a PDF", b"{\\rtf": "is a text document",
}  # fmt: skip


def read_csv(source: BinaryIO, name: str = "the table", *, size: int = PIECE_BYTES) -> Iterator[Chunk]:
    """Read a table in chunks of whole claims; peak memory follows `size`, not the file.

    Args:
        source: binary stream, UTF-8; comma, semicolon, tab or | between cells; LF, CRLF or CR between rows.
        name: of the input, for messages.
        size: bytes read at a time; the result does not depend on it.

    Raises:
        InputError: it is no table of claims, or has no rows; the sentence names the missing columns.
    """
    with kept(source, size) as found:
        if isinstance(found, bytes) or found.stat().st_size <= size:
            yield _whole(found if isinstance(found, bytes) else found.read_bytes(), name)
            return
        try:
            table = _Csv(found, size, name)
            together = stand_together(table.ids())
        except (UnclearQuotesError, *_UNREADABLE):
            # what a stray quotation mark means, only the whole file tells
            yield _whole(found.read_bytes(), name)
            return
        if table.refusal is not None:
            raise table.refusal
        yield from chunks(table, together=together)


class _Csv(Table):
    """A table too large to be read whole."""

    def __init__(self, path: Path, size: int, name: str) -> None:
        self.name = name
        self._path = path
        self._size = size
        with path.open("rb") as file:
            # the head of the file is looked at for its separator as of a whole one
            self.separator = _separator(file.read(_HEAD + len(BOM)).removeprefix(BOM), name)
        self._cr = not _holds_line_feed(path)
        block = next(self._blocks())
        self._header = block[: first_record(block)]
        columns = _table(self._header, self.separator, ragged=False).columns
        self.refusal: InputError | None = None
        try:
            self.names = named(columns, name)
            claim = next(old for old, new in self.names.read.items() if new == c.CLAIM_ID)
            self._claim: int | None = columns.index(claim)
        except InputError as error:
            # a file that cannot be read as CSV is refused for that first
            self.refusal, self._claim = error, None

    def ids(self) -> Iterator[pl.Series]:
        for block in self._bodies():
            if self._claim is not None:
                narrow = self._header + block
                yield _table(narrow, self.separator, ragged=True, columns=[self._claim]).to_series()

    def rows(self) -> Iterator[Rows]:
        row, upto = 2, len(self._header)  # row 1 is the header
        extra: _ExtraCells | None = None
        for block in self._bodies():
            try:
                raw, ragged = _either(self._header + block, self.separator)
            except _UNREADABLE as error:
                raise _unreadable(self._path.read_bytes(), self.separator, self.name, error) from None
            frame = _renamed(raw, self.names, row)
            row += raw.height
            upto += len(block)
            if ragged and extra is None:
                extra = _ExtraCells(self._text(), self.separator, self.name)
            yield Rows(frame, upto, extra.upto(row - 1) if extra is not None else None)
        if extra is not None:
            yield Rows(frame.clear(), upto, extra.upto(None))

    def _bodies(self) -> Iterator[bytes]:
        """Records under the header."""
        blocks = self._blocks()
        if first := next(blocks)[len(self._header) :]:
            yield first
        yield from blocks

    def _blocks(self) -> Iterator[bytes]:
        """Records, the first of them the header."""
        begun, held = False, b""
        with self._path.open("rb") as file:
            file.seek(len(BOM) if file.read(len(BOM)) == BOM else 0)
            for block in records(self._read(file), self._size, self.separator):
                held += block
                if begun or held.strip(b"\r\n"):
                    yield held
                    begun, held = True, b""

    def _read(self, file: BinaryIO) -> Callable[[int], bytes]:
        if not self._cr:
            return file.read
        return lambda size: file.read(size).replace(b"\r", b"\n")

    def _text(self) -> TextIO:
        file = self._path.open("rb")
        file.seek(len(BOM) if file.read(len(BOM)) == BOM else 0)
        return io.TextIOWrapper(file, encoding="utf-8", errors="replace", newline="")


def _whole(data: bytes, name: str) -> Chunk:
    """A table that is read at once."""
    data = data.removeprefix(BOM)
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    separator = _separator(data, name)
    try:
        raw, ragged = _either(data, separator)
    except _UNREADABLE as error:
        raise _unreadable(data, separator, name, error) from None
    names = named(raw.columns, name)
    chunk = to_chunk(_renamed(raw, names, 2), names, len(data))
    if chunk is None:
        raise no_rows(name)
    if ragged:
        text = io.StringIO(data.decode("utf-8", errors="replace"), newline="")
        extra = _ExtraCells(text, separator, name).upto(None)
        chunk = replace(chunk, faults=pl.concat([chunk.faults, extra]))
    return chunk


def _separator(data: bytes, name: str) -> str:
    """What stands between cells, told by the first line.

    Raises:
        InputError: the first line is no list of columns.
    """
    start = data[:_HEAD].lstrip()
    what = next((words for mark, words in _NONE_OF.items() if start.startswith(mark)), None)
    if what is not None:
        raise InputError(f"{name} {what}; claims are read from 837P, CSV or Parquet")
    if not start:
        raise InputError(f"{name} is empty: it holds nothing but blanks")
    first = start.decode("utf-8", errors="replace").splitlines()[0]
    if not any(s in first for s in SEPARATORS):
        raise InputError(f"{name} is neither 837P, Parquet nor CSV: its first line is no list of columns")
    return max(SEPARATORS, key=first.count)


def _why(data: bytes, separator: str, error: str) -> str:
    """In which row a quotation begins that never ends, else what the reader said."""
    rows = csv.reader(io.StringIO(data.decode("utf-8", errors="replace"), newline=""), delimiter=separator, strict=True)
    whole = 0
    try:
        for _ in rows:
            whole += 1
    except csv.Error:
        return f"a quotation mark in row {whole + 1} is never closed, or stands in the middle of a cell"
    return next(iter(error.strip().splitlines()), "no reason given")


def _unreadable(data: bytes, separator: str, name: str, error: BaseException) -> InputError:
    return InputError(f"{name} cannot be read as CSV: {_why(data, separator, str(error))}")


def _holds_line_feed(path: Path) -> bool:
    with path.open("rb") as file:
        return any(b"\n" in block for block in iter(lambda: file.read(1 << 20), b""))


def _either(data: bytes, separator: str) -> tuple[pl.DataFrame, bool]:
    """The cells, and whether a row has more of them than the header."""
    try:
        return _table(data, separator, ragged=False), False
    except pl.exceptions.ComputeError:
        return _table(data, separator, ragged=True), True


def _table(data: bytes, separator: str, *, ragged: bool, columns: list[int] | None = None) -> pl.DataFrame:
    return pl.read_csv(
        io.BytesIO(data),
        separator=separator,
        infer_schema=False,
        encoding="utf8-lossy",
        truncate_ragged_lines=ragged,
        columns=columns,
    )


def _renamed(raw: pl.DataFrame, names: Names, row: int) -> pl.DataFrame:
    return raw.select(pl.col(old).alias(new) for old, new in names.read.items()).with_row_index(ROW, offset=row)


class _ExtraCells:
    """Rows with something beyond the header's last column; empty cells there, as exports write them, are nothing lost."""

    def __init__(self, text: TextIO, separator: str, name: str) -> None:
        self._name = name
        self._found = self._find(text, separator)
        self._next = next(self._found, None)

    def upto(self, row: int | None) -> pl.DataFrame:
        """Faults of the rows that are not told yet, to the row `row` or to the end."""
        found = []
        while self._next is not None and (row is None or self._next[0] <= row):
            found.append(self._next)
            self._next = next(self._found, None)
        rows = pl.DataFrame(found, schema={ROW: pl.UInt32, "_extra": pl.Int64}, orient="row")
        cells = pl.when(pl.col("_extra") == 1).then(pl.lit("one cell")).otherwise(pl.format("{} cells", "_extra"))
        said = pl.format(
            "Row {} goes {} beyond the last column of the header; what stands there is not read.", ROW, cells
        )
        return make("row-with-extra-cells", rows, said)

    def _find(self, text: TextIO, separator: str) -> Iterator[tuple[int, int]]:
        with text:
            rows = csv.reader(text, delimiter=separator)
            try:
                width = len(next(rows))
                for number, row in enumerate(rows, 2):
                    if any(cell.strip() for cell in row[width:]):
                        yield number, len(row) - width
            except csv.Error as error:
                raise InputError(f"{self._name} cannot be read as CSV: {error}") from None
