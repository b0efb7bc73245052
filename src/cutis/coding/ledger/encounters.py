"""A structured encounter as a chart: the acts it tells of, in the words and facts that the note reader would give."""

from typing import Any, Final

from cutis.coding.desk import Act as Done
from cutis.coding.desk import target
from cutis.coding.encounter import Encounter, Procedure, Visit
from cutis.coding.families.repair import grade
from cutis.coding.ledger.charts import BETWEEN, Chart, Source
from cutis.coding.ledger.reports import read_specimens
from cutis.coding.notes.acts import Act, Fact
from cutis.coding.notes.attributes import nature
from cutis.coding.notes.context import DONE
from cutis.coding.notes.document import read_document
from cutis.coding.notes.families import FAMILY
from cutis.coding.notes.reader import NoteFacts, read_facts
from cutis.coding.notes.visit import Problem
from cutis.coding.notes.visit import Visit as NoteVisit

_FAMILIES: Final = {
    "destruction": "destroy", "biopsy": "biopsy", "shave": "shave", "excision": "excision", "named excision": "excision",
    "tumor": "excision", "mohs": "mohs", "tag": "tag", "paring": "pare", "nail": "nail", "drainage": "drain",
    "intralesional": "intralesional", "injection": "inject", "toxin": "toxin", "repair": "repair", "flap": "flap",
    "pedicle": "flap", "graft": "graft", "debridement": "debride", "pathology": "path", "phototherapy": "photo",
    "excimer": "photo", "pdt": "pdt", "allergy": "allergy", "laboratory": "smear", "removal": "remove",
}  # fmt: skip
# Facts of the encounter under the names that the note reader gives them.
_COPIED: Final = {
    "lesion_cm": "lesion_cm", "margin_cm": "margin_cm", "excised_cm": "excised_cm", "size_cm": "lesion_cm", "count": "count",
    "stages": "stages", "area_sqcm": "area_sqcm", "drug": "drug", "mg": "mg", "ml": "ml", "mg_per_ml": "strength_mg_ml",
    "units": "units", "grams": "grams", "doses": "doses", "discarded": "discarded", "method": "method", "depth": "depth",
    "agent": "agent", "light": "light", "extent": "extent", "repair": "repair", "repair_cm": "repair_cm",
    "allergens": "count_allergen", "specimens": "count_specimen", "prior_pathology": "prior_pathology",
}  # fmt: skip
_LISTS: Final = {"blocks": "blocks", "defect_cm": "defect_cm", "secondary_defect_cm": "secondary_defect_cm"}
_SIDES: Final = {
    "l": "left",
    "lt": "left",
    "left": "left",
    "r": "right",
    "rt": "right",
    "right": "right",
    "bilateral": "bilateral",
}


def read_chart(chart: Chart) -> tuple[NoteFacts, Source]:
    """What a chart says, and the text that its places stand in: of its notes, or of its encounters where it has no note."""
    if not chart.encounters:
        return read_facts(chart.body), Source(chart.notes)
    parts: list[tuple[str, str]] = []
    acts: list[Act] = []
    visit = NoteVisit()
    for name, encounter in chart.encounters:
        begin = sum(len(text) + len(BETWEEN) for _, text in parts)
        text, own = acts_of(encounter, begin)
        parts.append((name, text))
        acts += own
        if encounter.em is not None:
            visit = visit_of(encounter, begin + text.rfind("\n") + 1, begin + len(text))
    return NoteFacts(read_document(BETWEEN.join(text for _, text in parts)), acts, visit), Source(parts)


def acts_of(encounter: Encounter, begin: int) -> tuple[str, list[Act]]:
    """The encounter as text, a line for each procedure, and its acts with their places in that text.

    Args:
        encounter: as read.
        begin: character at which the text begins, for places in a chart of several files.

    Returns:
        The text, and an act for each procedure whose technique is known.
    """
    lines: list[str] = []
    acts: list[Act] = []
    for procedure in encounter.procedures:
        at = begin + sum(len(line) + 1 for line in lines)
        line, places = _line(procedure)
        lines.append(line)
        act = _act(procedure, {name: (at + start, at + end) for name, (start, end) in places.items()})
        if act is not None:
            act.sentence = len(lines)
            acts.append(act)
    if encounter.em is not None:
        lines.append(_visit_line(encounter.em))
    return "\n".join(lines), acts


