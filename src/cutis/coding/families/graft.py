"""Skin grafts and substitutes by site and area, preparation of the site."""

from decimal import Decimal
from typing import Final

from cutis.coding.bands import plain, series
from cutis.coding.desk import Act, Desk, because
from cutis.coding.phrases import table
from cutis.coding.sites import SERIES_WORDS

_SUMMED: Final = frozenset({"split-thickness graft", "skin substitute", "site preparation"})
_LARGE: Final = Decimal(100)


def code(act: Act, desk: Desk) -> None:
    """A graft; areas of one kind and site group are added up at the end of the day."""
    others = table("codes")["other flaps"]
    if act.kind in others:
        step = because(act, f"{act.technique} has one code", "named-operation", "cpt-graft", "technique")
        desk.add(others[act.kind], act, [step])
        return
    if act.kind == "site preparation" and any(p.family == "mohs" for p in act.partners):
        desk.drop(act, "preparing the bed is not reported where Mohs surgery alone made the wound", "ncci-manual-3")
        return
    which = "plastic" if act.kind == "full-thickness graft" else "graft"
    group = act.place.group(which)
    if group is None:
        desk.ask(
            act,
            "site",
            f"where exactly was the graft ({act.where})?",
            "the code series follows the site that receives it",
        )
    area = act.p.area_sqcm
    if area is None and act.p.defect_cm and len(act.p.defect_cm) > 1:
        area = act.p.defect_cm[0] * act.p.defect_cm[1]
    area = desk.need(
        act,
        "area_sqcm",
        area,
        f"how many square cm did the graft at {act.where} cover?",
        Decimal(1),
        why="the code follows the area of the wound covered",
    )
    if group is not None and area is not None:
        desk.tally("graft", (act, group, area))


def finish(desk: Desk) -> None:
    """One line for each kind and site group, with the add-on for what lies beyond the first area."""
    sums: dict[tuple[str, str, int], list[tuple[Act, Decimal]]] = {}
    for act, group, area in desk.tallies.get("graft", ()):
        # Areas of one site group are added; full-thickness grafts stay graft by graft, each with its own first 20 square cm.
        key = (act.kind, group, -1 if act.kind in _SUMMED else act.index)
        sums.setdefault(key, []).append((act, area))
    for (kind, group, _), entries in sums.items():
        _line(desk, kind, group, entries)


def _line(desk: Desk, kind: str, group: str, entries: list[tuple[Act, Decimal]]) -> None:
    acts = [a for a, _ in entries]
    area = sum((n for _, n in entries), Decimal(0))
    name = "large skin substitute" if kind == "skin substitute" and area >= _LARGE else kind
    found = series(name, group)
    which = "plastic" if kind == "full-thickness graft" else "graft"
    reasons = [
        because(acts[0], f"{kind}: {SERIES_WORDS[which, group]}", "graft-site", "cpt-graft", "site"),
        because(
            acts[0],
            f"{plain(area)} square cm; the first code covers {plain(found.over)}",
            "graft-area",
            "cpt-graft",
            "area_sqcm",
        ),
    ]
    line = desk.add(found.codes[0], acts, reasons)
    extra = found.further(area)
    if extra and found.more:
        step = because(
            acts[0],
            f"{extra} further of {plain(found.each)} square cm or part",
            "graft-add-on",
            "cpt-graft",
            "area_sqcm",
        )
        desk.add(found.more, acts, [*reasons, step], units=extra, kind="add-on", after=line.code, dx=line.dx)
