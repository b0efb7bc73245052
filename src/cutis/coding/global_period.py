"""Earlier surgery whose global period still runs, and what that makes of today's work: 58, 78, 79, 24, or nothing."""

from typing import Final, NamedTuple, Self

import polars as pl

from cutis.coding.desk import Act, Desk, dispatch
from cutis.coding.encounter import Earlier, Visit
from cutis.coding.result import Line, Reason
from cutis.coding.sites import Place, place

# Days by family where the chart names the earlier operation and no code.
_BY_FAMILY: Final = {"excision": 10, "named excision": 10, "tumor": 90, "destruction": 10, "flap": 90, "graft": 90, "pedicle": 90,
                     "biopsy": 0, "shave": 0, "mohs": 0, "tag": 10, "drainage": 10}  # fmt: skip
_EXCISIONS: Final = ("114", "116")
_OF_THE_WOUND: Final = frozenset({"hematoma drainage", "wound infection drainage", "hematoma", "seroma"})
_SITE_DIGIT: Final = {"0": "T", "2": "S", "4": "F"}
_STAGED_AFTER: Final = ("111", "113", "114", "116", "4049", "6781", "6910", "1731")


class Standing(NamedTuple):
    """Where the day stands in a global period.

    Attributes:
        active: a period runs today.
        length: its days.
        days: days since the operation.
        name: the operation.
        earlier: the facts given.
    """

    active: bool
    length: int = 0
    days: int = 0
    name: str = ""
    earlier: Earlier | None = None

    @classmethod
    def of(cls, desk: Desk) -> Self:
        """The period that runs on the day of the encounter."""
        first = desk.encounter.global_period
        if first is None:
            return cls(active=False)
        found = [cls._one(desk, e) for e in (first, *desk.encounter.further_periods)]
        return max(found, key=lambda s: (s.active, s.length - s.days))

    @classmethod
    def _one(cls, desk: Desk, earlier: Earlier) -> Self:
        if earlier.elsewhere or earlier.days_since is None or not earlier.proc:
            return cls(active=False)
        length = _length(desk, earlier)
        active = length is not None and length > 0 and 0 <= earlier.days_since <= length
        return cls(active, length or 0, earlier.days_since, earlier.proc, earlier)

    def covers_visit(self, visit: Visit) -> bool:
        """Whether the visit is care after the operation: it runs, and nothing shows another reason."""
        if not self.active or self.earlier is None:
            return False
        if visit.related or self.earlier.related:
            return True
        if visit.unrelated or visit.related is False or self.earlier.related is False or visit.separate_work:
            return False
        if "suture" in (visit.reason or "").lower() or "wound" in (visit.reason or "").lower():
            return True
        return not (visit.dx or visit.problems or visit.risk or visit.mdm or visit.minutes)


def _length(desk: Desk, earlier: Earlier) -> int | None:
    proc = (earlier.proc or "").strip().upper()
    if len(proc) == 5 and proc[1:].isdigit():
        return desk.book.global_days(proc) if proc in desk.book.fee else _from_table(desk, proc)
    target = dispatch(earlier.proc)
    if target.family == "repair":
        return 0 if "simple" in f"{earlier.repair or ''} {earlier.proc or ''}".lower() else 10
    if target.family == "nail":
        return 10 if target.kind in {"nail matrixectomy", "nail bed repair", "wedge excision of nail fold"} else 0
    return _BY_FAMILY.get(target.family)


def _from_table(desk: Desk, code: str) -> int | None:
    """Global days of a code outside dermatology."""
    if not desk.book.reference.has("fee"):
        return None
    rows = desk.book.reference.table("fee").filter(pl.col("code") == code, pl.col("modifier") == "")
    days = str(rows.get_column("global_days").last()) if rows.height else ""
    return int(days) if days.isdigit() else None


def modify(desk: Desk) -> None:
    """58, 78 or 79 on procedures done while a period runs."""
    standing = Standing.of(desk)
    if not standing.active or standing.earlier is None:
        return
    for line in list(desk.lines):
        if line.kind not in {"procedure", "add-on"}:
            continue
        if desk.book.global_days(line.code) is None and line.kind == "procedure":
            continue
        act = next((a for a in desk.acts if a.lesion in line.lesions), None)
        if act is not None and _complication(act, standing.earlier):
            _complicated(desk, line, act, standing)
            continue
        modifier, words = _relation(desk, line, act, standing.earlier)
        line.modifiers.insert(0, modifier)
        span = standing.earlier.spans.get("days_since")
        line.reasons.append(
            Reason(
                f"day {standing.days} of the {standing.length} after {standing.name}: {words}",
                f"in-global-{modifier}",
                "claims-manual-12",
                "global_period",
                span,
            )
        )


