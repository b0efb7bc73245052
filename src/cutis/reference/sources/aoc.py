"""Add-on code edits: which primary codes an add-on code may stand beside (csv, or CMS's text and xlsx)."""

from pathlib import Path
from typing import Final

import polars as pl

from cutis.reference.sources.common import Refusal, Row, body, header_at, rows_of

SCHEMA: Final[dict[str, pl.DataType]] = {
    "addon": pl.String(),
    "primary": pl.String(),  # CCCCC: the contractor decides
    "edit_type": pl.Int8(),  # 1: only these primaries; 2: the contractor decides; 3: some primaries are named
}


def _place(header: Row) -> dict[str, int]:
    lower = [h.lower().replace("-", "_").replace(" ", "_") for h in header]

    def find(*names: str) -> int:
        return next((i for i, h in enumerate(lower) if any(n in h for n in names)), -1)

    return {
        "addon": find("add_on_code", "addon_code"),
        "primary": find("primary"),
        "edit_type": find("edit_type", "type"),
        "first": find("effective", "eff_"),
        "last": find("deletion", "del_"),
    }


def _is_header(row: Row) -> bool:
    at = _place(row)
    return at["addon"] >= 0 and at["primary"] >= 0 and at["addon"] != at["primary"]


def matches(rows: list[Row]) -> bool:
    """Whether the rows look like this layout."""
    return any(_is_header(r) for r in rows[:15] if len(r) >= 3)


def read(path: Path) -> pl.DataFrame:
    """Read the file.

    Returns:
        `SCHEMA`, one row per pair; rows deleted by their own date are left out.

    Raises:
        DataError: no header of this layout, or a row is bad (named).
    """
    rows = rows_of(path)
    start = header_at(path, rows, _is_header, "add-on code edits")
    at = _place(rows[start])
    refusal = Refusal(path)
    records = []
    for number, row in body(rows, start + 1):
        if len(row) <= max(at["addon"], at["primary"], at["edit_type"]):
            raise refusal.fail(number, "1", row[0], "a whole row")
        if at["last"] >= 0 and refusal.day(number, "deletion date", row[at["last"]]):
            continue
        kind = row[at["edit_type"]] if at["edit_type"] >= 0 else "1"
        if kind not in {"1", "2", "3"}:
            raise refusal.fail(number, "edit type", kind, "1, 2 or 3")
        records.append(
            {
                "addon": refusal.code(number, "add-on code", row[at["addon"]]),
                "primary": refusal.code(number, "primary code", row[at["primary"]]),
                "edit_type": int(kind),
            }
        )
    return pl.DataFrame(records, schema=SCHEMA, orient="row").unique(maintain_order=True)
