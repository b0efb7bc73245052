"""GPCI: geographic practice cost indices by MAC and locality (CMS Addendum E, or a plain csv of the same columns)."""

from pathlib import Path
from typing import Final

import polars as pl

from cutis.reference.sources.common import Refusal, Row, body, header_at, rows_of, table

SCHEMA: Final[dict[str, pl.DataType]] = {
    "mac": pl.String(),
    "state": pl.String(),
    "locality": pl.String(),
    "name": pl.String(),
    "work": pl.Int32(),  # thousandths, as are the next two
    "pe": pl.Int32(),
    "mp": pl.Int32(),
}


def _place(header: Row) -> dict[str, int]:
    """Positions of the seven columns by what their titles contain; of two work columns the floored one."""
    lower = [h.lower() for h in header]

    def find(*words: str, without: str = "\0") -> int:
        hits = [i for i, h in enumerate(lower) if all(w in h for w in words) and without not in h]
        return hits[0] if hits else -1

    floored = find("work", "floor", without="without") if find("work", "floor", without="without") >= 0 else -1
    pw = find("pw gpci", "with 1.0") if find("pw gpci", "with 1.0") >= 0 else find("pw gpci", without="without")
    return {
        "mac": max(find("mac", without="mp"), find("contractor"))
        if find("mac", without="mp") < 0
        else find("mac", without="mp"),
        "state": find("state"),
        "locality": find("locality", "number") if find("locality", "number") >= 0 else find("locality", without="name"),
        "name": find("locality name") if find("locality name") >= 0 else find("name"),
        "work": next((i for i in (floored, pw, find("work")) if i >= 0), -1),
        "pe": find("pe gpci") if find("pe gpci") >= 0 else find("pe_gpci"),
        "mp": find("mp gpci") if find("mp gpci") >= 0 else find("mp_gpci"),
    }


def matches(rows: list[Row]) -> bool:
    """Whether the rows look like this layout."""
    return any(min(_place(r).values()) >= 0 for r in rows[:15] if len(r) >= 7)


def read(path: Path) -> pl.DataFrame:
    """Read the file.

    Returns:
        `SCHEMA`, one row per MAC and locality.

    Raises:
        DataError: no header of this layout, or a row is bad (named).
    """
    rows = rows_of(path)
    start = header_at(path, rows, lambda r: len(r) >= 7 and min(_place(r).values()) >= 0, "GPCI")
    at = _place(rows[start])
    refusal = Refusal(path)
    records = []
    for number, row in body(rows, start + 1):
        if len(row) <= max(at.values()) or not row[at["mac"]].isdigit():
            continue  # notes under the table
        records.append(
            {
                "mac": row[at["mac"]].zfill(5),
                "state": row[at["state"]].upper(),
                "locality": row[at["locality"]].zfill(2),
                "name": row[at["name"]].strip(" *"),
                **{k: refusal.scaled(number, k, row[at[k]], 3) for k in ("work", "pe", "mp")},
            }
        )
    return table(path, records, SCHEMA, ["mac", "locality", "state"])
