"""Drugs and how much of them was given, in the unit they are billed by."""

import itertools
import re
from decimal import Decimal
from typing import Final

from cutis.coding.notes.acts import Act
from cutis.coding.notes.document import Document
from cutis.coding.notes.measures import Measure

_STRENGTH_IN_NAME: Final = re.compile(
    r"(?:kenalog|tac|triamcinolone|\bk|\bilk)[\s-]*(2\.5|5|10|20|40)\b(?!\s*(?:mg\b(?!/)|lesion|keloid|plaque|ml|cc))",
    re.IGNORECASE,
)
_UNITS_PER_ML: Final = re.compile(r"(\d{1,3}(?:\.\d{1,2})?)\s*(?:units?|u|iu)\s*(?:/|per)\s*(?:ml|cc)\b", re.IGNORECASE)
_EACH: Final = re.compile(r"^\W*(?:each|per|/|to each|apiece|in each|a side|every)\b", re.IGNORECASE)
_WASTE: Final = re.compile(
    r"^\s*(?:was\s|were\s|of\s|\(|(?:left\s?over|remaining|remainder|unused|residual|extra)[\s,(]*(?:was\s|were\s|and\s)?)?(?:discard|wast|thrown|destroyed)",
    re.IGNORECASE,
)
_EACH_POINT: Final = re.compile(
    r"\b(?:points?|sites?|injections?|aliquots?|spots?|doses?|increments?)\s+of\s*$", re.IGNORECASE
)
_WASTE_BEFORE: Final = re.compile(r"(?:discard\w*|wast\w*)\W*(?:of\W*)?$", re.IGNORECASE)
_VIAL: Final = re.compile(r"^\W*(?:\w+\W+){0,2}(?:vial|syringe|bottle)", re.IGNORECASE)
_GIVEN: Final = {"mg": "mg", "ml": "ml", "unit": "units", "g": "grams"}
_TUBE_GRAMS: Final = Decimal(2)  # a tube of 10% aminolevulinic acid gel holds 2 g


def doses(document: Document, act: Act) -> None:
    """Set `drug`, `mg`, `ml`, `units`, `grams`, `doses` and `discarded` of an act where the note gives them."""
    spans = [r for r in sorted(set(act.ranges)) if r[0] < r[1]]
    mentions = [
        m for m in document.mentions if m.kind in {"drug", "biologic"} and any(a <= m.first < b for a, b in spans)
    ]
    named = [m for m in mentions if m.kind == "drug"]
    # The gel names its strength; "ALA" alone does not, so the longer name wins.
    if named:
        best = max(named, key=lambda m: (m.value == "J7345", m.last - m.first))
        act.put("drug", best.value, best.start, best.end)
    taken = [
        m for m in document.measures if m.kind == "dose" and any(a <= document.token_at(m.start) < b for a, b in spans)
    ]
    _amounts(document, act, taken)
    _sticks(act)


def _amounts(document: Document, act: Act, taken: list[Measure]) -> None:
    given: dict[str, list[tuple[Measure, Decimal]]] = {}
    strength = _strength(document, act, taken)
    for measure in taken:
        after = document.text[measure.end : measure.end + 30]
        before = document.text[max(0, measure.start - 20) : measure.start]
        if _WASTE.match(after) or _WASTE_BEFORE.search(before):
            act.put("discarded", measure.value, measure.start, measure.end)
        elif (
            measure.unit in _GIVEN
            and not _EACH_POINT.search(before)
            and not (_VIAL.match(after) and _told(taken, measure))
        ):
            tubes = act.get("count_tube") if measure.unit == "g" else None
            times = (tubes or _times(act, after)) if _EACH.match(after) else 1
            given.setdefault(measure.unit, []).append((measure, measure.value * times))
    for unit, name in _GIVEN.items():
        if found := given.get(unit):
            act.put(name, _total(document, act, found), found[0][0].start, found[-1][0].end)
    per_ml = _UNITS_PER_ML.search(_text(document, act))
    if per_ml and act.get("units") is None and (ml := act.facts.get("ml")):
        act.put("units", Decimal(per_ml.group(1)) * ml.value, ml.start, ml.end)
    if strength is not None:
        act.put("strength_mg_ml", strength, act.start, act.end)
        if act.get("mg") is None and (ml := act.facts.get("ml")):
            act.put("mg", strength * ml.value, ml.start, ml.end)


def _told(taken: list[Measure], vial: Measure) -> bool:
    """Whether another amount in the unit of a vial's size says what was given."""
    return any(m.unit == vial.unit and m is not vial for m in taken)


def _strength(document: Document, act: Act, taken: list[Measure]) -> Decimal | None:
    """Milligrams in a millilitre, as written ("5 mg/mL") or in the name (Kenalog-40)."""
    stated = [m.value for m in taken if m.unit in {"mg/ml", "mg/cc"}]
    if stated:
        return stated[-1]
    match = _STRENGTH_IN_NAME.search(_text(document, act))
    return Decimal(match.group(1)) if match else None


def _times(act: Act, after: str) -> int:
    """How many times an amount "each" was given: a count of lesions, or the two sides."""
    count = act.get("count")
    if isinstance(count, int) and count > 1:
        return count
    paired = re.match(
        r"^\W*(?:each|per|in each|to each)\s+(?:axilla|side|hand|palm|foot|sole|arm|leg|cheek|shoulder|ear)",
        after,
        re.IGNORECASE,
    )
    return 2 if paired or act.get("side") == "bilateral" else 1


def _total(document: Document, act: Act, found: list[tuple[Measure, Decimal]]) -> Decimal:
    """The amount called total, else the first; two amounts joined by "and" or "+" add up."""
    for measure, value in found:
        if re.match(r"^\W*(?:in\s)?total", document.text[measure.end : measure.end + 12], re.IGNORECASE):
            return value
    if act.family == "toxin":
        return sum((value for _, value in found), Decimal(0))  # units are written place by place
    total = found[0][1]
    for (a, _), (b, value) in itertools.pairwise(found):
        between = document.text[a.end : b.start].lower()
        if len(between) >= 40 or not re.search(r"\band\b|\+", between):
            break  # what stands farther on is a dose of its own, or a strength
        total += value
    return total


def _sticks(act: Act) -> None:
    drug = act.get("drug")
    if drug == "J7308":
        held = act.facts.get("count_stick")
        if held:
            act.put("doses", held.value, held.start, held.end)
    if drug == "J7345" and act.get("grams") is None and (tubes := act.facts.get("count_tube")):
        act.put("grams", tubes.value * _TUBE_GRAMS, tubes.start, tubes.end)


def _text(document: Document, act: Act) -> str:
    return " ".join(document.words(a, b) for a, b in sorted(set(act.ranges)) if a < b)
