"""ASP: Medicare Part B payment limits of drugs (csv or xlsx)."""

from pathlib import Path
from typing import Any, Final

import polars as pl

from cutis.reference.sources.common import Refusal, Row, body, header_at, rows_of, table

SCHEMA: Final[dict[str, pl.DataType]] = {"code": pl.String(), "limit": pl.Int64()}  # thousandths of a dollar per unit


def _place(header: Row) -> dict[str, int]:
    lower = [h.lower() for h in header]
    return {
        "code": next((i for i, h in enumerate(lower) if "hcpcs" in h and "dosage" not in h and "desc" not in h), -1),
        "limit": next((i for i, h in enumerate(lower) if "payment limit" in h), -1),
    }


def matches(rows: list[Row]) -> bool:
    """Whether the rows look like this layout."""
    return any(min(_place(r).values()) >= 0 for r in rows[:20] if len(r) >= 3)


def read(path: Path) -> pl.DataFrame:
    """Read the file.

    Returns:
        `SCHEMA`, one row per drug code.

    Raises:
        DataError: no header of this layout, or a row is bad (named).
    """
    rows = rows_of(path)
    start = header_at(path, rows, lambda r: len(r) >= 3 and min(_place(r).values()) >= 0, "drug payment limits")
    at = _place(rows[start])
    refusal = Refusal(path)
    records: list[dict[str, Any]] = []
    for number, row in body(rows, start + 1):
        if len(row) <= max(at.values()) or not row[at["limit"]]:
            continue  # notes under the table
        code = refusal.code(number, "HCPCS code", row[at["code"]])
        records.append(
            {"code": code, "limit": refusal.scaled(number, "payment limit", row[at["limit"]].lstrip("$ "), 3)}
        )
    return table(path, records, SCHEMA, ["code"])