def _line(procedure: Procedure) -> tuple[str, dict[str, tuple[int, int]]]:
    """What was given of a procedure, in a line, with the place of each fact."""
    text, places = "", {}
    for name, value in procedure.model_dump(exclude_none=True, exclude={"spans"}).items():
        words = f"{name} {_words(value)}" if text else _words(value)
        start = len(text) + (2 if text else 0)
        text += f"; {words}" if text else words
        places[name] = (start, start + len(words))
    return text or "a procedure without facts", places


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(_words(v) for v in value) if isinstance(value, list) else str(value)


def _visit_line(visit: Visit) -> str:
    given = visit.model_dump(exclude_none=True, exclude={"spans"})
    return "visit; " + "; ".join(f"{name} {_words(value)}" for name, value in given.items() if value != [])


def _act(p: Procedure, places: dict[str, tuple[int, int]]) -> Act | None:
    found = target(p)
    family = FAMILY.get(found.technique or "") or _FAMILIES.get(found.family)
    if found.technique is None or family is None:
        return None
    technique = (
        found.technique if found.technique in FAMILY else "destruction" if family == "destroy" else found.technique
    )
    start, end = places.get("technique", (0, 0))
    act = Act(technique, family, DONE, start, end)
    for name, other in (_COPIED | _LISTS).items():
        if (value := getattr(p, name)) is not None:
            act.facts.setdefault(other, Fact(tuple(value) if name in _LISTS else value, *places[name]))
    closed = grade(Done(0, p)) if p.repair or family == "repair" else None
    act.facts.pop("repair", None)
    if closed in {"simple", "intermediate", "complex"}:
        act.facts["repair"] = Fact(closed, *places.get("repair", (start, end)))
    _site(act, p, places)
    _diagnosis(act, p, places)
    if p.intent and "cosmetic" in p.intent.lower():
        act.facts["intent"] = Fact("cosmetic", *places["intent"])
    if p.symptoms and p.symptoms.strip().lower() not in {"none", "no"}:
        act.facts["symptoms"] = Fact((p.symptoms,), *places["symptoms"])
    if p.same_lesion or p.same_lesion_as:
        act.facts["same_lesion"] = Fact(True, *places["same_lesion" if p.same_lesion else "same_lesion_as"])
    if family == "destroy" and nature(str(act.get("pathology") or act.get("dx") or "")) == "malignant":
        act.technique = "malignant destruction"
    return act


def _site(act: Act, p: Procedure, places: dict[str, tuple[int, int]]) -> None:
    if p.site is None:
        return
    said = p.site.lower()
    side = _SIDES.get((p.laterality or "").strip().lower()) or next(
        (w for w in ("left", "right") if w in said.split()), None
    )
    named = said if side is None or side in said or side == "bilateral" else f"{side} {said}"
    act.facts["site"] = Fact(named, *places["site"])
    if side:
        act.facts["side"] = Fact(side, *places["laterality" if p.laterality else "site"])


def _diagnosis(act: Act, p: Procedure, places: dict[str, tuple[int, int]]) -> None:
    """Results and diagnoses by the names that the note reader has for them; a suspicion stays one."""
    for given, fact, sure in (
        (p.pathology, "pathology", None), (p.dx, "dx", "asserted"), (p.lesion_type, "dx", "asserted"), (p.suspected, "dx", "suspected"),
    ):  # fmt: skip
        if not given or fact in act.facts:
            continue
        name = next(
            n for n in ("pathology", "dx", "lesion_type", "suspected") if n in places and getattr(p, n) == given
        )
        act.facts[fact] = Fact(read_specimens(given)[0].diagnosis or given, *places[name])
        if sure:
            act.facts["dx_sure"] = Fact(sure, *places[name])
    if p.original and "pathology" not in act.facts:
        act.facts["prior_pathology"] = Fact(p.original, *places["original"])


def visit_of(encounter: Encounter, start: int, end: int) -> NoteVisit:
    """The visit of an encounter; `start` and `end` are the place of its line.

    Elements of decision making or a time show work of its own, as the coder takes them, unless the encounter denies it.
    """
    visit = NoteVisit()
    em = encounter.em
    if em is None:
        return visit
    visit.present = True
    visit.problems = [Problem(dx, "", start, end) for dx in em.dx]
    for name, value in (("patient", em.patient), ("mdm", em.mdm), ("minutes", em.minutes), ("risk", em.risk)):
        if value is not None:
            visit.facts[name] = Fact(value, start, end)
    told = (em.problems, em.risk, em.mdm, em.minutes)
    if em.separate_work or (em.separate_work is None and any(t is not None for t in told)):
        visit.facts["separate"] = Fact("separate", start, end)
    return visit
