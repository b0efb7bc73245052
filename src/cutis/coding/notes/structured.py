"""Acts and visit as plain data of an encounter: the words and keys that the coder reads."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from cutis.coding.notes.acts import Act
from cutis.coding.notes.attributes import nature
from cutis.coding.notes.context import DONE
from cutis.coding.notes.mdm import evaluation
from cutis.coding.notes.reader import NoteFacts

_COPIED: Final = {
    "margin_cm": "margin_cm", "stages": "stages", "area_sqcm": "area_sqcm", "drug": "drug", "mg": "mg", "ml": "ml",
    "strength_mg_ml": "mg_per_ml", "units": "units", "grams": "grams", "doses": "doses", "discarded": "discarded",
    "method": "method", "depth": "depth", "provider": "provider", "light": "light", "agent": "agent",
    "component": "component", "extent": "extent", "pathologist": "pathologist", "encounter": "encounter",
    "stains": "stains", "hours": "hours", "re_excision": "re_excision", "waste": "waste", "specimen": "specimen", "original": "original", "side": "laterality", "filed": "filed",
    "count_injection": "punctures", "count_cycle": "cycles", "count_allergen": "allergens", "count_specimen": "specimens",
}  # fmt: skip
_COMPLEX_WHY: Final = {
    "retention sutures": "retention_sutures",
    "exposed structure": "exposed_structure",
    "free margin": "free_margin",
    "debrided edges": "debrided_edges",
}
_CLASS: Final = re.compile(
    r"\bclass findings?\W+((?:q[789]|[abc](?:\W+(?:and\W+)?[abc])*))\b|\b(q[789])\b", re.IGNORECASE
)
_NO_LINE: Final = frozenset({"sent for KOH"})
_ONE_EACH: Final = frozenset({"biopsy", "shave", "excision", "mohs", "flap", "graft", "repair", "pdt", "photo"})
_PLURALS: Final = ("s", "ae", "ata", "nevi", "naevi", "lentigines", "mollusca", "multiple", "several")


@dataclass(slots=True)
class Structured:
    """An encounter as plain data.

    Attributes:
        data: procedures, em, payer, global_period.
        spans: for each procedure, fact to characters of the note; under "em" and "global_period" likewise.
        assumed: what had to be assumed, in one sentence each.
    """

    data: dict[str, Any]
    spans: dict[str, Any] = field(default_factory=dict)
    assumed: list[str] = field(default_factory=list)


def structured(facts: NoteFacts) -> Structured:
    """The encounter that a note tells of; only what was done is in it.

    Args:
        facts: of the note.
    """
    out = Structured({"procedures": []}, {"procedures": []})
    for act in facts.done:
        if act.family == "aftercare" or act.technique in _NO_LINE:
            continue
        for entry, spans in _by_digit(act, _entries(act, facts, out.assumed)):
            out.data["procedures"].append(entry)
            out.spans["procedures"].append(spans)
    _visit(facts, out)
    return out


_Entry = tuple[dict[str, Any], dict[str, tuple[int, int]]]


def _by_digit(act: Act, entries: list[_Entry]) -> list[_Entry]:
    """One entry for each nail where each has a line of its own."""
    places = act.get("sites") or ()
    if act.technique not in _BY_NAIL or len(places) < 2 or entries[0][0].get("count") != len(places):
        return entries
    return [(entry | {"site": place, "count": 1}, spans) for place in places for entry, spans in entries]


_BY_NAIL: Final = frozenset(
    {"nail trephination", "nail matrixectomy", "wedge excision of nail fold", "nail bed repair"}
)


def _entries(act: Act, facts: NoteFacts, assumed: list[str]) -> list[_Entry]:
    """One entry for the act, and one for a closure that is reported apart from what was cut."""
    entry: dict[str, Any] = {"technique": act.technique}
    spans = _spans(act)
    if site := act.get("site"):
        entry["site"] = site
    _diagnosis(act, entry)
    _size(act, entry, assumed)
    _count(act, facts, entry)
    entry |= {key: value for name, key in _COPIED.items() if (value := act.get(name)) is not None}
    _other(act, entry)
    if act.family in {"nail", "pare"} and (found := _CLASS.search(facts.document.text)):
        entry["class_findings"] = found.group(1) or found.group(2)
    closure = _closure(act)
    if act.family == "mohs" and closure.get("repair_cm") is not None:
        # A closure of the defect is reported beside Mohs surgery, whatever its layers.
        return [(entry, spans), ({"technique": "repair", "site": act.get("site")} | closure, spans)]
    return [(entry | closure, spans)]


def _spans(act: Act) -> dict[str, tuple[int, int]]:
    """The places of the facts of an act, under the names that the encounter gives them."""
    spans = {"technique": (act.start, act.end)}
    for name, fact in act.facts.items():
        spans[_COPIED.get(name, name)] = (fact.start, fact.end)
    if "dx" in spans:
        spans["suspected" if act.get("dx_sure") == "suspected" else "lesion_type"] = spans["dx"]
    if "lesion_cm" in spans:
        spans.setdefault("excised_cm" if act.get("margin_cm") is None else "lesion_cm", spans["lesion_cm"])
        spans.setdefault("size_cm", spans["lesion_cm"])
    return spans


def _closure(act: Act) -> dict[str, Any]:
    """The repair of an act with what makes it complex."""
    if act.get("repair") is None and act.get("repair_cm") is None:
        return {}
    closure: dict[str, Any] = {"repair": act.get("repair"), "repair_cm": act.get("repair_cm")}
    reason = act.get("complex_reason")
    if reason in _COMPLEX_WHY:
        closure[_COMPLEX_WHY[reason]] = True
    elif reason:
        closure["undermining"] = "extensive" if act.get("repair") == "complex" else "limited"
    if act.get("contaminated"):
        closure["contaminated"] = True
    return {k: v for k, v in closure.items() if v is not None}


def _diagnosis(act: Act, entry: dict[str, Any]) -> None:
    """A pathology result, else what the note asserts; a suspicion is kept apart and never a diagnosis."""
    result, dx = act.get("pathology"), act.get("dx")
    if result:
        entry["pathology"] = result
    if dx and nature(dx) != "generic":
        if act.get("dx_sure") == "suspected":
            entry["suspected"] = dx
        else:
            entry["lesion_type"] = dx
    elif dx == "scar":
        entry["lesion_type"] = dx
    if act.get("unproven"):
        entry["prior_pathology"] = False
    elif act.get("prior_pathology"):
        entry["prior_pathology"] = True


def _size(act: Act, entry: dict[str, Any], assumed: list[str]) -> None:
    lesion, excised, margin = act.get("lesion_cm"), act.get("excised_cm"), act.get("margin_cm")
    if any(act.get(name) is not None for name in ("lesion_cm_bare", "excised_cm_bare", "repair_cm_bare")):
        assumed.append(
            f"the sizes of the {act.technique} at {act.get('site') or 'a site not named'} are in cm: no unit is written"
        )
    if excised is not None:
        entry["excised_cm"] = excised
    if act.technique == "soft tissue tumor excision" and lesion is not None:
        entry["size_cm"] = lesion
    elif act.family == "excision" and lesion is not None and margin is None and excised is None:
        # "Excision nevus back 0.4 cm": whether margins are in the number is not said.
        entry["excised_cm"] = lesion
        assumed.append(
            f"{lesion:f} cm of the {act.technique} at {act.get('site') or 'a site not named'} includes the margins"
        )
    elif lesion is not None and not (act.family == "excision" and excised is not None and margin is None):
        entry["lesion_cm"] = lesion
    if defect := act.get("defect_cm"):
        entry["defect_cm"] = list(defect)
    if second := act.get("secondary_defect_cm"):
        entry["secondary_defect_cm"] = list(second)
    if blocks := act.get("blocks"):
        entry["blocks"] = list(blocks)


def _count(act: Act, facts: NoteFacts, entry: dict[str, Any]) -> None:
    count = act.get("count")
    alone = act.family not in _ONE_EACH or sum(a.family == act.family for a in facts.done) == 1
    for name in ("count_allergen", *(("count_specimen",) if alone else ()), "count_nail"):
        count = act.get(name) if count is None else count
    if count is None and (act.family in _ONE_EACH or one_thing(act, facts)):
        count = 1
    if count is not None:
        entry["count"] = count


def one_thing(act: Act, facts: NoteFacts) -> bool:
    """Whether the note names one lesion at one place: "wart R hand", not "warts R hand"."""
    dx = act.facts.get("dx") or act.facts.get("pathology")
    if dx is None or len(act.get("sites") or ()) > 1 or act.get("side") == "bilateral" or act.get("extent"):
        return False
    return not facts.quote(dx.start, dx.end).lower().rstrip(".").endswith(_PLURALS)


def _other(act: Act, entry: dict[str, Any]) -> None:
    if symptoms := act.get("symptoms"):
        entry["symptoms"] = "none" if symptoms == ("none",) else ", ".join(s for s in symptoms if s != "none")
    if act.get("intent"):
        entry["intent"] = "cosmetic"
    if act.get("debridement"):
        entry["debridement"] = act.get("debridement") != "none"
    elif act.family == "pdt":
        entry["debridement"] = False
    if act.get("same_lesion"):
        entry["same_lesion"] = True
    if act.get("complicated"):
        entry["complicated"] = act.get("complicated") == "complicated"
    _papers(act, entry)
    if act.get("purpose") == "partial":
        entry["removal"] = "partial"
    if act.get("purpose") == "removal":
        entry["intent"] = entry.get("intent", "removal")


def _papers(act: Act, entry: dict[str, Any]) -> None:
    """The notice to the patient, and whether the claim is to be filed."""
    if act.get("filed_not"):
        entry["filed"] = False
    if act.get("abn") in {"signed", "voluntary", "none"}:
        entry["abn"] = act.get("abn") != "none"


def _visit(facts: NoteFacts, out: Structured) -> None:
    visit = facts.visit
    em, spans = evaluation(visit, [a for a in facts.acts if a.status == DONE])
    if em is not None:
        out.data["em"], out.spans["em"] = em, spans
    if payer := visit.facts.get("payer"):
        out.data["payer"] = payer.value
        out.spans["payer"] = (payer.start, payer.end)
    earlier = visit.earlier
    if earlier:
        proc = earlier.get("code") or earlier.get("technique")
        out.data["global_period"] = {"days_since": earlier["days"].value, "proc": proc.value if proc else None}
        out.data["global_period"] |= {
            name: earlier[name].value for name in ("site", "repair", "pathology", "elsewhere") if name in earlier
        }
        if "room" in visit.facts:
            out.data["global_period"]["operating_room"] = True
        out.spans["global_period"] = {name: (f.start, f.end) for name, f in earlier.items()}


def plain(value: Any) -> Any:
    """A value for JSON: exact decimals as numbers."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return [plain(v) for v in value] if isinstance(value, list | tuple) else value


def plain_data(data: Any) -> Any:
    """The same for mappings and lists at any depth; decimals stay exact, tuples become lists."""
    if isinstance(data, dict):
        return {k: plain_data(v) for k, v in data.items()}
    return [plain_data(v) for v in data] if isinstance(data, list | tuple) else data
