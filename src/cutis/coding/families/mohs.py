"""Mohs surgery: first stage by site, later stages, blocks beyond five of one stage; one physician in both roles."""

from typing import Final

from cutis.coding.bands import codes
from cutis.coding.desk import Act, Desk, because
from cutis.coding.families import excision, repair
from cutis.coding.phrases import table
from cutis.coding.result import Line
from cutis.coding.sites import SERIES_WORDS

_OTHERS: Final = ("separate", "other", "outside", "another", "dermatopathologist", "different", "pathologist")
_FIRST: Final = frozenset({"17311", "17313"})
_MORE: Final = frozenset({"17312", "17314", "17315"})
_DEEP: Final = ("muscle", "cartilage", "bone", "tendon", "nerve", "vessel")


def read_by_another(act: Act) -> bool:
    """Whether the sections were read by someone else than the surgeon."""
    said = (act.p.pathologist or "").lower()
    return any(w in said for w in _OTHERS) and "same" not in said and "surgeon" not in said


def code(act: Act, desk: Desk) -> None:
    """One tumour: first stage, each further stage, each block beyond five in any one stage."""
    if read_by_another(act):
        excision.code(act, desk)
        return
    group = "H" if any(w in (act.p.depth or "").lower() for w in _DEEP) else act.place.group("mohs")
    if group is None:
        desk.ask(
            act,
            "site",
            f"where exactly was the tumour ({act.where})?",
            "the first stage has one code for head, neck, hands, feet and genitals and one for the rest",
        )
    blocks = act.p.blocks
    stages = act.p.stages if act.p.stages is not None else len(blocks) if blocks and len(blocks) > 1 else None
    stages = desk.need(
        act,
        "stages",
        stages,
        f"how many stages did the tumour at {act.where} take?",
        1,
        why="each stage after the first is a unit",
    )
    if group is None or stages is None:
        return
    first, later = codes("mohs", group)
    other = codes("mohs", "T" if group == "H" else "H")[0]
    roles = (
        "the surgeon read the sections"
        if act.p.pathologist
        else "the same physician as surgeon and pathologist, as the technique implies"
    )
    site = (
        "tumour reaches muscle, cartilage, bone or nerve"
        if group != act.place.group("mohs")
        else f"{act.where}: {SERIES_WORDS['mohs', group]}"
    )
    reasons = [
        because(act, roles, "mohs-needs-both-roles", "lcd-mohs", "pathologist"),
        because(act, site, "mohs-site", "cpt-mohs", "site"),
    ]
    line = desk.add(
        first, act, reasons, runner_up=(other, f"the tumour is at {SERIES_WORDS['mohs', 'T' if group == 'H' else 'H']}")
    )
    if stages > 1:
        step = because(act, f"{stages} stages: {stages - 1} after the first", "mohs-stages", "cpt-mohs", "stages")
        desk.add(later, act, [*reasons[1:], step], units=stages - 1, kind="add-on", after=first, dx=line.dx)
    desk.tally("mohs", act)
    _blocks(act, desk, stages, first, line.dx)
    if act.p.repair or act.p.repair_cm is not None:
        repair.within(act, desk)


def _blocks(act: Act, desk: Desk, stages: int, first: str, dx: list[str]) -> None:
    blocks = act.p.blocks
    if not blocks or len(blocks) not in {1, stages} or (len(blocks) == 1 and stages > 1):
        desk.ask(
            act,
            "blocks",
            f"how many blocks had each of the {stages} stages at {act.where}?",
            "blocks beyond five in one stage are counted; stages are not pooled",
        )
        return
    rule = table("codes")["mohs"]
    extra = sum(max(0, b - rule["blocks"]) for b in blocks)
    if extra:
        counted = ", ".join(str(b) for b in blocks)
        step = because(
            act,
            f"blocks by stage {counted}: {extra} beyond five, counted stage by stage",
            "mohs-blocks",
            "cpt-mohs",
            "blocks",
        )
        desk.add(rule["block"], act, [step], units=extra, kind="add-on", after=first, dx=dx)


def finish(desk: Desk) -> None:
    """Later stages, and blocks beyond five, of several tumours of one site group are units of one line."""
    kept: dict[str, Line] = {}
    if sum(line.code in _FIRST for line in desk.lines) < 2:
        return
    for line in list(desk.lines):
        if line.code not in _MORE:
            continue
        first = kept.setdefault(line.code, line)
        if first is not line:
            first.units += line.units
            first.lesions |= line.lesions
            first.dx += [d for d in line.dx if d not in first.dx]
            first.reasons += line.reasons
            desk.lines.remove(line)
