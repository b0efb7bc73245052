"""Several procedures on one day: ranked by what each is allowed, the first whole, the next at half."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from cutis.pricing.derive import price
from cutis.pricing.terms import Terms, Work
from cutis.reference.store import Reference

FULL_PROCEDURES: Final = 5  # from the sixth on the contractor pays by report
AUTHORITY: Final = "Medicare Claims Processing Manual, chapter 12, section 40.6"


@dataclass(slots=True)
class _Ranked:
    """One procedure of the day: a unit of a line, or of two lines that are its two sides."""

    amount: int
    place: int
    items: tuple[Work, ...]


def among(
    work: list[Work], pairs: dict[int, int], share: tuple[Decimal, str], reference: Reference, terms: Terms
) -> None:
    """Reduce codes of indicator 2, and of 3 after their base endoscopy; add-ons and returns for complications are exempt.

    Args:
        work: lines with their amounts so far.
        pairs: second sides and their first sides.
        share: of the second and later procedures, with its authority.
        reference: for the price of a base endoscopy.
        terms: of the claim.
    """
    _endoscopies([w for w in work if w.fee["mult_proc"] == "3"], reference, terms)
    factor, authority = share
    by_number = {w.number: w for w in work}
    second = {pairs[n]: by_number[n] for n in pairs}
    ranked: list[_Ranked] = []
    for item in work:
        if item.number in pairs or not _counts(item):
            continue
        items = (item, second[item.number]) if item.number in second else (item,)
        each = sum(w.amount for w in items) // item.line.units
        ranked += [_Ranked(each, place, items) for place in range(item.line.units)]
    ranked.sort(key=lambda r: (-r.amount, r.items[0].order, r.place))
    if len(ranked) < 2:
        return
    first = ranked[0].items[0]
    for owner in sorted({w.number: w for r in ranked for w in r.items}.values(), key=lambda w: w.number):
        full = 1 if owner is first or pairs.get(owner.number) == first.number else 0
        halves = owner.line.units - full
        if halves:
            label = "multiple procedures: " + (f"first unit whole, {halves} at half" if full else "at half")
            owner.apply(label, (Decimal(full) + factor * halves) / owner.line.units, authority)
    if len(ranked) > FULL_PROCEDURES:
        ranked[FULL_PROCEDURES].items[0].remark(
            "from the sixth procedure on the contractor pays by report; shown at half", authority
        )


def _counts(item: Work) -> bool:
    return (
        item.fee["mult_proc"] in {"2", "3"}
        and item.fee["global_days"] != "ZZZ"
        and "78" not in item.line.modifiers
        and item.amount > 0
    )


def _endoscopies(work: list[Work], reference: Reference, terms: Terms) -> None:
    """In a family the highest is whole; of the others the base endoscopy is taken off."""
    families: dict[str, list[Work]] = {}
    for item in work:
        families.setdefault(item.fee["endo_base"], []).append(item)
    for base, items in families.items():
        got = price(reference, base, terms.locality, terms.on, track=terms.track) if base else None
        cents = None if got is None else (got.facility if terms.facility else got.nonfacility)
        if cents is None or len(items) < 2:
            continue
        for item in sorted(items, key=lambda w: (-w.unit, w.order))[1:]:
            item.become(f"endoscopy {base} of its family taken off", max(0, item.amount - cents), AUTHORITY)
