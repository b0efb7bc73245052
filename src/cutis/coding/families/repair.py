"""Repairs: class by what was done, lengths added up per class and site group, and what other work includes."""

from decimal import Decimal
from typing import Final, NamedTuple

from cutis.coding.bands import plain, series
from cutis.coding.desk import Act, Desk, because
from cutis.coding.result import Line, Reason
from cutis.coding.sites import SERIES_WORDS

_SMALL_BENIGN: Final = frozenset({"11400", "11420", "11440"})
_RANK: Final = {"complex": 0, "intermediate": 1, "simple": 2}
_SERIES: Final = {
    "complex": ("complex", "plastic"),
    "intermediate": ("layered", "layered"),
    "simple": ("simple", "simple"),
}
_UNSAID: Final = frozenset({"yes", "true", "primary", "primary closure", "sutured", "sutures", "closed"})
_SHORTEST_COMPLEX: Final = Decimal("1.1")
_INCLUDES_ALL: Final = frozenset({"shave", "destruction", "tag", "removal"})


class Closure(NamedTuple):
    """One wound closed."""

    act: Act
    grade: str
    length: Decimal
    group: str
    session: str
    reason: Reason


def grade(act: Act) -> str | None:
    """simple, intermediate, complex, adhesive or none, by what was done; None where no closure is told."""
    p = act.p
    text = (p.repair or "").lower().replace("-", " ")
    if act.kind == "adhesive" or any(w in text for w in ("glue", "adhesive", "dermabond", "cyanoacrylate")):
        return "none" if "strip" in text else "adhesive"
    if any(
        w in text
        for w in (
            "second intention",
            "secondary intention",
            "secondary",
            "granulat",
            "none",
            "strip",
            "left open",
            "no repair",
            "no closure",
        )
    ):
        return "none"
    said = act.p.technique.lower() if act.family == "repair" and act.p.technique and not text else text
    found = "complex" if "complex" in said else None
    if found is None and any(
        w in said
        for w in (
            "intermediate",
            "layered",
            "multi layer",
            "multilayer",
            "two layer",
            "2 layer",
            "double layer",
            "deep dermal",
            "subcutaneous suture",
            "buried",
            "deep and superficial",
            "subcuticular and deep",
        )
    ):
        found = "simple" if "single layered" in said or "one layered" in said else "intermediate"
    if found is None and (p.layered or _dirty(act, text)):
        found = "intermediate"
    if (
        found is None
        and "purse" not in text
        and ((text and text not in _UNSAID) or p.layered is False or "simple" in said)
    ):
        found = "simple"
    if found == "complex" and _limited(act):
        return "intermediate"
    if found == "intermediate" and _criteria(act):
        return "complex"
    return found


def _dirty(act: Act, text: str) -> bool:
    """A single layer after extensive cleaning of a contaminated wound counts as intermediate."""
    return bool(act.p.contaminated) or "contaminat" in text or "extensive clean" in text or "particulate" in text


def _wide(act: Act) -> bool | None:
    """Whether undermining was extensive: at least as far as the defect is wide; None where it is not told."""
    p = act.p
    text = (p.undermining or "").lower().replace("-", " ")
    width = p.defect_width_cm if p.defect_width_cm is not None else min(p.defect_cm) if p.defect_cm else None
    if p.undermining_cm is not None and width is not None:
        return p.undermining_cm >= width
    if any(w in text for w in ("less than", "narrower", "limited", "minimal", "slight")):
        return False
    if any(
        w in text for w in ("extensive", "wide", "at least", "defect width", "width of the defect", "greater", "exceed")
    ):
        return True
    return False if any(w in text for w in ("limited", "minimal", "slight", "none", "no")) else None


def _criteria(act: Act) -> bool:
    """One of the facts that make a layered repair complex."""
    p = act.p
    return bool(p.retention_sutures or p.exposed_structure or p.free_margin or p.debrided_edges or _wide(act))


