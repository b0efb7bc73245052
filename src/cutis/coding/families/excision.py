"""Excisions by nature, site and excised diameter; shaves by site and lesion diameter; operations with codes by name."""

from decimal import Decimal
from typing import Final

from cutis.coding.bands import codes, plain, series
from cutis.coding.desk import Act, Desk, because
from cutis.coding.families import repair, tumor
from cutis.coding.phrases import table
from cutis.coding.result import Reason
from cutis.coding.sites import SERIES_WORDS

_NATURES: Final = {"malignant": "malignant", "benign": "benign", "tag": "benign", "uncertain": "benign", "premalignant": "benign",
                   "vascular": "benign", "condyloma": "benign", "callus": "benign", "unspecified": "benign", "other": "benign",
                   "abscess": "benign"}  # fmt: skip
_DISEASES: Final = {"hidradenitis": "hidradenitis", "pilonidal cyst": "pilonidal", "pilonidal abscess": "pilonidal"}
_LIP_WEDGE: Final = ("wedge", "v excision", "v-excision")


def code(act: Act, desk: Desk) -> None:
    """An excision through the full thickness of the skin."""
    if act.dx is not None and act.dx.name in _DISEASES and _disease(act):
        act.kind = _DISEASES[act.dx.name]
        named(act, desk)
        return
    if tumor.is_deep(act):
        tumor.code(act, desk)
        return
    if _named(act, desk):
        return
    size, step = excised(act, desk)
    act.size = size
    nature = _nature(act, desk)
    group = act.place.group("excision")
    if group is None:
        desk.ask(act, "site", f"where exactly was the excision ({act.where})?", "the code series follows the site")
    if size is None or nature is None or group is None:
        _closure(act, desk)
        return
    found = series(f"{nature} excision", group)
    at = found.at(size)
    reasons = [
        step,
        because(act, _nature_words(act, nature), "nature-by-pathology", "cpt-excision", act.dx_fact),
        because(act, f"{act.where}: {SERIES_WORDS['excision', group]}", "excision-site-group", "cpt-excision", "site"),
        because(act, f"{plain(size)} cm is {found.words(at)}", "excision-band", "cpt-excision", "excised_cm"),
    ]
    if act.kind == "staged" or act.p.pathologist:
        reasons.append(_not_mohs(act))
    other = "malignant" if nature == "benign" else "benign"
    runner_up = found.neighbour(size, what="the excised diameter") or (
        series(f"{other} excision", group).codes[at],
        f"pathology is {other}",
    )
    for _ in range(act.p.count or 1):
        line = desk.add(found.codes[at], act, reasons, runner_up=runner_up)
        if nature == "benign":
            repair.mark_small_benign(line, act)
    _closure(act, desk)


def _disease(act: Act) -> bool:
    """Whether a disease has excision codes of its own at this place."""
    return _DISEASES[act.dx.name if act.dx else ""] == "pilonidal" or act.place.name in table("codes")["hidradenitis"]


def _not_mohs(act: Act) -> Reason:
    return because(
        act,
        "another physician read the sections, so this is an excision and not Mohs surgery",
        "mohs-needs-both-roles",
        "lcd-mohs",
        "pathologist",
    )


def excised(act: Act, desk: Desk) -> tuple[Decimal | None, Reason]:
    """The excised diameter and how it was found: given, or lesion and twice its narrowest margin."""
    p = act.p
    if p.excised_cm is not None:
        return p.excised_cm, because(
            act,
            f"excised diameter {plain(p.excised_cm)} cm as documented",
            "excised-diameter",
            "cpt-excision",
            "excised_cm",
        )
    lesion = p.lesion_cm if p.lesion_cm is not None else p.size_cm
    if lesion is None:
        desk.ask(
            act,
            "lesion_cm",
            f"what was the greatest diameter of the lesion at {act.where}, before excision?",
            "the code follows the excised diameter: the lesion and twice its narrowest margin",
        )
        return None, because(act, "", "", "cpt-excision")
    margin = desk.need(
        act, "margin_cm", p.margin_cm, f"how wide was the narrowest margin around the {plain(lesion)} cm lesion?", Decimal(0),
        why="excised diameter is the lesion and twice the narrowest margin",
    )  # fmt: skip
    if margin is None:
        return None, because(act, "", "", "cpt-excision")
    size = lesion + 2 * margin
    words = f"{plain(lesion)} cm and twice the narrowest margin of {plain(margin)} cm make {plain(size)} cm"
    return size, because(act, words, "excised-diameter", "cpt-excision", "lesion_cm")


def _nature(act: Act, desk: Desk) -> str | None:
    if act.kind == "scar" and act.dx is None:
        return "benign"
    if act.nature is not None:
        return _NATURES.get(act.nature, "benign")
    if act.p.prior_pathology and act.kind == "staged":
        return "malignant"
    return desk.need(
        act, "pathology", None, f"what is the final pathology of the excision at {act.where}?", "benign",
        why="benign and malignant excisions have different codes; the claim waits for the report",
    )  # fmt: skip


def _nature_words(act: Act, nature: str) -> str:
    if act.dx is None:
        return "taken as benign"
    name = act.p.pathology or act.dx.name
    return f"{name} is {'malignant' if nature == 'malignant' else 'not malignant: the benign series, also for atypical and uncertain'}"


def _closure(act: Act, desk: Desk) -> None:
    """A closure told inside the excision is put to the repairs of the day."""
    if act.p.repair or act.p.repair_cm is not None or act.p.layered:
        repair.within(act, desk)


