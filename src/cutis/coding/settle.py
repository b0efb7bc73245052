"""Which acts treat the same lesion, what closes what, and what is included in other work: decided before any code."""

from typing import Final

from cutis.coding.desk import Act, Desk
from cutis.coding.phrases import words

_REMOVALS: Final = frozenset({"excision", "named excision", "tumor", "mohs", "shave", "removal"})
_DESTROYED: Final = frozenset({"destruction", "tag"})
_CLOSURES: Final = frozenset({"repair", "flap", "pedicle", "graft"})
_SAME_WORDS: Final = frozenset({"same", "donor", "primary", "defect", "pivot"})


def settle(desk: Desk) -> None:
    """Give acts their lesion, closures their removals, and mark what other work includes."""
    acts = desk.acts
    if len(acts) < 2:
        return
    _identify(acts)
    closures = [a for a in acts if a.family in _CLOSURES]
    if closures:
        removals = [a for a in acts if a.family in _REMOVALS]
        sampled = [a for a in acts if a.family == "biopsy"]
        for closure in closures:
            _partner(closure, removals)
            if not closure.partners:
                _partner(closure, sampled)
        _absorb_donor_sites(desk, closures)
        _absorb_under_flaps(desk, closures)
    if any(a.family == "biopsy" for a in acts):
        _absorb_biopsies(desk)
    _absorb_drainage(desk)
    _absorb_under_light(desk)
    _absorb_under_matrixectomy(desk)
    _absorb_passes(desk)


def _absorb_under_light(desk: Desk) -> None:
    """Lesions curetted and then treated with light are photodynamic therapy."""
    treated = {a.lesion: a for a in desk.acts if a.family == "pdt"}
    for act in desk.acts:
        if act.family not in _DESTROYED:
            continue
        here = any(same_place(light, act) for light in treated.values())
        if act.nature == "premalignant" and act.lesion not in treated and here and not act.p.lesion:
            act.absorbed = True
            desk.ask(
                act,
                "lesion",
                f"were the lesions destroyed at {act.where} others than those treated with light? Name them apart, if so",
                "destroying what is then treated with light is part of photodynamic therapy",
            )
        elif act.lesion in treated:
            act.absorbed = True
            desk.drop(
                act, "destroying lesions that are then treated with light is part of photodynamic therapy", "cpt-pdt"
            )


def _absorb_under_matrixectomy(desk: Desk) -> None:
    """Taking off the plate of a nail whose matrix is removed is part of that."""
    gone = {(a.lesion, a.place.digit) for a in desk.acts if a.kind == "nail matrixectomy"}
    for act in desk.acts:
        if act.kind == "nail avulsion" and any(
            act.lesion == lesion or (digit is not None and digit == act.place.digit) for lesion, digit in gone
        ):
            act.absorbed = True
            desk.drop(act, "taking off the plate is part of removing the matrix", "ncci-ptp")


def _absorb_passes(desk: Desk) -> None:
    """Excision and re-excision of one lesion in one session are one excision, the widest."""
    widest: dict[int, Act] = {}
    for act in desk.acts:
        named = act.p.lesion or act.p.same_lesion_as or act.kind == "re-excision"
        if act.family != "excision" or act.absorbed or not named or act.p.excised_cm is None:
            continue
        other = widest.setdefault(act.lesion, act)
        if other is act or other.p.excised_cm is None or act.kind == "scar":
            continue
        less, more = sorted((other, act), key=lambda a: a.p.excised_cm or 0)
        widest[act.lesion] = more
        less.absorbed = True
        desk.drop(less, "one lesion in one session: the widest excision stands for all passes", "cpt-excision")


def _absorb_donor_sites(desk: Desk, closures: list[Act]) -> None:
    """Closing the place that a graft or flap was taken from is included in it."""
    if not any(c.family in {"graft", "flap", "pedicle"} for c in closures):
        return
    for repair in (c for c in closures if c.family == "repair" and not c.absorbed):
        if "donor" in words(repair.p.site or ""):
            repair.absorbed = True
            desk.drop(repair, "closing the donor site is included in the graft or flap", "cpt-graft")


def _identify(acts: list[Act]) -> None:
    """The same lesion: by its identity, by reference, never by guess."""
    by_id: dict[str, int] = {}
    for act in acts:
        if act.p.lesion:
            act.lesion = by_id.setdefault(act.p.lesion.strip().lower(), act.lesion)
    for act in acts:
        read = act.family == "pathology" or (act.family == "biopsy" and act.p.prior_pathology is not None)
        if read and not act.p.lesion and not act.p.same_lesion_as:
            # Tissue read at the place of Mohs surgery is that of Mohs surgery unless the chart tells it apart; and so is a
            # biopsy of which the chart says whether the tumour had a result.
            mohs = next((a for a in acts if a.family == "mohs" and same_place(a, act)), None)
            act.lesion = mohs.lesion if mohs is not None else act.lesion
        told = act.p.same_lesion_as
        if told or act.p.same_lesion:
            other = _referred(act, told, acts)
            if other is not None:
                act.lesion = other.lesion


