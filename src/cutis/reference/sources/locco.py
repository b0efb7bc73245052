"""LOCCO: the counties of each payment locality (CMS, in the archive of the relative value files; csv or xlsx)."""

import re
from pathlib import Path
from typing import Any, Final

import polars as pl

from cutis.reference.sources.common import Refusal, Row, body, header_at, rows_of, table

SCHEMA: Final[dict[str, pl.DataType]] = {
    "mac": pl.String(),
    "locality": pl.String(),
    "state_name": pl.String(),  # as CMS writes it, in full, upper case
    "county": pl.String(),  # upper case without "county"; ALL for all of the state, OTHER for all not named elsewhere
}
ALL: Final = "ALL"
OTHER: Final = "OTHER"


def _place(header: Row) -> dict[str, int]:
    lower = [h.lower() for h in header]

    def find(*words: str) -> int:
        return next((i for i, h in enumerate(lower) if any(w in h for w in words)), -1)

    return {
        "mac": find("contractor", "mac"),
        "locality": find("locality"),
        "state": find("state"),
        "counties": find("counties", "county"),
    }


def matches(rows: list[Row]) -> bool:
    """Whether the rows look like this layout."""
    return any(min(_place(r).values()) >= 0 and "gpci" not in "".join(r).lower() for r in rows[:10] if len(r) >= 4)


def read(path: Path) -> pl.DataFrame:
    """Read the file.

    Returns:
        `SCHEMA`, one row per locality and county.

    Raises:
        DataError: no header of this layout, or a row is bad (named).
    """
    rows = rows_of(path)
    start = header_at(path, rows, lambda r: len(r) >= 4 and min(_place(r).values()) >= 0, "localities and counties")
    at = _place(rows[start])
    refusal = Refusal(path)
    records: list[dict[str, Any]] = []
    state = ""
    for number, row in body(rows, start + 1):
        if len(row) <= max(at.values()):
            raise refusal.fail(number, "1", row[0] if row else "", "a row of the width of its header")
        state = row[at["state"]].upper() or state  # written once for all localities of a state
        if not row[at["mac"]]:
            continue
        mac, locality = row[at["mac"]].zfill(5), row[at["locality"]].zfill(2)
        if not (mac.isdigit() and len(mac) == 5):
            raise refusal.fail(number, "contractor", row[at["mac"]], "a MAC number")
        records += [
            {"mac": mac, "locality": locality, "state_name": state, "county": county}
            for county in _counties(row[at["counties"]])
        ]
    return table(path, records, SCHEMA, ["mac", "locality", "state_name", "county"])


def _counties(text: str) -> list[str]:
    upper = " ".join(text.upper().split())
    if "OTHER" in upper:
        return [OTHER]
    if upper.startswith("ALL COUNTIES") or not upper:
        return [ALL]
    words = (plain(w) for w in re.split(r"[,/;]| AND ", upper))
    return sorted({w for w in words if w})


def plain(name: str) -> str:
    """A county's name as it is compared: upper case, without `county`, points and brackets."""
    text = re.sub(r"[().]", " ", name.upper())
    return " ".join(w for w in text.split() if w not in {"COUNTY", "COUNTIES", "CNTY", "PARISH", "BOROUGH"})
