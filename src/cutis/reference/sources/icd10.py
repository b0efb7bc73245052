"""ICD-10-CM: CMS's order file (fixed width, with the billable flag) or a plain list of codes with their headings."""

import re
from pathlib import Path
from typing import Final

import polars as pl

from cutis.model.errors import DataError

SCHEMA: Final[dict[str, pl.DataType]] = {
    "code": pl.String(),  # without the dot
    "billable": pl.Boolean(),  # False: a heading, too short to be billed
}

_ORDER = re.compile(r"^\d{5} ([A-Z][0-9A-Z]{2,6}) +([01]) ")
_CODE = re.compile(r"^[A-Z][0-9A-Z]{2,6}$")


def matches(head: str) -> bool:
    """Whether the text looks like either layout."""
    lines = head.splitlines()[:50]
    return sum(bool(_ORDER.match(x) or _CODE.match(x.strip())) for x in lines) > len(lines) // 2


def read(path: Path) -> pl.DataFrame:
    """Read the file.

    In a plain list a code is a heading where a longer code begins with it.

    Returns:
        `SCHEMA`, one row per code.

    Raises:
        DataError: a row is neither (named), or there is none.
    """
    lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    ordered = any(_ORDER.match(line) for line in lines[:50])
    codes: dict[str, bool] = {}
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text or "-" in text.split(" ")[0] or (not ordered and text.isdigit()):
            continue  # blank, a range of headings, or a chapter number
        if ordered:
            match = _ORDER.match(line)
            if not match:
                raise DataError(f"{path.name} is refused: row {number}: {text[:20]!r} is not a row of the order file")
            codes[match[1]] = match[2] == "1"
        elif _CODE.match(text):
            codes[text] = True
        else:
            raise DataError(f"{path.name} is refused: row {number}: {text[:20]!r} is not an ICD-10-CM code")
    if not codes:
        raise DataError(f"{path.name} is refused: it has no codes")
    if not ordered:
        _mark_headings(codes)
    return pl.DataFrame({"code": list(codes), "billable": list(codes.values())}, schema=SCHEMA)


def _mark_headings(codes: dict[str, bool]) -> None:
    for code in codes:
        for length in range(3, len(code)):
            if code[:length] in codes:
                codes[code[:length]] = False
