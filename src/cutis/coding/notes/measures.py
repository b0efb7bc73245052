"""Numbers of a note: lengths and areas in centimetres, counts, doses, spans of time; each with its place."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from cutis.coding.notes.tokens import Token

CM_PER: Final = {"cm": Decimal(1), "mm": Decimal("0.1"), "in": Decimal("2.54"), "inch": Decimal("2.54")}
WORDS: Final = {
    word: number
    for number, names in enumerate(
        [
            "zero", "one single a an once", "two couple pair twice", "three thrice triple", "four", "five", "six", "seven",
            "eight", "nine", "ten", "eleven", "twelve dozen", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
            "eighteen", "nineteen", "twenty",
        ]
    )
    for word in names.split()
} | {"thirty": 30, "forty": 40, "fifty": 50}  # fmt: skip
TENS: Final = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6}

_VULGAR: Final = {
    "½": "0.5",
    "¼": "0.25",
    "¾": "0.75",
    "⅓": "0.33",
    "⅔": "0.67",
    "⅛": "0.125",
    "⅜": "0.375",
    "⅝": "0.625",
    "⅞": "0.875",
}
_N = r"(?:\d{1,9}(?:\.\d{1,9})?|\.\d{1,9})"
# A length may also be written 1/2, 1 1/2, 1½ or, with a decimal comma, 0,5.
_L = rf"(?:\d{{1,3}}\s\d/\d{{1,2}}|\d/\d{{1,2}}|\d{{0,3}}[{''.join(_VULGAR)}]|\d{{1,3}},\d{{1,2}}(?!\d)|{_N})"
_UNIT = r"(?:cms?|mms?|inch(?:es)?|in(?=[.,;)]|$)|centimet(?:er|re)s?|millimet(?:er|re)s?)"
_DIM = rf"{_L}(?:\s{{0,3}}{_UNIT}\b)?"
_SIZE = re.compile(
    rf"(?P<mark>[<>~≤≥+]|\bup to\s)?\s{{0,3}}(?<![\w.½¼¾])(?<!\d/)(?:(?<!\d,)|(?=\d+\.))(?P<dims>{_DIM}(?:\s{{0,3}}(?:x|×|by)\s{{0,3}}{_DIM}){{0,2}})"  # noqa: RUF001
    rf"(?:\s{{0,3}}(?P<dash>-|–|to)\s{{0,3}}(?P<upper>{_L}))?\s{{0,3}}-?\s{{0,3}}(?P<unit>{_UNIT})(?![a-z³3]|/(?!\s?(?:side|each|edge|dir|w)))"  # noqa: RUF001
    r"(?P<square>[ \t]{0,3}(?:2|²|\^2|sq(?:uared?)?)(?!\w|\.\d))?",
    re.IGNORECASE,
)
_AREA = re.compile(
    rf"(?<![\w.])(?P<value>{_N})\s{{0,3}}-?\s{{0,3}}(?:sq(?:uare)?\.?\s{{0,3}}(?:cms?|centimet(?:er|re)s?)|cm\s{{0,3}}(?:2|²|\^2|sq))(?!\w)",
    re.IGNORECASE,
)
_DIGITS = re.compile(rf"{_L}")
_OWN_UNIT = re.compile(rf"{_L}\s{{0,3}}({_UNIT})?\b", re.IGNORECASE)
_DOSE = re.compile(
    rf"(?<![\w.])(?P<value>{_N})\s{{0,3}}-?\s{{0,3}}(?P<unit>mg/ml|mg/cc|mj/cm2|j/cm2|mg|mcg|g|grams?|gm|ml|cc|iu|units?|u|%)(?![\w/])",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?<![\w.,/-])\d\.\d{1,2}(?=\s{0,3}(?:[.,;)\n]|$)(?!\d))")  # a length whose unit was left out
_TIME = re.compile(
    rf"(?<![\w.])(?P<value>{_N}(?=\s{{0,3}}-?\s{{0,3}}[dwmyhs])|(?:an?|one|two|three|four|five|six)(?=[\s-]+(?:d[a]|w|mo|y|mi|h|se)))"
    r"\s{0,3}-?\s{0,3}(?P<unit>days?|d|wks?|weeks?|w|months?|mos?|yrs?|years?|y|min(?:ute)?s?|hrs?|hours?|h|sec(?:ond)?s?|s)\b(?!/)",
    re.IGNORECASE,
)
_ONES = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|twenty|half(?: an?)?"
# "six point one cm", "two and a half centimeters", "seven cm"
_SPELLED: Final = re.compile(
    rf"\b(?P<whole>{_ONES})(?:[\s-]+point[\s-]+(?P<part>(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)))?(?P<half>\s+and\s+(?:a\s+)?half)?"
    rf"[\s-]+(?P<unit>{_UNIT})\b(?!\s*(?:2|\u00b2|sq))",
    re.IGNORECASE,
)
_ROW: Final = re.compile(
    rf"(?<![\w.,/x×#-])(?:{_N}\s{{0,2}}(?:,\s{{0,2}}(?:and\s{{1,2}}|&\s{{0,2}})?|\+\s{{0,2}}|&\s{{0,2}}|;\s{{0,2}}|and\s{{1,2}}))+$",  # noqa: RUF001
    re.IGNORECASE,
)
_ROW_NUMBER: Final = re.compile(_N)
_ROW_OPENS: Final = re.compile(
    r"(?:[:(=]|\b(?:of|sizes?|measur\w+|diameters?|lengths?|are|were))\s{0,2}$", re.IGNORECASE
)
_ROW_REACH: Final = 60
LISTED: Final = "list"  # the unit of a size in a row that shares one
_DAYS: Final = {"d": 1, "w": 7, "m": 30, "y": 365}


class Measure(NamedTuple):
    """A number with its unit.

    Attributes:
        kind: size, area, dose, days, minutes, or bare (a decimal without a unit).
        value: cm for sizes (the greatest dimension), square cm for areas, the written unit for doses, days, minutes.
        unit: of a dose as written, lower case; of a size in a row that shares its unit "list".
        dims: all dimensions of a size, in cm, as written.
        low: the lower end where a range was written, as 3-4 mm; else None.
        mark: a sign before it: <, >, ~, +.
        start: first character.
        end: character after the last.
    """

    kind: str
    value: Decimal
    unit: str
    dims: tuple[Decimal, ...]
    low: Decimal | None
    mark: str
    start: int
    end: int


def amount(text: str) -> Decimal:
    """The number that a piece of a note writes: 1.5, 0,5, 1/2, 1 1/2, 1½."""
    for sign, value in _VULGAR.items():
        if text.endswith(sign):
            return Decimal(text[:-1].strip() or 0) + Decimal(value)
    if "/" in text:
        *whole, fraction = text.split()
        above, _, below = fraction.partition("/")
        share = Decimal(above) / Decimal(below) if int(below) else Decimal(0)
        return Decimal(whole[0] if whole else 0) + share.quantize(Decimal("0.01")).normalize()
    return Decimal(text.replace(",", "."))


def _unit(word: str) -> str:
    low = word.lower()
    return "mm" if low.startswith(("mm", "milli")) else "in" if low.startswith("in") else "cm"


def _size(match: re.Match[str]) -> Measure:
    per = CM_PER[_unit(match["unit"])]
    numbers = [amount(n) for n in _DIGITS.findall(match["dims"])]
    # "5 mm x 0.4 cm": each part may have a unit of its own; the last unit speaks for those without.
    own = _OWN_UNIT.findall(match["dims"])
    scale = [CM_PER[_unit(u)] if u else per for u in own] if len(own) == len(numbers) else [per] * len(numbers)
    dims = tuple(n * s for n, s in zip(numbers, scale, strict=True))
    low = None
    if match["upper"]:
        low, dims = dims[-1], (*dims[:-1], amount(match["upper"]) * per)
    start = match.start("mark") if match["mark"] else match.start("dims")
    mark = (match["mark"] or "").strip()
    if match["square"]:
        area = dims[0] * per if len(dims) == 1 else dims[0] * dims[1]
        return Measure("area", area, "", dims, low, mark, start, match.end())
    return Measure("size", max(dims), "", dims, low, mark, start, match.end())


def _row(text: str, match: re.Match[str], size: Measure) -> list[Measure]:
    """A size, after those before it that share its unit: "0.9, 1.4 and 1.6 cm"."""
    if len(size.dims) != 1 or size.kind != "size" or size.mark:
        return [size]
    begin = max(0, match.start("dims") - _ROW_REACH)
    before = _ROW.search(text[begin : match.start("dims")])
    if before is None:
        return [size]
    whole = "." not in match["dims"]
    numbers = list(_ROW_NUMBER.finditer(before.group()))
    if any("." not in n.group() for n in numbers) and not (whole and _ROW_OPENS.search(text[: begin + before.start()])):
        return [size]  # "x3, 4 mm" counts three, each of 4 mm
    per = CM_PER[_unit(match["unit"])]
    found = []
    for n in numbers:
        start = begin + before.start() + n.start()
        value = Decimal(n.group()) * per
        found.append(Measure("size", value, LISTED, (value,), None, "", start, start + len(n.group())))
    return [*found, size._replace(unit=LISTED)]


def _spelled(match: re.Match[str]) -> Decimal:
    """A length written in words, in cm."""
    whole = match["whole"].lower()
    value = Decimal("0.5") if whole.startswith("half") else Decimal(WORDS[whole])
    if match["part"]:
        value += Decimal(WORDS.get(match["part"].lower(), 0)) / 10
    if match["half"]:
        value += Decimal("0.5")
    return value * CM_PER[_unit(match["unit"])]


def _span(match: re.Match[str]) -> Measure:
    word = match["value"].lower()
    value = Decimal(WORDS[word]) if word.isalpha() else Decimal(word)
    unit = match["unit"].lower()
    if unit.startswith(("min", "h")):
        return Measure(
            "minutes", value * (60 if unit.startswith("h") else 1), "", (), None, "", match.start(), match.end()
        )
    if unit.startswith("s"):
        return Measure("seconds", value, "", (), None, "", match.start(), match.end())
    return Measure("days", value * _DAYS[unit[0]], unit[0], (), None, "", match.start(), match.end())


def _long_in_words(match: re.Match[str]) -> Measure:
    value = _spelled(match)
    return Measure("size", value, "", (value,), None, "", match.start(), match.end())


def _area(match: re.Match[str]) -> Measure:
    return Measure("area", Decimal(match["value"]), "", (), None, "", match.start(), match.end())


def _dose(match: re.Match[str]) -> Measure:
    unit = match["unit"].lower()
    unit = _DOSE_UNITS.get(unit, unit)
    return Measure("dose", Decimal(match["value"]), unit, (), None, "", match.start(), match.end())


def _bare(match: re.Match[str]) -> Measure:
    value = Decimal(match.group())
    return Measure("bare", value, "", (value,), None, "", match.start(), match.end())


_DOSE_UNITS: Final = {"u": "unit", "units": "unit", "iu": "unit", "grams": "g", "gram": "g", "gm": "g", "cc": "ml"}
_READERS: Final = ((_SPELLED, _long_in_words), (_AREA, _area), (_DOSE, _dose), (_TIME, _span), (_BARE, _bare))


def measures(text: str) -> list[Measure]:
    """Sizes, areas, doses and times of a text in order; where two readings overlap the first kind named here wins."""
    found: list[Measure] = []
    if not (_DIGITS.search(text) or _SPELLED.search(text)):
        return found
    taken: set[int] = set()

    def keep(measure: Measure) -> None:
        places = range(measure.start, measure.end)
        if taken.isdisjoint(places):
            taken.update(places)
            found.append(measure)

    for match in _SIZE.finditer(text):
        for part in _row(text, match, _size(match)):
            keep(part)
    for pattern, read in _READERS:
        for match in pattern.finditer(text):
            keep(read(match))
    return sorted(found, key=lambda m: m.start)


def number(tokens: Sequence[Token], at: int) -> tuple[int, int] | None:
    """A whole number written at a token, in digits or words ("twenty five"), and the token after it; else None."""
    raw, norm = tokens[at].raw, tokens[at].norm
    if raw.isdecimal():
        return (int(raw), at + 1) if len(raw) < 4 else None
    if (
        norm in TENS
        and at + 1 < len(tokens)
        and 0 < (WORDS.get(tokens[at + 1].norm, 0)) < 10
        and tokens[at + 1].norm not in {"a", "an"}
    ):
        return TENS[norm] + WORDS[tokens[at + 1].norm], at + 2
    if norm in WORDS:
        return WORDS[norm], at + 1
    return None
