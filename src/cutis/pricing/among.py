"""Several procedures on one day: ranked by what each is allowed, the first whole, the next at half."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from cutis.pricing.terms import Terms, Work, rounded
from cutis.pricing.unit import unit_cents
from cutis.reference.store import Reference

FULL_PROCEDURES: Final = 5  # from the sixth on Medicare's contractor pays by report
AUTHORITY: Final = "Medicare Claims Processing Manual, chapter 12, section 40.6"


@dataclass(slots=True)
class _Ranked:
    """One procedure of the day: a unit of a line, two lines that are its two sides, or a family of endoscopies."""

    amount: int
    place: int
    items: tuple[Work, ...]


def among(
    work: list[Work],
    pairs: dict[int, int],
    shares: tuple[Sequence[Decimal], str],
    reference: Reference,
    terms: Terms,
) -> None:
    """Reduce codes of indicator 2, and families of endoscopies (3); add-ons and returns for complications are exempt.

    Args:
        work: lines with their amounts so far.
        pairs: second sides and their first sides.
        shares: of the first, second, ... procedure (the last holds for all after it), with their authority.
        reference: for the price of a base endoscopy.
        terms: of the claim.
    """
    by_number = {w.number: w for w in work}
    second = {pairs[n]: by_number[n] for n in pairs}
    families = _endoscopies(work, second, reference, terms)
    factors, authority = shares
    ranked = _ranked([w for w in work if w.number not in pairs], second, families, terms)
    if len(ranked) < 2:
        return
    parts: dict[int, list[Decimal]] = {}
    owners: dict[int, Work] = {}
    for place, entry in enumerate(ranked):
        for item in entry.items:
            owners[item.number] = item
            parts.setdefault(item.number, []).append(factors[min(place, len(factors) - 1)])
    for number in sorted(owners):
        owner, shares_of = owners[number], parts[number]
        if any(f != 1 for f in shares_of):
            whole, count = sum(shares_of, Decimal(0)), len(shares_of)
            amount = rounded(owner.amount * whole / count)  # divided last: a mean as 7/12 is no exact decimal
            owner.become(f"multiple procedures: {_said(shares_of)}", amount, authority, whole / count)
    if len(ranked) > FULL_PROCEDURES and authority == AUTHORITY:
        ranked[FULL_PROCEDURES].items[0].remark(
            "from the sixth procedure on the contractor pays by report; shown at half", authority
        )


def _ranked(
    work: list[Work], second: dict[int, Work], families: Sequence[tuple[Work, ...]], terms: Terms
) -> list[_Ranked]:
    """The procedures of the day, the highest first."""
    grouped = {w.number for family in families for w in family}
    ranked = [_Ranked(sum(w.amount for w in f), 0, f) for f in families]
    for item in work:
        if item.number in grouped or not _counts(item, terms):
            continue
        items = _sides(item, second)
        each = sum(w.amount for w in items) // item.line.units
        ranked += [_Ranked(each, place, items) for place in range(item.line.units)]
    ranked.sort(key=lambda r: (-r.amount, r.items[0].order, r.place))
    return ranked


def _said(factors: list[Decimal]) -> str:
    """`at half`, or for a line of several units `first unit whole, 2 at half`."""
    whole = factors.count(Decimal(1))
    cut = [f for f in factors if f != 1]
    words = [
        f"{cut.count(f) if len(factors) > 1 else ''} at {_word(f)}".strip() for f in sorted(set(cut), reverse=True)
    ]
    return ", ".join([*(["first unit whole" if whole == 1 else f"{whole} units whole"] if whole else []), *words])


def _word(factor: Decimal) -> str:
    return "half" if factor == Decimal("0.5") else f"{(factor * 100).normalize():f} percent"


def _counts(item: Work, terms: Terms) -> bool:
    agreed = terms.contract.reduced(item.line.code) if terms.contract else None
    touched = item.fee["mult_proc"] in {"2", "3"} and item.fee["global_days"] != "ZZZ" if agreed is None else agreed
    return touched and "78" not in item.line.modifiers and item.amount > 0


def _endoscopies(
    work: list[Work], second: dict[int, Work], reference: Reference, terms: Terms
) -> list[tuple[Work, ...]]:
    """In a family the highest is whole, of each other the base endoscopy is taken off; a base billed beside is included.

    Returns:
        Families of several endoscopies; each is ranked as one procedure.
    """
    others = {w.number for w in second.values()}
    families: dict[str, list[Work]] = {}
    for item in work:
        if item.fee["mult_proc"] == "3" and item.number not in others and _counts(item, terms):
            families.setdefault(item.fee["endo_base"], []).append(item)
    found = []
    for base, items in sorted(families.items()):
        for item in work:
            if item.line.code == base and _counts(item, terms):
                item.become("included in the other endoscopy of its family", 0, AUTHORITY, Decimal(0))
        cents = unit_cents(reference, base, terms)
        if cents is None or sum(w.line.units for w in items) < 2:
            continue
        items.sort(key=lambda w: (-Decimal(w.amount) / w.line.units, w.order))
        for at, item in enumerate(items):
            off = item.line.units - (at == 0)
            for side in _sides(item, second) if off else ():
                # the same share of the base as of the code: an assistant's, both sides
                share = Decimal(side.amount) / (side.unit * side.line.units)
                less = max(0, side.amount - rounded(cents * off * share))
                side.become(f"endoscopy {base} of its family taken off", less, AUTHORITY)
        found.append(tuple(side for item in items for side in _sides(item, second)))
    return found


def _sides(item: Work, second: dict[int, Work]) -> tuple[Work, ...]:
    return (item, second[item.number]) if item.number in second else (item,)