def _limited(act: Act) -> bool:
    """Called complex, but what was undermined was less than the width of the defect, and nothing else makes it complex."""
    p = act.p
    others = p.retention_sutures or p.exposed_structure or p.free_margin or p.debrided_edges
    return _wide(act) is False and not others


def mark_small_benign(line: Line, act: Act) -> None:
    """Remember on the act that its excision is one whose repair NCCI includes whatever its class."""
    if line.code in _SMALL_BENIGN:
        act.kind = "small benign"


def within(act: Act, desk: Desk) -> None:
    """A closure told inside a removal."""
    _close(act, [act], desk)


def code(act: Act, desk: Desk) -> None:
    """A repair told as an act of its own."""
    _close(act, act.partners, desk)


def _close(act: Act, removals: list[Act], desk: Desk) -> None:
    found = grade(act)
    if found == "none":
        desk.drop(act, "a wound closed with strips or left to heal is no repair", "cpt-repair")
        return
    if found == "adhesive":
        found = _adhesive(act, removals, desk)
        if found is None:
            return
    if found is None:
        found = desk.need(
            act,
            "repair",
            None,
            f"was the closure at {act.where} simple, intermediate (layered) or complex?",
            "simple",
            why="the code follows what was done",
        )
    if found is None or any(_included(act, r, found, desk) for r in removals):
        return
    length = desk.need(
        act,
        "repair_cm",
        act.p.repair_cm,
        f"how long was the closed wound at {act.where}, in cm?",
        why="the code follows the length",
    )
    if length is None:
        return
    fact = "repair" if act.p.repair else "technique"
    reason = because(act, f"{act.where}: {found} repair of {plain(length)} cm", "repair-class", "cpt-repair", fact)
    session = act.p.encounter or ""
    place = act.place
    if not place.regions and removals:
        place = removals[0].place
    group = place.group(_SERIES[found][1])
    if group is None:
        desk.ask(
            act,
            "site",
            f"where exactly was the wound that was closed ({act.where})?",
            "lengths are added per group of sites",
        )
        return
    desk.tally("repair", Closure(act, found, length, group, session, reason))


def _adhesive(act: Act, removals: list[Act], desk: Desk) -> str | None:
    """Tissue glue alone: a HCPCS code for Medicare, a simple repair for others, nothing with an excision."""
    if removals:
        desk.drop(act, "glue on the wound of a removal is included in it", "cpt-repair")
        return None
    if desk.medicare:
        step = because(
            act, "closed with tissue glue alone; Medicare wants its own code", "glue-medicare", "hcpcs", "technique"
        )
        desk.add("G0168", act, [step])
        return None
    return "simple"


def _included(act: Act, removal: Act, found: str, desk: Desk) -> bool:
    """Whether the removal at the site includes the closure."""
    why, authority = "", "cpt-repair"
    if removal.family in _INCLUDES_ALL:
        why = f"closure is included in the {removal.technique}"
    elif removal.family == "biopsy" and found == "simple":
        why = "a simple closure is included in the biopsy"
    elif removal.family == "tumor" or (removal.family == "excision" and _is_tumor(removal)):
        if found != "complex":
            why, authority = (
                "excision of a soft-tissue tumour includes simple and intermediate closure",
                "cpt-soft-tissue",
            )
    elif removal.family == "named excision":
        why = "the excision includes its closure"
    elif removal.kind == "small benign" and (desk.payer != "commercial" or found == "simple"):
        why, authority = (
            "NCCI includes any repair in the excision of a benign lesion of 0.5 cm or less",
            "ncci-manual-3",
        )
    elif removal.family == "excision" and found == "simple":
        why = "a simple closure is included in the excision"
    if why:
        desk.drop(act, f"{found} closure: {why}", authority)
    return bool(why)


