"""PPRRVU: the national physician fee schedule relative value file (csv, ten header rows)."""

from pathlib import Path
from typing import Any, Final

import polars as pl

from cutis.model.errors import DataError
from cutis.reference.sources.common import Refusal, Row, body, header_at, rows_of, table

SCHEMA: Final[dict[str, pl.DataType]] = {
    "code": pl.String(),
    "modifier": pl.String(),
    "status": pl.String(),
    "work": pl.Int32(),  # hundredths of an RVU, as are the next three
    "pe_nonfac": pl.Int32(),
    "pe_fac": pl.Int32(),
    "mp": pl.Int32(),
    "na_nonfac": pl.Boolean(),
    "na_fac": pl.Boolean(),
    "pctc": pl.String(),
    "global_days": pl.String(),
    "pre_pct": pl.Int16(),  # percent of the global package, as are the next two
    "intra_pct": pl.Int16(),
    "post_pct": pl.Int16(),
    "mult_proc": pl.String(),
    "bilateral": pl.String(),
    "assistant": pl.String(),
    "cosurgeon": pl.String(),
    "team": pl.String(),
    "endo_base": pl.String(),
    "cf": pl.Int32(),  # ten-thousandths of a dollar per RVU
}

# Column positions are the same in every quarterly release since 2024; the header is checked against them.
_AT: Final = {
    "code": (0, "HCPCS"), "modifier": (1, "MOD"), "status": (3, "CODE"), "work": (5, "RVU"), "pe_nonfac": (6, "PE RVU"),
    "na_nonfac": (7, "INDICATOR"), "pe_fac": (8, "PE RVU"), "na_fac": (9, "INDICATOR"), "mp": (10, "RVU"),
    "total_nonfac": (11, "TOTAL"), "total_fac": (12, "TOTAL"), "pctc": (13, "IND"), "global_days": (14, "DAYS"),
    "pre_pct": (15, "OP"), "intra_pct": (16, "OP"), "post_pct": (17, "OP"), "mult_proc": (18, "PROC"),
    "bilateral": (19, "SURG"), "assistant": (20, "SURG"), "cosurgeon": (21, "SURG"), "team": (22, "SURG"),
    "endo_base": (24, "BASE"), "cf": (25, "FACTOR"),
}  # fmt: skip
_TEXT: Final = (
    "status", "pctc", "global_days", "mult_proc", "bilateral", "assistant", "cosurgeon", "team", "endo_base",
)  # fmt: skip


def matches(rows: list[Row]) -> bool:
    """Whether the rows look like this layout."""
    return any(r[:3] == ["HCPCS", "MOD", "DESCRIPTION"] for r in rows[:15])


def read(path: Path) -> pl.DataFrame:
    """Read the file.

    Returns:
        `SCHEMA`, one row per code and modifier; the descriptor column is not kept.

    Raises:
        DataError: the header is not this layout, or a row is bad (named), or work + PE + MP is not its total.
    """
    rows = rows_of(path)
    start = header_at(path, rows, lambda r: r[:3] == ["HCPCS", "MOD", "DESCRIPTION"], "PPRRVU")
    header = rows[start]
    for name, (at, title) in _AT.items():
        if len(header) <= at or header[at] != title:
            raise DataError(f"{path.name} is refused: column {at + 1} should be {title} ({name}), but is not")
    refusal = Refusal(path)
    records = [_record(refusal, number, row) for number, row in body(rows, start + 1)]
    return table(path, records, SCHEMA, ["code", "modifier"])


def _record(refusal: Refusal, number: int, row: Row) -> dict[str, Any]:
    if len(row) < 26:
        raise refusal.fail(number, "1", row[0] if row else "", "a row of 26 columns or more")
    cell = {name: row[at] for name, (at, _) in _AT.items()}
    record: dict[str, Any] = {name: cell[name] for name in _TEXT}
    record["code"] = refusal.code(number, "HCPCS", cell["code"])
    record["modifier"] = cell["modifier"]
    for name in ("work", "pe_nonfac", "pe_fac", "mp"):
        record[name] = refusal.scaled(number, name, cell[name], 2)
    for name in ("pre_pct", "intra_pct", "post_pct"):
        record[name] = refusal.scaled(number, name, cell[name], 2)
    record["cf"] = refusal.scaled(number, "CONV FACTOR", cell["cf"], 4)
    record["na_nonfac"] = cell["na_nonfac"] == "NA"
    record["na_fac"] = cell["na_fac"] == "NA"
    for pe, total in (("pe_nonfac", "total_nonfac"), ("pe_fac", "total_fac")):
        if record["work"] + record[pe] + record["mp"] != refusal.scaled(number, total, cell[total], 2):
            raise refusal.fail(number, total, cell[total], f"the sum of work, {pe} and MP")
    return record
