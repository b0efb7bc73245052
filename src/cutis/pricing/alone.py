"""What a line's own modifiers make of its price, in CMS's order; each step with its authority."""

from decimal import Decimal
from typing import Final

from cutis.pricing.terms import Work

FILE: Final = "CMS relative value file"
PACKAGE: Final = "Medicare Claims Processing Manual, chapter 12, section 40.4"
BILATERAL: Final = "Medicare Claims Processing Manual, chapter 12, section 40.7"
REPORT: Final = "Medicare Claims Processing Manual, chapter 12, section 20.4.6"
PARTS: Final = {"54": ("pre_pct", "intra_pct"), "55": ("post_pct",), "56": ("pre_pct",), "78": ("intra_pct",)}
LEFT_OUT: Final = {"4": "imaging (technical part)", "5": "therapy", "6": "cardiology", "7": "ophthalmology"}
SIDES: Final = frozenset({"LT", "RT"})
DISTINCT: Final = frozenset({"59", "XE", "XP", "XS", "XU"})
NO_SECOND_SIDE: Final = {
    "0": "this code's price does not rise for a second side",
    "2": "this code's price is already that of both sides",
    "9": "sides are no matter of this code",
}

Share = tuple[Decimal, str]


def alone(item: Work, share: dict[str, Share]) -> None:
    """Carry out the steps that look at the line itself."""
    modifiers = item.line.modifiers
    if item.fee["mult_proc"] in LEFT_OUT:
        item.remark(f"the {LEFT_OUT[item.fee['mult_proc']]} reduction is not carried out", "left out")
    _package(item)
    if "50" in modifiers:
        _both_sides(item, share)
    _helpers(item, share)
    for modifier, what in (("52", "reduced"), ("53", "discontinued")):
        if modifier not in modifiers or item.fee["modifier"] == modifier:
            continue
        if modifier in share:
            item.apply(f"modifier {modifier}: {what}", *share[modifier])
        else:
            item.remark(f"modifier {modifier}: {what}, priced by the contractor by report; shown before that", REPORT)


def _package(item: Work) -> None:
    """Parts of the global package; each part is added once."""
    modifiers, fee = item.line.modifiers, item.fee
    named = [m for m in PARTS if m in modifiers]
    if not named:
        return
    if fee["global_days"] not in {"010", "090"}:
        item.remark(f"modifier {', '.join(named)} parts nothing: the global period is {fee['global_days']}", FILE)
        return
    columns = sorted({c for m in named for c in PARTS[m]})
    factor = Decimal(sum(fee[c] for c in columns)) / 100
    item.apply(f"modifier {', '.join(named)}: its part of the global package", factor, PACKAGE)


def _both_sides(item: Work, share: dict[str, Share]) -> None:
    indicator = item.fee["bilateral"]
    if indicator == "1":
        item.apply("modifier 50: both sides", *share["bilateral"])
    elif indicator == "3":
        item.apply("modifier 50: each side in full (indicator 3)", Decimal(2), BILATERAL)
    else:
        item.remark(f"modifier 50 adds nothing: {NO_SECOND_SIDE.get(indicator, 'no indicator')}", BILATERAL)


def _helpers(item: Work, share: dict[str, Share]) -> None:
    """Assistants and co-surgeons."""
    for modifiers_of, name, column, allowed in (
        (("80", "81", "82"), "assistant", "assistant", ("0", "2")),
        (("AS",), "assistant-npp", "assistant", ("0", "2")),
        (("62",), "co-surgeon", "cosurgeon", ("1", "2")),
    ):
        which = next((m for m in modifiers_of if m in item.line.modifiers), None)
        if which is None:
            continue
        indicator = item.fee[column]
        if indicator not in allowed:
            item.apply(f"modifier {which} is not paid for this code (indicator {indicator})", Decimal(0), FILE)
            continue
        item.apply(f"modifier {which}", *share[name])
        if (name == "co-surgeon" and indicator == "1") or (name != "co-surgeon" and indicator == "0"):
            item.remark(f"modifier {which} is paid only with records of why (indicator {indicator})", FILE)


def sides(work: list[Work], share: dict[str, Share]) -> dict[int, int]:
    """Pay a left line and a right line of one code as one bilateral procedure.

    Only where both say LT or RT and neither says that it is distinct (59, XE, XP, XS, XU).

    Returns:
        The number of a second side's line, with that of its first side's, for pairs of indicator 1.
    """
    pairs: dict[int, int] = {}
    waiting: dict[tuple[object, ...], Work] = {}
    for item in sorted(work, key=lambda w: w.order):
        modifiers = set(item.line.modifiers)
        side = modifiers & SIDES
        if len(side) != 1 or modifiers & DISTINCT or "50" in modifiers or item.drug:
            continue
        key = (item.line.code, item.line.units, tuple(sorted(modifiers - SIDES)))
        first = waiting.pop(key, None)
        if first is None or first.line.modifiers == item.line.modifiers:
            waiting[key] = item
            continue
        indicator = item.fee["bilateral"]
        if indicator == "1":
            item.apply("LT and RT: both sides are paid as one, the second", share["bilateral"][0] - 1, BILATERAL)
            pairs[item.number] = first.number
        elif indicator in {"0", "2"}:
            item.apply(f"LT and RT: {NO_SECOND_SIDE[indicator]}", Decimal(0), BILATERAL)
    return pairs
