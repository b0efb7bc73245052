"""ZIP code to carrier locality: CMS's fixed-width ZIP5 file, or a csv or xlsx with the same columns."""

import re
from pathlib import Path
from typing import Any, Final

import polars as pl

from cutis.model.errors import DataError
from cutis.reference.sources.common import Refusal, Row, body, header_at, rows_of, table

SCHEMA: Final[dict[str, pl.DataType]] = {
    "zip": pl.String(),
    "state": pl.String(),
    "mac": pl.String(),
    "locality": pl.String(),
    "several": pl.Boolean(),  # the ZIP code runs over several localities: its four more digits decide (ZIP9 file)
}
# CMS's ZIP5 layout: state (1-2), ZIP (3-7), carrier (8-12), pricing locality (13-14), plus-four flag (21)
_FIXED = re.compile(r"^([A-Z]{2})(\d{5})(\d{5})(\d{2})(?:.{6}(.))?")


def _place(header: Row) -> dict[str, int]:
    lower = [h.lower() for h in header]

    def find(*names: str) -> int:
        return next((i for i, h in enumerate(lower) if any(n in h for n in names)), -1)

    return {"zip": find("zip"), "state": find("state"), "mac": find("carrier", "mac"), "locality": find("locality")}


def _flag_at(header: Row) -> int | None:
    return next((i for i, h in enumerate(header) if re.search(r"plus ?(4|four)", h.lower())), None)


def matches(rows: list[Row]) -> bool:
    """Whether the rows look like this layout."""
    if any(len(r) >= 4 and min(_place(r).values()) >= 0 and "gpci" not in "".join(r).lower() for r in rows[:5]):
        return True
    # most of the first rows: one bad row among them is to be named by the reader
    first = rows[:5]
    return sum(bool(_FIXED.match("".join(r))) for r in first) > len(first) // 2


def read(path: Path) -> pl.DataFrame:
    """Read the file.

    Returns:
        `SCHEMA`, one row per ZIP code.

    Raises:
        DataError: no header of this layout, or a row is bad (named).
    """
    rows = rows_of(path)
    refusal = Refusal(path)
    if rows and _FIXED.match("".join(rows[0])):
        return _fixed(path, rows)
    start = header_at(path, rows, lambda r: len(r) >= 4 and min(_place(r).values()) >= 0, "ZIP to locality")
    at, flag = _place(rows[start]), _flag_at(rows[start])
    records: list[dict[str, Any]] = []
    for number, row in body(rows, start + 1):
        code, mac = row[at["zip"]].zfill(5), row[at["mac"]].zfill(5)
        if not (code.isdigit() and len(code) == 5):
            raise refusal.fail(number, "ZIP", row[at["zip"]], "a ZIP code")
        if not (mac.isdigit() and len(mac) == 5):
            raise refusal.fail(number, "carrier", row[at["mac"]], "a MAC number")
        records.append(
            {
                "zip": code,
                "state": row[at["state"]],
                "mac": mac,
                "locality": row[at["locality"]].zfill(2),
                "several": flag is not None and len(row) > flag and row[flag] == "1",
            }
        )
    return table(path, records, SCHEMA, ["zip"])


def _fixed(path: Path, rows: list[Row]) -> pl.DataFrame:
    records = []
    for number, row in body(rows, 0):
        match = _FIXED.match("".join(row))
        if not match:
            raise DataError(f"{path.name} is refused: row {number} is not state, ZIP, carrier and locality")
        named = dict(zip(("state", "zip", "mac", "locality", "several"), match.groups(), strict=True))
        records.append({**named, "several": named["several"] == "1"})
    return table(path, records, SCHEMA, ["zip"])
