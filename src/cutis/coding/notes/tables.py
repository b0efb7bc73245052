"""Tables of a note: rows of cells between bars, under a row that names the columns and their unit."""

import re
from bisect import bisect_right
from decimal import Decimal
from typing import Final, NamedTuple

from cutis.coding.notes.measures import CM_PER, Measure
from cutis.coding.notes.tokens import Token

_LINE: Final = re.compile(r"[^\n]*\|[^\n]*")
_CELL: Final = re.compile(r"[^|\n]+")
_NAMES: Final = re.compile(
    r"\b(?:site|location|where|lesions?|size|diam\w*|dx|diagnosis|path\w*|treatment|tx|margins?|count|number|no|qty|length|closure|repair|"
    r"procedure|technique|units?|dose|area|blocks?|stages?|excised|type|result|method|wound)\b",
    re.IGNORECASE,
)
_COLUMNS: Final = (
    ("margin", re.compile(r"margin", re.IGNORECASE)),
    ("excised", re.compile(r"excised|with margins|incl", re.IGNORECASE)),
    ("repair", re.compile(r"length|closure|repair", re.IGNORECASE)),
    ("area", re.compile(r"area|sq", re.IGNORECASE)),
    ("lesion", re.compile(r"size|diam|lesion|wound|pre", re.IGNORECASE)),
)
_UNIT: Final = re.compile(r"\b(cm|mm)\b", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\s*(\d{1,3}(?:\.\d{1,2})?)\s*(cm|mm)?\s*", re.IGNORECASE)
COLUMN: Final = "column "


def _begin(line: tuple[int, int]) -> int:
    return line[0]


class Rows(NamedTuple):
    """The rows of the tables of a note.

    Attributes:
        lines: first and last character of every row, that of the names of columns among them.
        names: first characters of the rows that name columns.
        measures: lengths of cells whose column says what they are; their unit is "column " and the role.
    """

    lines: list[tuple[int, int]]
    names: frozenset[int]
    measures: list[Measure]

    def hold(self, token: Token) -> bool:
        """Whether a token is a bar between the cells of a row."""
        return token.raw == "|" and self.row(token.start) is not None

    def row(self, place: int) -> int | None:
        """First character of the row that a place of the note lies in."""
        at = bisect_right(self.lines, place, key=_begin) - 1
        return self.lines[at][0] if at >= 0 and self.lines[at][0] <= place < self.lines[at][1] else None


def table_rows(text: str) -> Rows:
    """The rows of the tables of a note. A line with a colon in it is no row, but labels set apart by bars.

    Args:
        text: the note.
    """
    if "|" not in text:
        return Rows([], frozenset(), [])
    lines: list[tuple[int, int]] = []
    names: set[int] = set()
    found: list[Measure] = []
    columns: list[tuple[str, str]] = []
    last = -2
    for match in _LINE.finditer(text):
        if ":" in match.group():
            columns = []
            continue
        cells = list(_CELL.finditer(text, match.start(), match.end()))
        lines.append((match.start(), match.end()))
        if match.start() != last + 1:
            columns = []
        last = match.end()
        if not any(c.isdecimal() for c in match.group()) and sum(bool(_NAMES.search(c.group())) for c in cells) > 1:
            names.add(match.start())
            columns = [_column(c.group()) for c in cells]
            continue
        for cell, (role, unit) in zip(cells, columns, strict=False):
            number = _NUMBER.fullmatch(cell.group())
            per = (number[2] if number else "") or unit
            if number is None or not role or not per:
                continue
            value = Decimal(number[1]) * CM_PER[per.lower()]
            start = cell.start() + number.start(1)
            found.append(Measure("size", value, COLUMN + role, (value,), None, "", start, cell.start() + number.end(1)))
    return Rows(lines, frozenset(names), found)


def _column(name: str) -> tuple[str, str]:
    """What a column measures, and in which unit; empty where it measures nothing."""
    unit = _UNIT.search(name)
    role = next((role for role, pattern in _COLUMNS if pattern.search(name)), "")
    return role, unit.group(1) if unit else ""
