"""What is allowed for the lines of one day together, each step of the way named.

The order is CMS's: base amount, parts of the global package, both sides, assistant or co-surgeon, multiple procedures
ranked by what they are allowed, practitioner and participation, the charge where it is lower, then who pays. Therapy and
imaging reductions are not carried out; a line whose indicator asks for one says so.
"""

from datetime import date
from decimal import Decimal
from typing import Any, Final

import polars as pl

from cutis.model.money import dollars
from cutis.pricing.agreed import apply_policies
from cutis.pricing.alone import Share, alone, sides
from cutis.pricing.among import among
from cutis.pricing.base import DRUG_LIMIT
from cutis.pricing.derive import NOT_THERE, STATUS_SENTENCES
from cutis.pricing.payment import who_pays
from cutis.pricing.reductions import MULTIPLE
from cutis.pricing.terms import ClaimLine, PricedClaim, PricedLine, Primary, Step, Terms, Work, rounded
from cutis.pricing.unit import unit_price
from cutis.reference.store import Reference

__all__ = ["ClaimLine", "PricedClaim", "PricedLine", "Primary", "Step", "Terms", "price_claim"]

COMPONENTS: Final = ("26", "TC", "53")
SHARES: Final = (
    "second-procedure", "bilateral", "assistant", "assistant-npp", "co-surgeon", "npp", "nonparticipating",
    "limiting-charge", "coinsurance", "sequestration",
)  # fmt: skip
_BARE: Final[dict[str, Any]] = {
    "modifier": "", "mult_proc": "0", "global_days": "XXX", "bilateral": "0", "assistant": "9", "cosurgeon": "9",
    "endo_base": "", "pre_pct": 0, "intra_pct": 0, "post_pct": 0,
}  # fmt: skip


def price_claim(reference: Reference, lines: list[ClaimLine], terms: Terms) -> PricedClaim:
    """Price the lines of one patient, day and practitioner.

    Raises:
        ConfigError: the payer is not on file, or the contract is not for that date.
        DataError: a table or value is not loaded or not in force.
    """
    share = _shares(reference, terms)
    done: dict[int, PricedLine] = {}
    work: list[Work] = []
    for number, line in enumerate(lines, 1):
        item = _base(reference, line, number, terms)
        if isinstance(item, PricedLine):
            done[number] = item
        else:
            if not item.drug:
                alone(item, share)
            work.append(item)
    services = [w for w in work if not w.drug]
    pairs = sides(services, share)
    among(services, pairs, _ladder(share, terms), reference, terms)
    policies = apply_policies(reference, work, terms)
    for item in work:
        _provider(item, share, terms)
        # drugs are assigned always: Social Security Act 1842(o)(3)
        limit = item.amount if item.drug else rounded(Decimal(item.amount) * share["limiting-charge"][0])
        done[item.number] = PricedLine(item.line, item.number, item.amount, "", tuple(item.steps), limit)
    return who_pays(tuple(done[n] for n in sorted(done)), share, terms, policies)


def _shares(reference: Reference, terms: Terms) -> dict[str, Share]:
    """Dated shares with their citations; a contract's own take their place."""
    rows = {name: reference.value_row("payment_share", on=terms.on, track=name) for name in SHARES}
    shares = {name: (row.value, row.cite) for name, row in rows.items()}
    if terms.contract is not None:
        agreed = terms.contract.reductions
        shares |= {n: (factors[0], terms.contract.authority) for n, factors in agreed.items() if n != MULTIPLE}
    return shares


def _ladder(share: dict[str, Share], terms: Terms) -> tuple[tuple[Decimal, ...], str]:
    """Shares of the first, second, ... of several procedures."""
    if terms.contract is not None and MULTIPLE in terms.contract.reductions:
        return terms.contract.reductions[MULTIPLE], terms.contract.authority
    second, authority = share["second-procedure"]
    return (Decimal(1), second), authority


def _base(reference: Reference, line: ClaimLine, number: int, terms: Terms) -> Work | PricedLine:
    component = next((m for m in line.modifiers if m in COMPONENTS), "")
    got = unit_price(reference, line.code, component, terms)
    if component and got.status in {"not-in-force", "no-such-part"}:
        if component != "53":
            return PricedLine(line, number, None, f"CMS's file has no part {component} of this code on that date")
        component = ""  # most codes have no price of their own for a discontinued procedure
        got = unit_price(reference, line.code, component, terms)
    unit = got.facility if terms.facility else got.nonfacility
    if unit is None:
        where = "facility" if terms.facility else "non-facility"
        reason = STATUS_SENTENCES[got.status] if got.status != "priced" else NOT_THERE[where]
        return PricedLine(line, number, None, reason)
    if terms.contract is None and got.drug_limit is not None:
        return _drug(line, number, got.drug_limit, got.release or "")
    fee = _fee_row(reference, line.code, component, terms.on)
    item = Work(line, number, fee, unit, unit * line.units, drug=got.drug_limit is not None)
    place = terms.contract.name if terms.contract else terms.locality.name
    setting = "facility" if terms.facility else "non-facility"
    label = f"{got.release}, {place}, {setting}, {line.units} x {dollars(unit)}"
    authority = terms.contract.authority if terms.contract else "Medicare physician fee schedule"
    item.steps.append(Step(label, Decimal(line.units), unit, item.amount, authority))
    return item


def _drug(line: ClaimLine, number: int, limit: int, release: str) -> Work:
    """A drug: the limit in thousandths of a dollar times units, rounded once; none of the fee schedule's cuts."""
    amount = rounded(Decimal(limit * line.units) / 10)
    item = Work(line, number, dict(_BARE), rounded(Decimal(limit) / 10), amount, drug=True)
    label = f"{release}, payment limit {Decimal(limit) / DRUG_LIMIT:.3f} a unit x {line.units}"
    item.steps.append(Step(label, Decimal(line.units), item.unit, amount, "Medicare Part B drug payment limits (ASP)"))
    return item


def _fee_row(reference: Reference, code: str, component: str, on: date) -> dict[str, Any]:
    """The row whose indicators rule: of the component where it has one; a code that only a contract prices has none."""
    rows = reference.table("fee").filter(
        pl.col("code") == code.upper(),
        pl.col("modifier").is_in([component, ""]),
        pl.col("effective_from") <= on,
        pl.col("effective_to").is_null() | (pl.col("effective_to") >= on),
    )
    return rows.sort("effective_from", "modifier").row(-1, named=True) if rows.height else dict(_BARE)


def _provider(item: Work, share: dict[str, Share], terms: Terms) -> None:
    cut = terms.contract is None or "npp" in terms.contract.reductions
    if terms.practitioner == "npp" and "AS" not in item.line.modifiers and not item.drug and cut:
        item.apply("nurse practitioner or physician assistant", *share["npp"])
    if not terms.participating and terms.contract is None:
        item.apply("not participating", *share["nonparticipating"])
    if item.line.charge is not None and item.line.charge < item.amount:
        item.become("the charge is lower", item.line.charge, "Social Security Act 1833(a)(1)")
