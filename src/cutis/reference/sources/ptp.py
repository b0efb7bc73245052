"""PTP: NCCI procedure-to-procedure edits, practitioner (tab-delimited text or xlsx, in quarterly parts)."""

from pathlib import Path
from typing import Any, Final

import polars as pl

from cutis.reference.sources.common import Refusal, Row, body, header_at, rows_of, table

SCHEMA: Final[dict[str, pl.DataType]] = {
    "column_one": pl.String(),
    "column_two": pl.String(),
    "indicator": pl.Int8(),
    "rationale": pl.String(),
    "effective_from": pl.Date(),
    "effective_to": pl.Date(),
}


def _is_header(row: Row) -> bool:
    cells = [c.lower().replace("\n", " ").replace(" ", "") for c in row]
    return len(cells) >= 5 and cells[0].startswith("column1") and cells[1].startswith("column2")


def _places(rows: list[Row], start: int) -> tuple[int, int, int]:
    """Where effective date, deletion date and modifier stand: the heads of a column joined over the rows of the header."""
    head = rows[start : start + 4]
    first = next((n for n, row in enumerate(head) if len(row[0]) == 5 and row[0].isalnum()), len(head))
    width = max(len(row) for row in head)
    joined = ["".join(row[n] for row in head[:first] if n < len(row)).lower().replace(" ", "") for n in range(width)]

    def find(word: str, otherwise: int) -> int:
        return next((n for n, text in enumerate(joined) if text.startswith(word) and n > 1), otherwise)

    return find("eff", 3), find("del", 4), find("mod", 5)


def matches(rows: list[Row]) -> bool:
    """Whether the rows look like this layout."""
    return any(_is_header(r) for r in rows[:15])


def read(path: Path) -> pl.DataFrame:
    """Read one part.

    Columns by their heads, which may run over several rows, else by place: column 1, column 2, in existence prior to
    1996, effective date, deletion date (`*` is none), modifier (0, 1, 9), rationale. Medicaid's files have no third. Pairs with indicator 9 are deleted ones and are left out.

    Returns:
        `SCHEMA`, one row per pair and effective date.

    Raises:
        DataError: no header of this layout, or a row is bad (named).
    """
    rows = rows_of(path)
    start = header_at(path, rows, _is_header, "PTP edits")
    refusal = Refusal(path)
    begins, ends, allowed = _places(rows, start)
    records: list[dict[str, Any]] = []
    for number, row in body(rows, start + 1):
        if len(row) <= allowed or not row[0]:
            if not any(len(c) == 5 and c.isalnum() for c in row[:2]):
                continue  # the header runs over several rows
            raise refusal.fail(number, "Column 1", row[0], "a whole row of seven columns")
        if len(row[0]) != 5 and number < start + 6:
            continue
        indicator = row[allowed][:1]
        if indicator not in {"0", "1", "9"}:
            raise refusal.fail(number, "Modifier", row[allowed], "0, 1 or 9")
        if indicator == "9":
            continue
        records.append(
            {
                "column_one": refusal.code(number, "Column 1", row[0]),
                "column_two": refusal.code(number, "Column 2", row[1]),
                "indicator": int(indicator),
                "rationale": "other",
                "effective_from": refusal.day(number, "Effective Date", row[begins]),
                "effective_to": refusal.day(number, "Deletion Date", row[ends]),
            }
        )
    return table(path, records, SCHEMA, ["column_one", "column_two", "effective_from"])