def _complication(act: Act, earlier: Earlier) -> bool:
    """Whether it treats what went wrong after the operation: blood, infection, or a wound that came open, there."""
    if act.family not in {"drainage", "dehiscence", "debridement"} or act.p.staged or earlier.staged:
        return False
    if act.p.related is False or earlier.related is False:
        return False
    if act.p.related or earlier.related:
        return True
    # Blood in the wound, its infection or its opening come of the operation, unless they are elsewhere.
    told = {act.technique, act.dx.name if act.dx else None}
    if act.family != "dehiscence" and not told & _OF_THE_WOUND:
        return False
    return not _elsewhere(earlier, act)


def _elsewhere(earlier: Earlier, act: Act) -> bool:
    """Whether the chart names both places, and they are not one."""
    there = place(earlier.site, earlier.laterality) if earlier.site else None
    return there is not None and bool(there.regions and act.place.regions) and not _meets(there, act.place)


def _complicated(desk: Desk, line: Line, act: Act, standing: Standing) -> None:
    """A complication: 78 in the operating room; elsewhere Medicare includes it, and others pay it without a modifier."""
    room = act.p.operating_room or (standing.earlier is not None and standing.earlier.operating_room)
    where = f"day {standing.days} of the {standing.length} after {standing.name}"
    if room:
        line.modifiers.insert(0, "78")
        words, rule = f"{where}: a complication treated in the operating room", "in-global-78"
    elif desk.medicare:
        desk.lines.remove(line)
        desk.drop(
            act, f"{where}: Medicare includes care of complications outside the operating room", "claims-manual-12"
        )
        return
    else:
        desk.ask(
            act,
            "operating_room",
            f"was the complication at {act.where} treated in an operating or procedure room?",
            "then 78; Medicare includes it elsewhere",
        )
        words, rule = f"{where}: a complication; CPT leaves it out of the package", "complication"
    line.reasons.append(Reason(words, rule, "claims-manual-12", "global_period", act.p.spans.get("operating_room")))


def _relation(desk: Desk, line: Line, act: Act | None, earlier: Earlier) -> tuple[str, str]:
    p = act.p if act else None
    apart = act is not None and _elsewhere(earlier, act)
    if (earlier.operating_room or (p and p.operating_room)) and not apart:
        return "78", "return to the operating room for what the first operation led to"
    divided = act is not None and act.kind == "divided"  # a pedicle is divided at the second stage of its own flap
    staged = earlier.staged or divided or (p and (p.staged or p.re_excision))
    if staged:
        return "58", "planned, staged or more extensive work on the same lesion"
    related = p.related if p and p.related is not None else earlier.related
    if related is not None:
        return ("58", "related to the first operation") if related else ("79", "unrelated to the first operation")
    there = place(earlier.site, earlier.laterality) if earlier.site else None
    if there is not None and act is not None and there.regions and act.place.regions:
        return ("58", "at the site of the first operation") if _meets(there, act.place) else ("79", "at another site")
    same = _series_meet(earlier.proc or "", line.code) or _closes_what_was_cut(earlier.proc or "", act)
    desk.ask(
        act,
        "related",
        f"is the work at {act.where if act else 'today'} on the lesion of {earlier.proc}?",
        "58 where it is, 79 where it is not; the answer goes by the codes",
    )
    return (
        ("58", "it goes on from work of the same site group: taken as the same lesion")
        if same
        else ("79", "other work at another place, by the codes")
    )


def _meets(one: Place, other: Place) -> bool:
    if one.side and other.side and one.side != other.side:
        return False
    return bool(set(one.regions) & set(other.regions)) or {r.dx for r in one.regions} == {r.dx for r in other.regions}


def _series_meet(earlier: str, now: str) -> bool:
    """An excision after a biopsy, shave or excision; of two excisions those of one site group (fourth digit)."""
    if not now.startswith(_EXCISIONS):
        return False
    if earlier.startswith(_EXCISIONS):
        return earlier[3] == now[3]
    return earlier.startswith(_STAGED_AFTER)


def _closes_what_was_cut(earlier: str, act: Act | None) -> bool:
    """A flap or graft for a malignancy, after a malignancy was cut out in the same site group."""
    if act is None or act.family not in {"flap", "graft", "pedicle"} or act.nature != "malignant":
        return False
    return earlier.startswith("116") and _SITE_DIGIT.get(earlier[3:4]) == act.place.group("excision")
