"""What acts of one note mean to each other: curettage before photodynamic light, a flap over its defect, two encounters."""

from cutis.coding.notes.acts import Act
from cutis.coding.notes.context import DONE, REQUESTED
from cutis.coding.notes.document import Document
from cutis.coding.notes.doses import doses


def relate(document: Document, acts: list[Act]) -> None:
    """Settle what only the whole note can say; `acts` is changed in place."""
    _requested(acts)
    _light_after_curettage(document, acts)
    _flap_defect(acts)
    _pared_warts(acts)
    _encounters(acts)
    _others_slides(document, acts)
    _own_sections(acts)
    _phenol(document, acts)


def _requested(acts: list[Act]) -> None:
    """What the patient asked for counts as done only where it was cosmetic and nothing else was done."""
    done = any(a.status == DONE for a in acts)
    for act in acts:
        if act.status == REQUESTED and not done and act.get("intent") == "cosmetic":
            act.status = DONE
            act.put("assumed_done", True, act.start, act.end)


def _light_after_curettage(document: Document, acts: list[Act]) -> None:
    """Curettage of keratoses before photodynamic therapy is its debridement, not a destruction."""
    lights = [a for a in acts if a.family == "pdt" and a.status == DONE]
    if not lights:
        return
    for act in [*acts]:
        methods = set(act.get("methods") or ())
        if act.family == "debride" or (
            act.technique == "destruction" and methods and methods <= {"curettage"} and act.get("dx") in {"AK", None}
        ):
            if act.status == DONE:
                lights[0].put("debridement", "curettage", act.start, act.end, over=True)
                for name, fact in act.facts.items():
                    lights[0].put(name, *fact)
                lights[0].ranges += act.ranges
                doses(document, lights[0])
            acts.remove(act)


def _flap_defect(acts: list[Act]) -> None:
    """A flap without an area of its own covers the defect measured before it."""
    defect = None
    for act in acts:
        if act.status != DONE:
            continue
        defect = act.facts.get("defect_cm") or defect
        if act.family in {"flap", "graft"} and defect and act.get("area_sqcm") is None:
            act.put("defect_cm", *defect)


def _pared_warts(acts: list[Act]) -> None:
    """Paring a wart before it is destroyed is part of the destruction."""
    for act in [*acts]:
        if act.family != "pare" or "wart" not in (act.get("dx") or ""):
            continue
        others = [
            a for a in acts if a.technique == "destruction" and a.sentence == act.sentence and a.status == act.status
        ]
        if others:
            for name, fact in act.facts.items():
                others[0].put(name, *fact)
            acts.remove(act)


def _encounters(acts: list[Act]) -> None:
    """Number the encounters of a day where the note tells two apart."""
    marks = {a.get("encounter_mark") for a in acts}
    if "second" not in marks and not {"first", "operating room"} <= marks:
        return
    number = 1
    for act in acts:
        mark = act.facts.get("encounter_mark")
        number = 2 if mark and mark.value in {"second", "operating room"} else number
        act.put("encounter", number, *(mark[1:] if mark else (act.start, act.end)))


def _own_sections(acts: list[Act]) -> None:
    """Frozen sections that the Mohs surgeon reads are part of the stages."""
    sites = {a.get("site") for a in acts if a.family == "mohs" and a.status == DONE}
    for act in [*acts]:
        if act.technique == "frozen section" and sites and act.get("dx") is None and act.get("site") in {None, *sites}:
            acts.remove(act)


def _phenol(document: Document, acts: list[Act]) -> None:
    """Phenol or heat to the matrix makes an avulsion the permanent removal of the nail."""
    avulsed = [a for a in acts if a.technique == "nail avulsion" and a.status == DONE]
    for act in [*acts]:
        if act.family != "destroy" or act.status != DONE or not avulsed or act.get("dx") or act.get("site"):
            continue
        words = " ".join(document.words(first, last) for first, last in act.ranges)
        if "matri" in words or "phenol" in words:
            avulsed[-1].technique = "nail matrixectomy"
            avulsed[-1].put("matrix", True, act.start, act.end)
            acts.remove(act)


def _others_slides(document: Document, acts: list[Act]) -> None:
    """Sections that another physician read are that physician's service; the cut was not Mohs surgery."""
    for act in [*acts]:
        if act.technique not in {"frozen section", "surgical pathology"}:
            continue
        cut = [a for a in acts if a.family in {"excision", "mohs"} and a.status == DONE]
        if not cut:
            continue
        words = " ".join(document.words(first, last) for first, last in act.ranges)
        role = act.get("pathologist") or ("separate" if "patholog" in words else None)
        if role:
            acts.remove(act)
            for other in cut:
                other.put("pathologist", role, act.start, act.end)
