"""Toes and fingers named in a row that shares its noun: "L 1st, L 2nd and R 1st toes", "right toes 1-3"."""

import re
from typing import Final, NamedTuple

_SIDES: Final = {"r": "right", "right": "right", "rt": "right", "l": "left", "left": "left", "lt": "left"}
_ORDINALS: Final = {
    "1st": 1, "first": 1, "great": 1, "big": 1, "2nd": 2, "second": 2, "index": 2, "3rd": 3, "third": 3, "middle": 3, "long": 3,
    "4th": 4, "fourth": 4, "ring": 4, "5th": 5, "fifth": 5, "little": 5, "small": 5, "pinky": 5,
}  # fmt: skip
_TOES: Final = ("great toe", "second toe", "third toe", "fourth toe", "fifth toe")
_FINGERS: Final = ("thumb", "index finger", "middle finger", "ring finger", "little finger")
_SIDE: Final = r"\b(?:right|left|rt|lt|r|l)\b\.?"
_ITEM: Final = rf"(?:{_SIDE}\s+)?(?:{'|'.join(_ORDINALS)})"
_AND: Final = r"\s*(?:,\s*and|,\s*&|,|and|&|\+|/)\s*"
_NOUN: Final = r"(?P<noun>toe\s?nails?|finger\s?nails?|toes?|fingers?|digits?\s+of\s+(?:the\s+)?(?:foot|hand))"
_AHEAD: Final = re.compile(rf"(?P<items>{_ITEM}(?:{_AND}{_ITEM})+)\s+{_NOUN}\b", re.IGNORECASE)
_BEHIND: Final = re.compile(
    rf"(?:(?P<side>{_SIDE}|both|bilateral)\s+)?{_NOUN}\s*#?\s*(?P<numbers>[1-5](?:(?:{_AND}|\s*(?:-|\u2013|to|through)\s*)#?[1-5])+)(?![\d.]*\s*(?:cm|mm|x))"
    rf"(?:\s+(?:of\s+)?(?:the\s+)?(?P<after>{_SIDE}|both|bilateral)(?:\s+(?:foot|hand|feet|hands))?)?",
    re.IGNORECASE,
)
_ONE: Final = re.compile(rf"(?P<side>{_SIDE})?\s*(?P<name>{'|'.join(_ORDINALS)})", re.IGNORECASE)
_RUN: Final = re.compile(r"([1-5])\s*(?:-|\u2013|to|through)\s*#?([1-5])", re.IGNORECASE)


class Digit(NamedTuple):
    """One toe or finger of a row: its name, its side where told, and the characters of the row."""

    name: str
    side: str
    start: int
    end: int


def rows(text: str, begin: int, end: int) -> list[Digit]:
    """The digits of every row in a stretch of a note, in order.

    Args:
        text: the note.
        begin: first character of the stretch.
        end: character after it.
    """
    found: list[Digit] = []
    for match in _AHEAD.finditer(text, begin, end):
        names = _names(match["noun"])
        side = ""
        for item in _ONE.finditer(match["items"]):
            side = _SIDES.get((item["side"] or "").lower().rstrip("."), side)
            found.append(Digit(names[_ORDINALS[item["name"].lower()] - 1], side, match.start(), match.end()))
    for match in _BEHIND.finditer(text, begin, end):
        names = _names(match["noun"])
        told = (match["side"] or match["after"] or "").lower().rstrip(".")
        sides = ["right", "left"] if told in {"both", "bilateral"} else [_SIDES.get(told, "")]
        for side in sides:
            found += [Digit(names[n - 1], side, match.start(), match.end()) for n in _numbers(match["numbers"])]
    return found


def _names(noun: str) -> tuple[str, ...]:
    low = noun.lower()
    return _TOES if "toe" in low or "foot" in low else _FINGERS


def _numbers(text: str) -> list[int]:
    """The numbers of a row, runs filled in."""
    filled = _RUN.sub(lambda m: " ".join(str(n) for n in range(int(m.group(1)), int(m.group(2)) + 1)), text)
    return list(dict.fromkeys(int(n) for n in re.findall(r"[1-5]", filled)))
