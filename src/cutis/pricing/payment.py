"""Who pays what of the allowed amount: deductible, coinsurance, the payer, another payer before or after, the patient."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from cutis.model.money import dollars
from cutis.pricing.alone import Share
from cutis.pricing.terms import PricedClaim, PricedLine, Primary, Terms, rounded

SECONDARY_RULE: Final = "42 CFR 411.33(a)"


def secondary_payment(primary: Primary, fee: int, would_pay: int) -> int:
    """What Medicare pays after another payer: the lowest of three amounts (42 CFR 411.33(a)).

    Args:
        primary: the charge (or what must be taken as payment in full, if less), what was allowed and paid; cents.
        fee: Medicare's fee, before deductible and coinsurance; cents.
        would_pay: what Medicare would pay alone; cents.
    """
    return max(0, min(primary.charge - primary.paid, would_pay, max(fee, primary.allowed) - primary.paid))


def who_pays(
    lines: tuple[PricedLine, ...], share: dict[str, Share], terms: Terms, policies: Sequence[str] = ()
) -> PricedClaim:
    """Share out the allowed amount."""
    allowed = sum(x.allowed or 0 for x in lines)
    copay = min(terms.copay, allowed)
    deductible = min(terms.deductible, allowed - copay)
    rate = share["coinsurance"][0] if terms.coinsurance is None else terms.coinsurance
    coinsurance = rounded(Decimal(allowed - copay - deductible) * rate) + copay
    pays = allowed - deductible - coinsurance
    primary_paid = 0
    if terms.primary is not None:
        pays = secondary_payment(terms.primary, allowed, pays)
        primary_paid = terms.primary.paid
    # the adjustment and the cut are on Medicare's own payment, never on the patient's part
    pays = rounded(Decimal(pays) * terms.mips) if terms.medicare else pays
    cut = rounded(Decimal(pays) * share["sequestration"][0]) if terms.sequestration and terms.medicare else 0
    limit = None if terms.participating else sum(x.limit or 0 for x in lines)
    owes = deductible + coinsurance
    if terms.primary is not None:
        owes = min(owes, max(0, allowed - primary_paid - pays))
    elif limit is not None and not terms.assigned:
        owes = limit - (pays - cut)  # Medicare pays the patient, who bears the cut too
    second = 0
    if terms.secondary is not None:
        second = rounded(Decimal(coinsurance) * terms.secondary) + (deductible if terms.secondary_deductible else 0)
        second = min(second, owes)
    return PricedClaim(
        lines, allowed, deductible, coinsurance, pays - cut, cut, second, primary_paid, owes - second, limit,
        tuple(_assumptions(lines, terms, rate)), tuple(policies),
    )  # fmt: skip


def _assumptions(lines: tuple[PricedLine, ...], terms: Terms, rate: Decimal) -> list[str]:
    percent = f"{(rate * 100).normalize():f} percent"
    said = [
        f"{'Part B deductible' if terms.medicare else 'deductible'} still open: {dollars(terms.deductible)}",
        f"the patient's share is {percent} of what is allowed, rounded once for all lines",
    ]
    if terms.sequestration and terms.medicare:
        said.append(
            "sequestration cuts Medicare's payment, never the patient's part"
            if terms.participating or terms.assigned
            else "sequestration cuts what Medicare pays to the patient, who bears it"
        )
    if terms.mips != 1:
        said.append("the MIPS factor is as given; it changes Medicare's payment, never the patient's part")
    if terms.primary is not None:
        said.append(f"Medicare pays second ({SECONDARY_RULE}) and the claim is assigned")
    if not terms.participating:
        said.append(
            "the claim is assigned: no more than the allowed amount is collected"
            if terms.assigned
            else "the claim is not assigned: the limiting charge is collected from the patient, whom Medicare pays; "
            "drugs are assigned always"
        )
    if terms.secondary is not None:
        taken = "the deductible too" if terms.secondary_deductible else "not the deductible"
        said.append(
            f"the second payer takes {(terms.secondary * 100).normalize():f} percent of the coinsurance, {taken}"
        )
    if terms.contract is not None:
        own = ", ".join(sorted(terms.contract.reductions)) or "none"
        said.append(
            f"fees are those of {terms.contract.name}; reductions that it names ({own}) are its own, others Medicare's"
        )
    elif not terms.medicare:
        said.append(f"{terms.payer} is taken to pay Medicare's fees: its contract is not known (--contract)")
    if any(x.allowed is None for x in lines):
        said.append("lines without a price are not in the sums")
    if any(s.label.startswith(("modifier 52", "modifier 53", "from the sixth")) for x in lines for s in x.steps):
        said.append("what the contractor prices by report is in the sums as if it were paid as shown")
    return said
