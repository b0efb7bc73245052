"""Coverage articles: the Medicare Coverage Database's csv tables of codes and diagnoses by article."""

from pathlib import Path
from typing import Any, Final

import polars as pl

from cutis.reference.sources.common import Refusal, Row, body, header_at, rows_of

SCHEMA: Final[dict[str, pl.DataType]] = {
    "article": pl.String(),
    "version": pl.String(),
    "kind": pl.String(),  # code | covered | noncovered
    "group": pl.String(),
    "code": pl.String(),  # HCPCS code, or ICD-10-CM without the dot
}
_KINDS: Final = {"hcpc_code": "code", "icd10_covered": "covered", "icd10_noncovered": "noncovered"}


def _place(header: Row) -> dict[str, int]:
    lower = [h.lower() for h in header]

    def find(*names: str) -> int:
        return next((i for i, h in enumerate(lower) if h in names), -1)

    return {
        "article": find("article_id"),
        "version": find("article_version"),
        "group": find("icd10_covered_group", "icd10_noncovered_group", "hcpc_code_group"),
        "code": find("icd10_code_id", "hcpc_code_id"),
    }


def _is_header(row: Row) -> bool:
    at = _place(row)
    return at["article"] >= 0 and at["code"] >= 0


def matches(rows: list[Row]) -> bool:
    """Whether the rows look like this layout."""
    return any(_is_header(r) for r in rows[:3])


def read(path: Path) -> pl.DataFrame:
    """Read one of `article_x_hcpc_code`, `article_x_icd10_covered`, `article_x_icd10_noncovered`.

    Returns:
        `SCHEMA`, one row per article, version, group and code.

    Raises:
        DataError: no header of this layout, or a row is bad (named).
    """
    rows = rows_of(path)
    start = header_at(path, rows, _is_header, "coverage articles")
    at = _place(rows[start])
    named = next((k for part, k in _KINDS.items() if part in path.stem.lower()), None)
    kind = named or ("code" if "hcpc_code_id" in [h.lower() for h in rows[start]] else "covered")
    refusal = Refusal(path)
    records: list[dict[str, Any]] = []
    for number, row in body(rows, start + 1):
        code = row[at["code"]].replace(".", "").upper()
        if not code.isalnum() or not row[at["article"]].isdigit():
            raise refusal.fail(number, "article_id or code", row[at["code"]], "an article with a code")
        records.append(
            {
                "article": "A" + row[at["article"]],
                "version": row[at["version"]] if at["version"] >= 0 else "",
                "kind": kind,
                "group": row[at["group"]] if at["group"] >= 0 else "",
                "code": code,
            }
        )
    return pl.DataFrame(records, schema=SCHEMA, orient="row").unique(maintain_order=True)
