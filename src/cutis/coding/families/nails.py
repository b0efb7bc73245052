"""Nails: trimming, debridement by count, avulsion by plates, and operations on single nails."""

from cutis.coding.bands import codes, series
from cutis.coding.desk import Act, Desk, because
from cutis.coding.families import excision

_COUNTED = frozenset({"nail trimming", "dystrophic nail trimming", "nail debridement"})


def code(act: Act, desk: Desk) -> None:
    """A nail procedure."""
    if act.kind == "wedge excision of nail fold" and act.place.regions and not _of_nail(act):
        excision.code(act, desk)
    elif act.kind in _COUNTED:
        desk.tally("nail care", act)
    elif act.kind == "nail avulsion":
        desk.tally("avulsion", act)
    else:
        found = codes("nails", act.kind)[0]
        step = because(act, f"{act.kind}, one line for each nail", "nail-operation", "cpt-nail", "technique")
        runner_up = {
            "11750": ("11730", "only the plate was removed and the matrix left"),
            "11740": ("10140", "the blood lay in the soft tissue, not under the nail"),
        }.get(found)
        for _ in range(act.p.count or 1):
            desk.add(found, act, [step], runner_up=runner_up)


def _of_nail(act: Act) -> bool:
    return any(r.dx == "nail" or r.digit or r.name in {"toe", "finger"} for r in act.place.regions)


def finish(desk: Desk) -> None:
    """Add up debrided nails and avulsed plates; trimming is one unit."""
    care = desk.tallies.get("nail care", [])
    debrided = [a for a in care if a.kind == "nail debridement"]
    if debrided:
        _debrided(desk, debrided)
    for act in (a for a in care if a.kind != "nail debridement"):
        found = codes("nails", act.kind)[-1 if desk.medicare else 0]
        step = because(act, f"{act.kind}: one unit for any number", "nail-trimming", "cpt-nail", "technique")
        desk.add(found, act, [step])
    avulsed = desk.tallies.get("avulsion")
    if avulsed:
        _avulsed(desk, avulsed)


def _debrided(desk: Desk, acts: list[Act]) -> None:
    counts = [
        desk.need(
            a, "count", a.p.count, f"how many nails were debrided at {a.where}?", 1, why="one to five, or six and more"
        )
        for a in acts
    ]
    if None in counts:
        return
    count = sum(n for n in counts if n is not None)
    found = series("nail debridement")
    at = found.at(count)
    step = because(
        acts[0],
        f"{count} nails: {'one to five' if at == 0 else 'six or more'}, one unit",
        "nails-debrided",
        "cpt-nail",
        "count",
    )
    desk.add(
        found.codes[at],
        acts,
        [step],
        runner_up=(
            found.codes[1 - at],
            "six or more nails were debrided" if at == 0 else "fewer than six were debrided",
        ),
    )


def _avulsed(desk: Desk, acts: list[Act]) -> None:
    first, more = codes("nails", "nail avulsion")
    step = because(
        acts[0], "nail plate removed, matrix left; the first plate of the day", "nail-avulsion", "cpt-nail", "technique"
    )
    desk.add(first, acts[0], [step], runner_up=("11750", "the matrix was removed or destroyed for good"))
    further = sum(a.p.count or 1 for a in acts) - 1
    if desk.medicare and further == len(acts) - 1 and all(a.place.digit for a in acts[1:]):
        for act in acts[1:]:
            again = because(act, f"a further plate: {act.where}", "nail-avulsion-further", "cpt-nail", "site")
            desk.add(more, act, [step, again], kind="add-on", after=first)
    elif further:
        again = because(
            acts[-1], f"{further} further plates, each a unit", "nail-avulsion-further", "cpt-nail", "count"
        )
        desk.add(more, acts[1:] or acts, [step, again], units=further, kind="add-on", after=first)
