"""Patch, prick and intradermal tests: one unit for each test."""

from cutis.coding.bands import codes
from cutis.coding.desk import Act, Desk, because


def code(act: Act, desk: Desk) -> None:
    """Tests of one kind."""
    number = act.p.count if act.p.count is not None else act.p.allergens
    number = desk.need(
        act, "count", number, f"how many tests were done ({act.technique})?", 1, why="each test is a unit"
    )
    if number:
        desk.tally("allergy", (act, number))


def finish(desk: Desk) -> None:
    """One line for each kind of test, units added."""
    by_kind: dict[str, list[tuple[Act, int]]] = {}
    for act, number in desk.tallies.get("allergy", ()):
        by_kind.setdefault(act.kind, []).append((act, number))
    for kind, entries in by_kind.items():
        acts = [a for a, _ in entries]
        units = sum(n for _, n in entries)
        step = because(
            acts[0], f"{kind}: {units}, each a unit; reading them is included", "allergy-tests", "cpt-allergy", "count"
        )
        desk.add(codes("allergy", kind)[0], acts, [step], units=units)
