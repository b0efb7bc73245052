"""Which service dates a CMS file speaks about, told by its name, as `RVU26C`, `Eff_04-01-2026`, `v322r0` or `ZIP5_JUL2026`."""

import re
from datetime import date, timedelta
from typing import Final

_MONTHS: Final = {m: n for n, m in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}  # noqa: SIM905
_MONTH: Final = "(" + "|".join(_MONTHS) + r")[a-z]*"
_LETTERS: Final = {"a": 1, "b": 4, "c": 7, "d": 10}
YEARLY: Final = frozenset({"fee", "gpci", "county"})


def date_in(name: str, table: str = "") -> date | None:
    """The first service date that a file name tells, or None."""
    for pattern, order in (
        (r"(?<!\d)(\d{1,2})-(\d{1,2})-(20\d{2})(?!\d)", (3, 1, 2)),
        (r"(?<!\d)(20\d{2})-(\d{2})-(\d{2})(?!\d)", (1, 2, 3)),
    ):
        if m := re.search(pattern, name):
            return _day(*(int(m[i]) for i in order))
    quarter = _quarter(name.lower())
    if quarter is not None:
        return quarter
    if m := re.search(r"(20\d{2})", name):
        # an ICD-10-CM file is of a fiscal year, which begins in the October before
        return date(int(m[1]) - 1, 10, 1) if table == "icd10" else date(int(m[1]), 1, 1)
    return None


def _quarter(name: str) -> date | None:
    """A month or quarter by its name; names in lower case."""
    if m := re.search(r"(20\d{2})\s*_?q([1-4])", name):
        return date(int(m[1]), 3 * int(m[2]) - 2, 1)
    if m := re.search(r"v(\d{2})([0-3])r", name):
        # NCCI version 322r0: the year of the edits less 1994, and the quarter counted from 0
        return date(1994 + int(m[1]), 3 * int(m[2]) + 1, 1)
    if m := re.search(r"rvu(\d{2})([a-d])", name):
        return date(2000 + int(m[1]), _LETTERS[m[2]], 1)
    if m := re.search(r"^(\d{2})locco", name):
        return date(2000 + int(m[1]), 1, 1)
    if m := re.search(r"(20\d{2})[ _-]*" + _MONTH, name):
        return date(int(m[1]), _MONTHS[m[2]], 1)
    if m := re.search(r"(?<![a-z])" + _MONTH + r"[ _-]*(?:\d{1,2}[ _,-]+)?(20\d{2})", name):
        return date(int(m[2]), _MONTHS[m[1]], 1)
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def quarter_end(first: date) -> date:
    """The last day of the quarter of a day."""
    month = 3 * ((first.month - 1) // 3) + 3
    year, following = (first.year + 1, 1) if month == 12 else (first.year, month + 1)
    return date(year, following, 1) - timedelta(days=1)


def last_day(table: str, first: date | None) -> date | None:
    """Tables of a year end with it; quarterly ones hold until the next."""
    if first is None:
        return None
    if table in YEARLY:
        return date(first.year, 12, 31)
    if table == "icd10":
        return date(first.year if first.month < 10 else first.year + 1, 9, 30)
    return quarter_end(first) if table == "asp" else None
