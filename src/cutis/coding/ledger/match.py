"""Which act of the chart does a billed line stand for? Cheapest pairs first: kind, then site, nature and size."""

from decimal import Decimal
from typing import Final

from cutis.coding.desk import dispatch
from cutis.coding.ledger.entries import BilledLine, Match
from cutis.coding.ledger.meanings import Meaning, in_group, near_kinds
from cutis.coding.notes.acts import Act
from cutis.coding.notes.attributes import nature

_KIND_OF_FAMILY: Final = {
    "biopsy": "biopsy", "shave": "shave", "excision": "excision", "mohs": "mohs", "flap": "flap", "graft": "graft",
    "drain": "drain", "nail": "nail", "pdt": "light", "photo": "light", "smear": "smear", "inject": "injection",
    "toxin": "toxin", "path": "specimen", "repair": "repair",
}  # fmt: skip
_COUNTED: Final = frozenset(
    {"skin tag removal", "intralesional injection", "paring", "nail debridement", "patch testing", "prick test"}
)
TUMOR: Final = "soft tissue tumor excision"
_FAR: Final = 100


def kind_of(act: Act) -> str:
    """The kind of a billed code that an act corresponds to; `count` for those that are counted."""
    if act.technique == "malignant destruction":
        return "malignant destruction"
    if act.technique in _COUNTED or act.family == "destroy":
        return "count"
    if act.technique == TUMOR:
        return "tumor"
    return _KIND_OF_FAMILY.get(act.family, act.family)


def what_of(act: Act) -> str | None:
    """What is counted in an act, as codes.yaml calls it; None where the diagnosis that decides is missing."""
    if act.technique in _COUNTED:
        return act.technique
    if act.family == "destroy":
        kind = nature(diagnosis(act)) if diagnosis(act) else None
        return f"{kind} destruction" if kind in {"premalignant", "benign"} else None
    return None


def makes_no_line(act: Act) -> bool:
    """Whether nothing of an act can be billed by itself: scraping and clipping for the laboratory, work sent elsewhere."""
    return act.technique.startswith("sent for ") or dispatch(act.technique).family == "none"


def diagnosis(act: Act) -> str:
    """The diagnosis of an act: the pathology result, else what was asserted."""
    return str(act.get("pathology") or act.get("dx") or "")


def nature_of(act: Act) -> str | None:
    """Malignant or benign, where a result or a plain statement says so; what was only suspected decides nothing."""
    if not act.get("pathology") and act.get("dx_sure") == "suspected":
        return None
    kind = nature(diagnosis(act)) if diagnosis(act) else "generic"
    return kind if kind in {"malignant", "benign"} else "benign" if kind == "premalignant" else None


def measured(act: Act, measure: str | None) -> Decimal | None:
    """The measure a code goes by: an excised diameter is the lesion and twice the narrowest margin."""
    if measure is None:
        return None
    if measure == "excised_cm":
        excised, lesion, margin = act.get("excised_cm"), act.get("lesion_cm"), act.get("margin_cm")
        if excised is not None:
            return Decimal(excised)
        return None if lesion is None or margin is None else Decimal(lesion) + 2 * Decimal(margin)
    if measure == "area_sqcm":
        return _area(act)
    value = act.get(measure)
    return None if value is None else Decimal(value)


def _area(act: Act) -> Decimal | None:
    """Square centimetres of a flap or graft: as written, else primary and secondary defect together."""
    area = act.get("area_sqcm")
    if area is not None:
        return Decimal(area)
    parts = [act.get("defect_cm"), act.get("secondary_defect_cm")]
    sides = [p for p in parts if p and len(p) > 1]
    return sum((p[0] * p[1] for p in sides), Decimal(0)) if sides else None


def fits(meaning: Meaning, value: Decimal) -> bool:
    """Whether a measure lies in the band of a code."""
    return (meaning.above is None or value > meaning.above) and (meaning.to is None or value <= meaning.to)


def cost(meaning: Meaning, act: Act) -> int:
    """How far an act is from what a code says; 0 is a full match, 100 and more is another thing."""
    kind = kind_of(act)
    if kind == meaning.kind:
        total = 0
    elif kind in near_kinds(meaning.kind):
        total = 30
    else:
        return _FAR
    if meaning.technique and act.technique != meaning.technique:
        total += 8
    if meaning.group:
        total += {True: 0, None: 4, False: 16}[in_group(act.get("site"), meaning.group)]
    if meaning.nature and nature_of(act) not in {None, meaning.nature}:
        total += 10
    value = measured(act, meaning.measure)
    if value is None:
        total += 3 if meaning.measure else 0
    elif not fits(meaning, value):
        total += 6
    return total


def pair(lines: list[tuple[BilledLine, Meaning]], acts: list[Act]) -> tuple[list[Match], list[BilledLine], list[Act]]:
    """Pair lines with acts, one act to one unit.

    Args:
        lines: billed lines of kinds that stand for one lesion each; a line of n units is n slots.
        acts: of the chart; an act with a count of n is n places.

    Returns:
        Pairs, lines left over (once for each unit), acts left over.
    """
    slots = [(line, meaning) for line, meaning in lines for _ in range(max(1, line.units))]
    places = [act for act in acts for _ in range(max(1, act.get("count") or 1))]
    ranked = sorted((cost(meaning, act), s, p) for s, (_, meaning) in enumerate(slots) for p, act in enumerate(places))
    free_slots, free_places = set(range(len(slots))), set(range(len(places)))
    pairs: list[Match] = []
    for price, s, p in ranked:
        if price < _FAR and s in free_slots and p in free_places:
            pairs.append(Match(slots[s][0], places[p]))
            free_slots.discard(s)
            free_places.discard(p)
    left = [act for i, act in enumerate(places) if i in free_places]
    pairs.sort(key=lambda m: m.billed.line)
    return pairs, [slots[s][0] for s in sorted(free_slots)], left