def _is_tumor(act: Act) -> bool:
    from cutis.coding.families.tumor import is_deep  # noqa: PLC0415 - tumours ask for repairs too

    return is_deep(act)


def finish(desk: Desk) -> None:
    """Add up the lengths of each class and site group, and write one line for each sum."""
    tallied: list[Closure] | None = desk.tallies.get("repair")
    if not tallied:
        return
    sums: dict[tuple[str, str, str], list[Closure]] = {}
    for closure in tallied:
        sums.setdefault((closure.grade, closure.group, closure.session), []).append(closure)
    for key in [k for k in sums if k[0] == "complex" and _length(sums[k]) < _SHORTEST_COMPLEX]:
        for closure in sums.pop(key):
            _shorten(closure, sums, desk)
    order = sorted(sums, key=lambda k: (_RANK[k[0]], -desk.book.value(_found(k, sums[k])), k))
    for at, key in enumerate(order):
        _line(desk, key, sums[key], lesser=at > 0, sessions=len({k[2] for k in sums}) > 1, first=order[0])


def _shorten(closure: Closure, sums: dict[tuple[str, str, str], list[Closure]], desk: Desk) -> None:
    """A complex repair under 1.1 cm is reported as intermediate."""
    group = closure.act.place.group("layered")
    if group is None:
        desk.ask(
            closure.act,
            "site",
            f"where exactly was the wound that was closed ({closure.act.where})?",
            "lengths are added per group of sites",
        )
        return
    step = because(
        closure.act,
        f"{closure.reason.step}; complex codes begin at 1.1 cm, so it counts as intermediate",
        "complex-from-1.1",
        "cpt-repair",
        "repair_cm",
    )
    moved = closure._replace(grade="intermediate", group=group, reason=step)
    sums.setdefault(("intermediate", group, closure.session), []).append(moved)


def _length(closures: list[Closure]) -> Decimal:
    return sum((c.length for c in closures), Decimal(0))


def _found(key: tuple[str, str, str], closures: list[Closure]) -> str:
    found = series(_SERIES[key[0]][0], key[1])
    return found.codes[found.at(_length(closures))]


def _line(
    desk: Desk,
    key: tuple[str, str, str],
    closures: list[Closure],
    *,
    lesser: bool,
    sessions: bool,
    first: tuple[str, str, str],
) -> None:
    found_grade, group, session = key
    name, places = _SERIES[found_grade]
    found = series(name, group)
    length = _length(closures)
    at = found.at(length)
    acts = [c.act for c in closures]
    reasons = [c.reason for c in closures]
    if len(closures) > 1:
        reasons.append(
            because(
                acts[0],
                f"lengths of one class and site group are added: {plain(length)} cm",
                "repair-sum",
                "cpt-repair",
                "repair_cm",
            )
        )
    reasons.append(
        because(acts[0], f"{SERIES_WORDS[places, group]}, {found.words(at)}", "repair-band", "cpt-repair", "site")
    )
    line = desk.add(
        found.codes[at], acts, reasons, runner_up=found.neighbour(length, what="the length"), dx=_dx(desk, acts)
    )
    if lesser:
        apart = sessions and session != first[2]
        line.modifiers.append("XE" if apart else "59")
        words = (
            "repaired in another encounter of the day"
            if apart
            else "of another class or site group than the main repair"
        )
        line.reasons.append(because(acts[0], words, "lesser-repair-59", "cpt-repair"))
    extra = found.further(length)
    if extra and found.more:
        step = because(
            acts[0],
            f"{plain(length - found.over)} cm beyond {plain(found.over)} cm, each {plain(found.each)} cm or part of it",
            "repair-add-on",
            "cpt-repair",
            "repair_cm",
        )
        desk.add(found.more, acts, [*reasons, step], units=extra, kind="add-on", after=line.code, dx=line.dx)


def _dx(desk: Desk, acts: list[Act]) -> list[str]:
    return desk.diagnoses(acts)
