"""Wounds, once all that is said of an act is known: the class of a closure, and the areas that flaps and grafts cover."""

import re
from decimal import Decimal
from typing import Final

from cutis.coding.notes.acts import Act
from cutis.coding.notes.document import Document


def closure(document: Document, act: Act) -> None:
    """Simple, intermediate or complex by what was done, not by what the heading calls it."""
    repair, reason = act.get("repair"), act.facts.get("complex_reason")
    if act.family == "repair" and act.get("dehiscence"):
        act.technique = "wound dehiscence"
        if repair is None and re.search(r"\bpack", words_of(document, act)):
            act.put("repair", "packed", act.start, act.end)
    if act.get("dx") == "SK" and set(act.get("symptoms") or ()) - {"none", "growth"}:
        act.put("dx", "inflamed SK", act.facts["dx"].start, act.facts["dx"].end, over=True)
    if (
        act.family in {"repair", "strips"}
        and act.get("repair_cm") is None
        and (size := act.facts.pop("lesion_cm", None))
    ):
        act.facts["repair_cm"] = size
    if repair == "intermediate" and reason:
        wide = reason.value in {
            "undermining",
            "retention sutures",
            "exposed structure",
            "free margin",
            "debrided edges",
        }
        if wide or _undermined_as_wide(document, act):
            act.put("repair", "complex", reason.start, reason.end, over=True)
    elif repair == "complex" and reason and reason.value == "undermined" and _undermined_less(document, act):
        act.put("repair", "intermediate", reason.start, reason.end, over=True)
    elif repair == "simple" and (dirt := act.facts.get("contaminated")):
        act.put("repair", "intermediate", dirt.start, dirt.end, over=True)


_AS_WIDE: Final = re.compile(
    r"^\W*(?:(?:by|to|for|at|a|the|distance|was|of)\W+){0,4}(?:>=?|≥|at least|greater than|more than|equal to|beyond|exceed\w*)\W*"
    r"(?:(?:or|equal|to|the|full|entire|max\w*|than)\W+){0,5}(?:defect|wound|width)",
    re.IGNORECASE,
)


def _undermined_as_wide(document: Document, act: Act) -> bool:
    """Undermining at least as far as the wound is wide: "undermined 1 cm all around", "> full defect width"."""
    reason = act.facts["complex_reason"]
    if _AS_WIDE.match(document.text[reason.end : reason.end + 80]):
        return True
    near = [m for m in document.measures if m.kind == "size" and 0 <= m.start - reason.end <= 12]
    defect = act.get("defect_cm")
    width = min(defect) if defect else _cut_width(act) or act.get("repair_cm")
    return bool(near) and width is not None and near[0].value >= width


_LAYERS: Final = re.compile(r"\b(?:buried|deep|dermal|subq|subcut\w*|layers|layered)\b")


def _undermined_less(document: Document, act: Act) -> bool:
    """Called complex, but undermined by a measured length under the width of the wound, and closed in layers."""
    reason = act.facts["complex_reason"]
    measured = any(m.kind == "size" and 0 <= m.start - reason.end <= 12 for m in document.measures)
    width = act.get("defect_cm") or _cut_width(act)
    layers = _LAYERS.search(words_of(document, act)) is not None
    return measured and width is not None and layers and not _undermined_as_wide(document, act)


def _cut_width(act: Act) -> Decimal | None:
    """How wide the wound of an excision is: what was cut out with its margins."""
    excised, lesion, margin = (act.get(n) for n in ("excised_cm", "lesion_cm", "margin_cm"))
    if excised is not None or lesion is None:
        return excised if isinstance(excised, Decimal) else None
    return lesion + 2 * (margin or 0)  # type: ignore[no-any-return]


def cover(_document: Document, act: Act) -> None:
    """The size beside a flap or graft is that of what it covers; primary and secondary defect add up."""
    _defect_areas(_document, act)
    if act.get("defect_cm") is None and act.get("area_sqcm") is None:
        size = act.facts.pop("lesion_dims", None) or act.facts.pop("repair_dims", None)
        if size is not None:
            act.facts["defect_cm"] = size


def spread_out(_document: Document, act: Act) -> None:
    """The two sides of what was treated by area make the area."""
    if act.get("area_sqcm") is None and (size := act.facts.pop("lesion_dims", None)):
        act.put("area_sqcm", size.value[0] * size.value[1], size.start, size.end)


_SECOND: Final = re.compile(r"(?:secondary|donor|2nd)\W*(?:\w+\W+){0,3}$", re.IGNORECASE)
_TOTAL: Final = re.compile(r"(?:total|combined|sum|overall)\W*(?:\w+\W+){0,5}$", re.IGNORECASE)


def _defect_areas(document: Document, act: Act) -> None:
    """Areas given for the two defects of a flap apart: the code follows their sum."""
    spans = [r for r in act.ranges if r[0] < r[1]]
    areas = [
        m for m in document.measures if m.kind == "area" and any(a <= document.token_at(m.start) < b for a, b in spans)
    ]
    before = {m: document.text[max(0, m.start - 40) : m.start] for m in areas}
    if total := next((m for m in areas if _TOTAL.search(before[m])), None):
        act.put("area_sqcm", total.value, total.start, total.end, over=True)
        return
    second = next((m for m in areas if _SECOND.search(before[m])), None)
    if act.family != "flap" or second is None:
        return
    first = next((m for m in areas if m is not second), None)
    defect = act.facts.get("defect_cm")
    if first is not None:
        act.put("area_sqcm", first.value + second.value, first.start, second.end, over=True)
    elif defect and len(defect.value) > 1:
        area = defect.value[0] * defect.value[1] + second.value
        act.put("area_sqcm", area, min(defect.start, second.start), max(defect.end, second.end), over=True)
    elif not defect and (alone := act.facts.get("area_sqcm")):
        act.put("secondary_area", *alone)
        del act.facts["area_sqcm"]
    if act.get("area_sqcm") is not None:
        act.facts.pop("secondary_defect_cm", None)


def words_of(document: Document, act: Act) -> str:
    """Lower-case words of every stretch that speaks of an act."""
    return " ".join(document.words(first, last) for first, last in sorted(set(act.ranges)))
