"""Skin biopsies by technique, and biopsies of places that have a code of their own."""

from typing import Final

from cutis.coding.bands import codes
from cutis.coding.desk import Act, Desk, because
from cutis.coding.families import repair
from cutis.coding.phrases import table
from cutis.coding.result import Line, Reason

_RANKED: Final = ("incisional biopsy", "punch biopsy", "tangential biopsy")
_DEEP: Final = ("deep", "muscle", "corpora", "cavernos", "tunica", "structure")
_SKIN_ONLY: Final = (
    "away from",
    "not margin",
    "without margin",
    "no margin",
    "above",
    "below",
    "skin only",
    "not lid margin",
)


def code(act: Act, desk: Desk) -> None:
    """A biopsy: of its place where that has a code, else put aside by technique."""
    if act.kind == "nail unit biopsy":
        _of_place(act, desk, {"codes": "11755"}, "the nail unit")
        return
    entry = _site_entry(act, desk)
    if entry is not None:
        _of_place(act, desk, entry, act.place.name)
        return
    technique = act.kind or desk.need(
        act,
        "technique",
        None,
        "was the biopsy tangential (shave), punch or incisional?",
        "tangential biopsy",
        why="the code follows the technique",
    )
    if technique:
        desk.tally("biopsy", (technique, act))
        if act.p.repair or act.p.repair_cm is not None:
            repair.within(act, desk)


def _site_entry(act: Act, desk: Desk) -> dict[str, str] | None:
    entry: dict[str, str] | None = table("codes")["site biopsies"].get(act.place.name)
    if entry is None:
        return None
    if "sex" in entry and (desk.encounter.patient is None or desk.encounter.patient.sex != entry["sex"]):
        return None
    words = f"{act.p.site or ''} {act.p.depth or ''} {act.p.extent or ''}".lower()
    if act.place.name == "eyelid" and "skin" in words and "margin" not in words:
        return None
    return None if "else" in entry and any(w in words for w in _SKIN_ONLY) else entry


def _of_place(act: Act, desk: Desk, entry: dict[str, str], name: str) -> None:
    """One line per biopsy of the place, or an add-on for each further one."""
    count = act.p.count or 1
    found = entry["codes"]
    if "deep" in entry and any(w in (act.p.depth or "").lower() for w in _DEEP):
        found = entry["deep"]
    reasons = [
        because(
            act,
            f"{name} has a biopsy code of its own, which wins over the skin codes",
            "site-specific-biopsy",
            "cpt-biopsy",
            "site",
        )
    ]
    technique = act.kind if act.kind in _RANKED else "tangential biopsy"
    runner_up = (codes("biopsies", technique)[0], entry["else"]) if "else" in entry else None
    if "more" in entry:
        earlier = any(line.code == found for line in desk.lines)
        if not earlier:
            desk.add(found, act, reasons, runner_up=runner_up)
        further = count - (0 if earlier else 1)
        if further:
            step = because(act, f"{further} further at the same organ", "further-biopsy", "cpt-biopsy", "count")
            desk.add(entry["more"], act, [*reasons, step], units=further, kind="add-on", after=found)
        return
    # The lip and the lid are biopsied lesion by lesion; a second line then needs a modifier, which the coder adds later.
    for _ in range(count):
        desk.add(found, act, reasons, runner_up=runner_up)


def finish(desk: Desk) -> None:
    """One first biopsy for the day, of the highest technique; every other is an add-on by its own technique."""
    tallied = desk.tallies.get("biopsy")
    if not tallied:
        return
    by_technique: dict[str, list[Act]] = {}
    for technique, act in tallied:
        by_technique.setdefault(technique, []).append(act)
    first = ""
    for technique in _RANKED:
        acts = by_technique.get(technique)
        if not acts:
            continue
        primary, more = codes("biopsies", technique)
        units = sum(a.p.count or 1 for a in acts)
        step = because(
            acts[0], f"{technique}: the code follows the technique", "biopsy-by-technique", "cpt-biopsy", "technique"
        )
        if not first:
            first = primary
            _primary(desk, primary, acts, step, several=len(tallied) > 1)
            units -= 1
            acts = acts[1:] or acts
        if units:
            again = because(
                acts[0],
                f"{units} further by this technique; one first biopsy a day, incisional before punch before tangential",
                "one-primary-biopsy",
                "cpt-biopsy",
                "count",
            )
            desk.add(more, acts, [step, again], units=units, kind="add-on", after=first)


def _primary(desk: Desk, code_: str, acts: list[Act], step: Reason, *, several: bool) -> Line:
    others = {"11102": ("11104", "a punch was taken through the full dermis"), "11104": ("11102", "the sample was shaved or scooped off"),
              "11106": ("11104", "the sample was a punch, no wedge into the fat")}  # fmt: skip
    reasons = [step]
    if several:
        reasons.append(
            because(
                acts[0],
                "it ranks highest of the day's biopsies, so it is the first",
                "one-primary-biopsy",
                "cpt-biopsy",
                "technique",
            )
        )
    return desk.add(code_, acts[0], reasons, runner_up=others[code_])
