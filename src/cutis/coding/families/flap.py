"""Local flaps by site and area of both defects; pedicled flaps by the place they go to."""

from decimal import Decimal

from cutis.coding.bands import plain, series
from cutis.coding.desk import Act, Desk, because
from cutis.coding.phrases import table
from cutis.coding.result import Reason
from cutis.coding.sites import SERIES_WORDS


def code(act: Act, desk: Desk) -> None:
    """An adjacent tissue transfer; the excision that made the defect is included."""
    group = act.place.group("plastic")
    if group is None and act.partners:
        group = act.partners[0].place.group("plastic")
    if group is None:
        desk.ask(act, "site", f"where exactly was the flap ({act.where})?", "the code series follows the site")
    area, step = _area(act, desk)
    if group is None or area is None:
        return
    found = series("flap", group)
    at = found.at(area)
    reasons = [
        step,
        because(act, f"{act.where}: {SERIES_WORDS['plastic', group]}", "flap-site", "cpt-flap", "site"),
        because(
            act,
            f"{plain(area)} square cm is {found.words(at, 'square cm') if at < 2 else 'over 30 square cm, any site'}",
            "flap-band",
            "cpt-flap",
            "area_sqcm",
        ),
    ]
    excised = [p for p in act.partners if p.absorbed and p.family == "excision"]
    if excised:
        reasons.append(
            because(
                excised[0],
                "the excision at the site is included in the flap",
                "flap-includes-excision",
                "cpt-flap",
                "technique",
            )
        )
    line = desk.add(found.codes[at], act, reasons, runner_up=found.neighbour(area, "square cm", "the area"))
    extra = found.further(area)
    if extra and found.more:
        more = because(
            act,
            f"{plain(area - found.over)} square cm beyond 60, each 30 or part of it",
            "flap-add-on",
            "cpt-flap",
            "area_sqcm",
        )
        desk.add(found.more, act, [*reasons, more], units=extra, kind="add-on", after=line.code, dx=line.dx)


def _product(sides: list[Decimal] | None) -> Decimal | None:
    return sides[0] * sides[1] if sides and len(sides) > 1 else None


def _area(act: Act, desk: Desk) -> tuple[Decimal | None, Reason]:
    """The area of primary and secondary defect."""
    p = act.p
    if p.area_sqcm is not None:
        return p.area_sqcm, because(
            act, f"{plain(p.area_sqcm)} square cm in all, as documented", "flap-area", "cpt-flap", "area_sqcm"
        )
    primary = p.primary_defect_sqcm if p.primary_defect_sqcm is not None else _product(p.defect_cm)
    secondary = p.secondary_defect_sqcm if p.secondary_defect_sqcm is not None else _product(p.secondary_defect_cm)
    if primary is None:
        desk.ask(
            act,
            "area_sqcm",
            f"what were the areas of the defect and of the flap's own defect at {act.where}?",
            "the code follows the sum of both",
        )
        return None, because(act, "", "", "cpt-flap")
    if secondary is None:
        # A missing secondary defect can only raise the answer: the primary alone is the least that the record supports.
        desk.ask(
            act,
            "secondary_defect_cm",
            f"what was the area of the flap's own (secondary) defect at {act.where}?",
            "it is added to the primary defect; the answer counts the primary alone",
        )
        return primary, because(
            act,
            f"primary defect {plain(primary)} square cm; the secondary is not told",
            "flap-area",
            "cpt-flap",
            "defect_cm",
        )
    total = primary + secondary
    return total, because(
        act,
        f"primary {plain(primary)} and secondary {plain(secondary)} make {plain(total)} square cm",
        "flap-area",
        "cpt-flap",
        "defect_cm",
    )


def pedicle(act: Act, desk: Desk) -> None:
    """A flap on a pedicle: formed, divided, on an island, or with muscle."""
    words = (act.p.technique or "").lower()
    others = table("codes")["other flaps"]
    found: str | None
    if act.kind == "formed" and "cross" in words and "finger" in words:
        found = table("codes")["pedicle flap"]["C"]["formed"]
    elif act.kind == "island":
        found = others["island"]
    elif act.kind == "muscle":
        found = _muscle(act)
    elif act.kind == "formed" and "forehead" in words:
        found = others["forehead"]
    else:
        group = act.place.group("plastic")
        found = table("codes")["pedicle flap"][group][act.kind] if group else None
    if found is None:
        desk.ask(
            act,
            "site",
            f"to which place did the flap go ({act.where})?",
            "the code follows the place that receives the flap",
        )
        return
    reasons = [because(act, f"{act.technique}, by the place that receives it", "pedicle-flap", "cpt-flap", "technique")]
    desk.add(found, act, reasons)


def _muscle(act: Act) -> str | None:
    region = act.place.region
    if region is None:
        return None
    part = (
        "head"
        if region.mohs == "H" and region.dx not in {"arm", "leg"}
        else {"arm": "upper", "leg": "lower"}.get(region.dx, "trunk")
    )
    return str(table("codes")["muscle flap"][part])
