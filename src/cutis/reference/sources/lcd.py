"""Coverage articles: the Medicare Coverage Database's csv tables (`current_article`, `all_article`), by their headers."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

import polars as pl

from cutis.reference.sources.common import Refusal, Row, body, header_at, rows_of

SCHEMA: Final[dict[str, pl.DataType]] = {
    "article": pl.String(),
    "version": pl.String(),
    "kind": pl.String(),  # code | covered | noncovered | article | contractor | number | jurisdiction | state
    "group": pl.String(),  # group of codes in an article; contractor, or state of the last three kinds
    "code": pl.String(),  # HCPCS code, ICD-10-CM without the dot, contractor, its number, state number, state
    "effective_from": pl.Date(),  # of an article's version
    "effective_to": pl.Date(),
}
FILES: Final = frozenset(
    {
        "article.csv", "article_x_hcpc_code.csv", "article_x_icd10_covered.csv", "article_x_icd10_noncovered.csv",
        "article_x_contractor.csv", "contractor.csv", "contractor_jurisdiction.csv", "state_lookup.csv",
    }
)  # fmt: skip
"""The tables of the database's archive that are used; it holds some thirty others."""

_BEGINS: Final = ("article_rev_eff_date", "rev_eff_date", "article_eff_date", "eff_date")
_ENDS: Final = ("article_rev_end_date", "rev_end_date", "article_end_date", "end_date")


class _Layout(NamedTuple):
    kind: str
    has: tuple[str, ...]
    lacks: tuple[str, ...]
    group: tuple[str, ...]
    code: tuple[str, ...]


_CONTRACTOR: Final = ("contractor_id", "contractor_type_id", "contractor_version")
_LAYOUTS: Final = (
    _Layout("code", ("article_id", "hcpc_code_id"), (), ("hcpc_code_group",), ("hcpc_code_id",)),
    _Layout("noncovered", ("article_id", "icd10_code_id", "icd10_noncovered_group"), (), ("icd10_noncovered_group",), ("icd10_code_id",)),
    _Layout("covered", ("article_id", "icd10_code_id"), (), ("icd10_covered_group",), ("icd10_code_id",)),
    _Layout("contractor", ("article_id", "contractor_id"), (), (), _CONTRACTOR),
    _Layout("article", ("article_id", "article_version", "title"), (), (), ("article_id",)),
    _Layout("number", ("contractor_id", "contractor_number"), (), _CONTRACTOR, ("contractor_number",)),
    _Layout("jurisdiction", ("contractor_id", "state_id"), ("article_id", "contractor_number"), _CONTRACTOR, ("state_id",)),
    _Layout("state", ("state_id", "state_abbrev"), ("contractor_id",), ("state_id",), ("state_abbrev",)),
)  # fmt: skip


def _layout(row: Row) -> _Layout | None:
    heads = {h.lower() for h in row}
    return next((x for x in _LAYOUTS if heads.issuperset(x.has) and not heads & set(x.lacks)), None)


def matches(rows: list[Row]) -> bool:
    """Whether the rows look like one of these layouts."""
    return any(_layout(r) for r in rows[:3])


def read(path: Path) -> pl.DataFrame:
    """Read one table of the database.

    Returns:
        `SCHEMA`: codes and diagnoses of articles by group, articles with their dates, contractors of articles, and the
        states and numbers of contractors.

    Raises:
        DataError: no header of these layouts, or a row is bad (named).
    """
    rows = rows_of(path)
    start = header_at(path, rows, lambda row: _layout(row) is not None, "coverage articles")
    layout = _layout(rows[start])
    assert layout is not None
    at = {h.lower(): n for n, h in enumerate(rows[start])}
    refusal = Refusal(path)
    records: list[dict[str, Any]] = []
    for number, row in body(rows, start + 1):
        cell = _cells(row, at)
        article = cell("article_id")
        code = "-".join(cell(n) for n in layout.code).strip("-").upper()
        if "article_id" in at and not article.isdigit():
            raise refusal.fail(number, "article_id", article, "the number of an article")
        if layout.kind in {"code", "covered", "noncovered"}:
            code = code.replace(".", "")
            if not code.isalnum():
                raise refusal.fail(number, layout.code[0], code, "an article with a code")
        day = layout.kind == "article"
        records.append(
            {
                "article": "A" + article if article else "",
                "version": cell("article_version"),
                "kind": layout.kind,
                "group": "-".join(cell(n) for n in layout.group),
                "code": code,
                "effective_from": _day(refusal, number, cell, _BEGINS) if day else None,
                "effective_to": _day(refusal, number, cell, _ENDS) if day else None,
            }
        )
    return pl.DataFrame(records, schema=SCHEMA, orient="row").unique(maintain_order=True)


def _cells(row: Row, at: dict[str, int]) -> Callable[[str], str]:
    return lambda name: row[at[name]].strip() if name in at and at[name] < len(row) else ""


def _day(refusal: Refusal, number: int, cell: Callable[[str], str], names: tuple[str, ...]) -> date | None:
    """The first of these columns that has a date; a time of day behind it is left out."""
    text = next((cell(n) for n in names if cell(n)), "")
    return refusal.day(number, names[0], text.split(" ")[0].split("T")[0])