def _referred(act: Act, told: str | None, acts: list[Act]) -> Act | None:
    """The act that a reference means: an identity, a technique, a position, or else the removal at the same place."""
    others = [a for a in acts if a is not act]
    if told:
        wanted = told.strip().lower()
        named = [
            a
            for a in others
            if wanted
            in {(a.p.lesion or "").lower(), a.technique or "", a.family, str(a.index), (a.p.technique or "").lower()}
        ]
        if named:
            return named[0]
    near = [a for a in others if same_place(a, act)]
    removing = [a for a in near if a.family in _REMOVALS | _DESTROYED]
    return next(iter(removing or near or [a for a in others if a.family in _REMOVALS]), None)


def same_place(one: Act, other: Act) -> bool:
    """Whether two acts name the same region, and no contrary side."""
    if one.place.regions != other.place.regions or not one.place.regions:
        return False
    return one.place.side == other.place.side or None in {one.place.side, other.place.side}


def _partner(closure: Act, removals: list[Act]) -> None:
    """A closure belongs to the removal at its place; one without a place to the only removal there is."""
    here = [r for r in removals if r.lesion == closure.lesion] or [r for r in removals if same_place(r, closure)]
    free = [r for r in here if not r.partners] or here
    if not here and not closure.place.regions and len(removals) == 1:
        free = removals
    if not free:
        return
    removal = free[0]
    closure.lesion = removal.lesion
    closure.partners.append(removal)
    removal.partners.append(closure)


def _absorb_under_flaps(desk: Desk, closures: list[Act]) -> None:
    flaps = [c for c in closures if c.family == "flap"]
    for flap in flaps:
        told = _SAME_WORDS & set(words(flap.p.site or ""))
        if (
            flap.technique == "z-plasty"
            and len(flaps) > 1
            and (told or any(same_place(flap, f) for f in flaps if f is not flap))
        ):
            flap.absorbed = True
            desk.drop(flap, "a Z-plasty that lets a flap move is part of that flap", "cpt-flap")
            continue
        for removal in flap.partners:
            if removal.family == "excision" and not removal.absorbed:
                removal.absorbed = True
                desk.drop(removal, "the excision of the lesion is included in the flap that closes it", "cpt-flap")
    for repair in (c for c in closures if c.family == "repair"):
        beside = [f for f in flaps if not f.absorbed and (f.lesion == repair.lesion or same_place(f, repair))]
        if beside:
            repair.absorbed = True
            desk.drop(repair, "closing the flap and its donor site is included in the flap", "cpt-flap")


def _absorb_biopsies(desk: Desk) -> None:
    """A biopsy of what is then removed is part of the removal, except before Mohs with no result on file."""
    for act in desk.acts:
        if act.family != "biopsy":
            continue
        others = [
            a
            for a in desk.acts
            if a is not act and a.lesion == act.lesion and a.family in _REMOVALS | _DESTROYED | {"flap", "graft"}
        ]
        if not others:
            continue
        if any(o.family == "mohs" for o in others) and act.p.prior_pathology is not True:
            _before_mohs(desk, act)
            continue
        act.absorbed = True
        why = (
            "a result was on file, so the new sample of the tumour is part of Mohs surgery"
            if any(o.family == "mohs" for o in others)
            else "a biopsy of the lesion that is removed in the same session is part of the removal"
        )
        desk.drop(act, why, "ncci-manual-3")


def _before_mohs(desk: Desk, act: Act) -> None:
    if act.p.prior_pathology is False:
        act.distinct = True
        return
    known = desk.need(
        act,
        "prior_pathology",
        None,
        "was there a pathology result of this tumour on file before Mohs surgery?",
        True,
        why="without one the biopsy of the day is reported beside Mohs",
    )
    act.absorbed = True
    if known:
        desk.drop(act, "taken as diagnosed before; the sample is part of Mohs surgery", "ncci-manual-3")


def _absorb_drainage(desk: Desk) -> None:
    for act in desk.acts:
        if act.family == "drainage" and any(
            a is not act and a.lesion == act.lesion and a.family in {"excision", "named excision", "tumor"}
            for a in desk.acts
        ):
            act.absorbed = True
            desk.drop(act, "draining a lesion that is then excised is part of the excision", "ncci-manual-3")
