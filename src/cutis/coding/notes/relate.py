"""What acts of one note mean to each other: curettage before photodynamic light, a flap over its defect, two encounters."""

from itertools import pairwise

from cutis.coding.notes.acts import Act
from cutis.coding.notes.attributes import nature
from cutis.coding.notes.context import DONE, REQUESTED
from cutis.coding.notes.document import Document
from cutis.coding.notes.doses import doses


def relate(document: Document, acts: list[Act]) -> None:
    """Settle what only the whole note can say; `acts` is changed in place."""
    _requested(acts)
    _light_after_curettage(document, acts)
    _flap_defect(acts)
    _divided_where_it_went(acts)
    _pared_warts(acts)
    _encounters(acts)
    _others_slides(document, acts)
    _own_sections(acts)
    _sampled_then_treated(acts)
    _before_mohs(document, acts)
    _phenol(document, acts)
    _matrix(document, acts)
    _originals(document, acts)


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
    _after_the_flap(acts)
    defect = None
    for act in acts:
        if act.status != DONE:
            continue
        defect = act.facts.get("defect_cm") or defect
        if act.family == "flap" and defect and len(defect.value) > 1 and (second := act.facts.get("secondary_area")):
            area = defect.value[0] * defect.value[1] + second.value
            act.put("area_sqcm", area, min(defect.start, second.start), max(defect.end, second.end))
        if act.family in {"flap", "graft"} and defect and act.get("area_sqcm") is None:
            act.put("defect_cm", *defect)


def _divided_where_it_went(acts: list[Act]) -> None:
    """A flap divided without a place is divided where the flap of before was set."""
    held = next(
        (a.facts["site"] for a in acts if a.family == "flap" and a.technique != "flap takedown" and "site" in a.facts),
        None,
    )
    for act in acts:
        if act.technique == "flap takedown" and held is not None:
            act.put("site", *held)


def _after_the_flap(acts: list[Act]) -> None:
    """A flap named before the surgery that made its defect: what was measured last is the flap's."""
    flaps = [a for a in acts if a.family == "flap" and a.status == DONE]
    if len(flaps) != 1 or flaps[0].get("area_sqcm") is not None or flaps[0].get("defect_cm"):
        return
    for act in acts:
        if act.family in {"mohs", "excision"} and act.status == DONE and act.get("defect_cm"):
            for name in ("defect_cm", "secondary_defect_cm"):
                if fact := act.facts.get(name):
                    flaps[0].put(name, *fact)
            act.facts.pop("secondary_defect_cm", None)


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


def _sampled_then_treated(acts: list[Act]) -> None:
    """A lesion sampled and then destroyed or cut out in the same sentence is one lesion; its defect tells its size where no other does."""
    for first, act in pairwise(acts):
        if act.family == "destroy" and act.technique == "malignant destruction" and act.get("lesion_cm") is None:
            defect = act.facts.get("defect_cm")
            if defect is not None:
                act.put("lesion_cm", max(defect.value), defect.start, defect.end)
        site, held = act.facts.get("site"), first.facts.get("site")
        here = site is not None and held is not None and site.start == held.start and first.sentence == act.sentence
        if (
            here
            and first.family == "biopsy"
            and act.family in {"destroy", "excision", "shave"}
            and first.status == act.status == DONE
        ):
            act.put("same_lesion", True, act.start, act.end)


def _before_mohs(document: Document, acts: list[Act]) -> None:
    """The biopsy and the frozen section that find the tumour, where the note says that no result was on file."""
    unproven = next((m for m in document.mentions if m.kind == "unproven"), None)
    done = [a for a in acts if a.status == DONE]
    if unproven is None or not any(a.family == "mohs" for a in done):
        return
    for act in done:
        if act.family == "biopsy":
            act.put("unproven", True, unproven.start, unproven.end)
        site = next((a.facts["site"] for a in done if a.family in {"biopsy", "mohs"} and "site" in a.facts), None)
        if act.technique == "frozen section" and site is not None:
            act.put("site", *site)


def _matrix(document: Document, acts: list[Act]) -> None:
    """Phenol, cautery or laser on the matrix of an ingrown nail is its permanent removal, also where no avulsion is named."""
    for act in acts:
        if (
            act.family != "destroy"
            or act.status != DONE
            or act.get("dx") not in {None, "ingrown nail", "dystrophic nail"}
        ):
            continue
        words = " ".join(document.words(first, last) for first, last in act.ranges)
        if "matri" in words and any(w in words for w in ("nail", "phenol", "toe", "matrix")):
            act.technique, act.family = "nail matrixectomy", "nail"
            act.put("count", 1, act.start, act.end, over=True)


def _originals(document: Document, acts: list[Act]) -> None:
    """What an earlier result called malignant stays the diagnosis of the excision that finishes it, where nothing is left."""
    for act in acts:
        again = act.get("re_excision") and act.status == DONE
        if not again or nature(act.get("pathology") or act.get("dx") or "lesion") == "malignant":
            continue
        found = next((m for m in document.mentions if m.kind == "dx" and nature(m.value) == "malignant"), None)
        if found is not None and found.value != "skin cancer":
            act.put("original", found.value, found.start, found.end)


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
