"""Reading rows of any tabular file CMS ships (csv, tab-delimited text, xlsx), and refusing with the row named."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from cutis.model.errors import DataError

Row = list[str]

# descriptions of coverage articles run to hundreds of thousands of characters
csv.field_size_limit(1 << 27)


def rows_of(path: Path) -> list[Row]:
    """All rows of a csv, text or xlsx file as stripped strings; the first sheet of a workbook.

    Raises:
        DataError: the file cannot be read as a table.
    """
    if path.suffix.lower() in {".xlsx", ".xlsm"}:
        return _workbook(path)
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    head = text[:4000]
    delimiter = "\t" if head.count("\t") > head.count(",") else ","
    tabbed = delimiter == "\t"
    try:
        # a tab-delimited text of CMS has no quoting: a quote in it is a character of the cell
        reader = (
            csv.reader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE)
            if tabbed
            else csv.reader(io.StringIO(text))
        )
        return [[cell.strip() for cell in row] for row in reader]
    except csv.Error as error:
        raise DataError(f"{path.name} cannot be read as a table: {error}") from None


def _workbook(path: Path) -> list[Row]:
    from openpyxl import load_workbook  # noqa: PLC0415 - only imports of workbooks pay for it
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        book = load_workbook(path, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        return [[_cell(v) for v in row] for row in sheet.iter_rows(values_only=True)]
    except (InvalidFileException, OSError, KeyError, ValueError, IndexError) as error:
        raise DataError(f"{path.name} cannot be read as a workbook: {error}") from None


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.strftime("%Y%m%d")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def header_at(path: Path, rows: Sequence[Row], wanted: Callable[[Row], bool], what: str) -> int:
    """Index of the header row.

    Raises:
        DataError: no row within the first forty looks like it.
    """
    for index, row in enumerate(rows[:40]):
        if wanted(row):
            return index
    raise DataError(f"{path.name}: no header row of {what} in the first forty rows")


class Refusal:
    """Collects the first bad row; `frame` refuses the file whole where there is one."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def fail(self, number: int, column: str, value: str, expected: str) -> DataError:
        """The error that names row, column, value and what was expected."""
        return DataError(f"{self.path.name} is refused: row {number}, column {column}: {value!r} is not {expected}")

    def scaled(self, number: int, column: str, value: str, places: int) -> int:
        """A decimal string as an integer of 10**-places, exactly."""
        text = value.replace(",", "").strip() or "0"
        whole, _, part = text.partition(".")
        sign = -1 if whole.startswith("-") else 1
        digits = whole.lstrip("+-") or "0"
        if not digits.isdigit() or (part and not part.isdigit()):
            raise self.fail(number, column, value, "a number")
        if part.rstrip("0")[places:]:
            raise self.fail(number, column, value, f"a number with at most {places} places")
        return sign * int(digits + part[:places].ljust(places, "0"))

    def whole(self, number: int, column: str, value: str) -> int:
        """A whole number."""
        if not value.isdigit():
            raise self.fail(number, column, value, "a whole number")
        return int(value)

    def code(self, number: int, column: str, value: str) -> str:
        """A five-character HCPCS code."""
        if len(value) != 5 or not value.isalnum():
            raise self.fail(number, column, value, "a five-character code")
        return value.upper()

    def day(self, number: int, column: str, value: str) -> date | None:
        """YYYYMMDD, MM/DD/YYYY or ISO; `*` and blank are no date."""
        if value in {"", "*"}:
            return None
        for form in ("%Y%m%d", "%m/%d/%Y", "%Y-%m-%d", "%m/%d/%y"):
            try:
                return datetime.strptime(value, form).date()  # noqa: DTZ007 - a calendar day has no time zone
            except ValueError:
                continue
        raise self.fail(number, column, value, "a date (YYYYMMDD)")


def body(rows: Sequence[Row], start: int) -> Iterator[tuple[int, Row]]:
    """Non-empty rows after `start` with their 1-based numbers in the file."""
    for index in range(start, len(rows)):
        if any(rows[index]):
            yield index + 1, rows[index]


def table(
    path: Path, records: list[dict[str, Any]], schema: dict[str, pl.DataType], keys: Sequence[str]
) -> pl.DataFrame:
    """Records as a frame with unique keys.

    Raises:
        DataError: there is no row, or two rows share their keys.
    """
    if not records:
        raise DataError(f"{path.name} is refused: it has no rows")
    frame = pl.DataFrame(records, schema=schema, orient="row")
    twice = frame.select(keys).filter(pl.struct(pl.all()).is_duplicated()).head(1)
    if twice.height:
        raise DataError(f"{path.name} is refused: two rows share the key {dict(twice.row(0, named=True))}")
    return frame