def _named(act: Act, desk: Desk) -> bool:
    """Excisions of places with codes of their own: condyloma of anus or penis, lesions inside the mouth."""
    region = act.place.region
    if region is None:
        return False
    said = (act.p.technique or "").lower()
    if region.name == "eyelid margin":
        _of_part(act, desk, "lid margin excision", "a lesion of the lid margin")
        return True
    if region.dx in {"lip", "vermilion"} and any(w in said for w in _LIP_WEDGE):
        _of_part(
            act,
            desk,
            "V excision of lip" if "v" in said.replace("-", " ").split() else "wedge excision of lip",
            "a wedge of the lip",
        )
        return True
    if region.name == "ear" and ("wedge" in said or "amputation" in said):
        _of_part(act, desk, "partial excision of ear", "a part of the external ear")
        return True
    if region.genital in {"anus", "penis"} and act.nature == "condyloma":
        found = str(table("codes")["site destruction"][region.genital]["excision"])
        desk.add(
            found,
            act,
            [
                because(
                    act, f"condyloma of the {region.genital} cut out", "site-specific-removal", "cpt-surgery", "site"
                )
            ],
        )
        return True
    if region.mucosa in table("codes")["mucosa excision"]:
        closed = repair.grade(act)
        at = 0 if closed is None else 1 if closed == "simple" else 2
        found = codes("mucosa excision", region.mucosa or "")[at]
        step = because(
            act, f"inside the mouth ({region.name}), by closure", "site-specific-excision", "cpt-surgery", "site"
        )
        desk.add(found, act, [step])
        return True
    return False


def _of_part(act: Act, desk: Desk, name: str, what: str) -> None:
    step = because(act, f"{what} cut out has a code of its own", "site-specific-excision", "cpt-surgery", "site")
    for _ in range(act.p.count or 1):
        desk.add(codes("small operations", name)[0], act, [step])
    if act.p.repair:
        desk.drop(act, "closing the wedge is included", "cpt-surgery")


def shave(act: Act, desk: Desk) -> None:
    """A shave removal: by site and diameter of the lesion, without margins; closure is included."""
    if act.nature == "tag":
        desk.tally("tag", act)
        return
    size = act.p.lesion_cm if act.p.lesion_cm is not None else act.p.size_cm
    size = desk.need(
        act,
        "lesion_cm",
        size,
        f"what was the diameter of the lesion shaved off at {act.where}?",
        Decimal("0.5"),
        why="the code follows the diameter",
    )
    group = act.place.group("excision")
    if group is None:
        desk.ask(act, "site", f"where exactly was the shave ({act.where})?", "the code series follows the site")
    if size is None or group is None:
        return
    found = series("shave", group)
    at = found.at(size)
    reasons = [
        because(
            act,
            "removed flat, dermis left behind, the whole lesion meant: a shave, no biopsy",
            "shave-not-biopsy",
            "cpt-shave",
            "technique",
        ),
        because(act, f"{act.where}: {SERIES_WORDS['excision', group]}", "excision-site-group", "cpt-shave", "site"),
        because(
            act,
            f"lesion of {plain(size)} cm, margins do not count: {found.words(at)}",
            "shave-band",
            "cpt-shave",
            "lesion_cm",
        ),
    ]
    runner_up = found.neighbour(size, what="the lesion") or ("11102", "the aim was a sample for diagnosis")
    for _ in range(act.p.count or 1):
        desk.add(found.codes[at], act, reasons, runner_up=runner_up)
    if act.p.repair or act.p.repair_cm is not None:
        desk.drop(act, "closing and haemostasis are included in a shave", "cpt-shave")


def named(act: Act, desk: Desk) -> None:
    """Hidradenitis by region and repair, pilonidal cyst by extent."""
    if act.kind == "pilonidal":
        extent = (act.p.extent or "").lower()
        kind = (
            "complicated"
            if act.p.complicated or "complicated" in extent
            else "extensive"
            if "extensive" in extent
            else "simple"
        )
        step = because(act, f"pilonidal cyst, {kind}", "pilonidal-extent", "cpt-surgery", "extent")
        desk.add(codes("pilonidal", kind)[0], act, [step])
        return
    entry = table("codes")["hidradenitis"].get(act.place.name)
    if entry is None:
        desk.ask(
            act,
            "site",
            f"was the hidradenitis axillary, inguinal, perianal, perineal or umbilical ({act.where})?",
            "the code follows the region",
        )
        return
    complex_ = repair.grade(act) == "complex" or any(repair.grade(c) == "complex" for c in act.partners)
    reasons = [
        because(act, f"hidradenitis of the {act.place.name}", "hidradenitis-region", "cpt-surgery", "site"),
        because(
            act,
            f"{'complex' if complex_ else 'simple or intermediate'} repair, which is included",
            "hidradenitis-repair",
            "cpt-surgery",
            "repair",
        ),
    ]
    first, second = entry.split()
    line = desk.add(
        second if complex_ else first,
        act,
        reasons,
        runner_up=(
            first if complex_ else second,
            f"the repair was {'no' if complex_ else ''} complex one".replace("  ", " "),
        ),
    )
    if act.place.side == "both" and entry.startswith("11450"):
        line.modifiers.append("50")
        line.reasons.append(because(act, "both axillae: bilateral, 50", "bilateral-50", "fee-schedule", "site"))
