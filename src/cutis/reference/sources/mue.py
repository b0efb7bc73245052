"""MUE: medically unlikely edits for practitioner services (CMS csv or xlsx, and the plain csv of earlier releases)."""

import re
from pathlib import Path
from typing import Final

import polars as pl

from cutis.reference.sources.common import Refusal, Row, body, header_at, rows_of, table

SCHEMA: Final[dict[str, pl.DataType]] = {
    "code": pl.String(),
    "mue": pl.Int32(),
    "mai": pl.Int8(),
    "rationale": pl.String(),
}


def _is_header(row: Row) -> bool:
    first = row[0].replace("\n", "").replace(" ", "").lower() if row else ""
    return len(row) >= 3 and first in {"hcpcs/cptcode", "hcpcs_code"}


def matches(rows: list[Row]) -> bool:
    """Whether the rows look like this layout."""
    return any(_is_header(r) and "mue" in "".join(r).lower() for r in rows[:15])


def read(path: Path) -> pl.DataFrame:
    """Read the file.

    Medicaid's files have no adjudication indicator: each of its edits is of the line (indicator 1).

    Returns:
        `SCHEMA`, one row per code.

    Raises:
        DataError: no header of this layout, or a row is bad (named).
    """
    rows = rows_of(path)
    start = header_at(path, rows, _is_header, "MUE")
    refusal = Refusal(path)
    records = []
    has_mai = any(re.search(r"adjudication|mai\b", cell.lower()) for cell in rows[start])
    for number, row in body(rows, start + 1):
        mai = row[2][:1] if has_mai else "1"
        if mai not in {"1", "2", "3"}:
            raise refusal.fail(number, "MAI", row[2], "1, 2 or 3")
        records.append(
            {
                "code": refusal.code(number, "code", row[0]),
                "mue": refusal.whole(number, "MUE", row[1]),
                "mai": int(mai),
                "rationale": row[3 if has_mai else 2],
            }
        )
    return table(path, records, SCHEMA, ["code"])
