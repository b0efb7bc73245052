"""The price of one unit under the terms of a claim: the contract's where there is one, else Medicare's."""

from cutis.pricing.derive import Price, price
from cutis.pricing.terms import Terms
from cutis.reference.store import Reference


def unit_price(reference: Reference, code: str, component: str, terms: Terms) -> Price:
    """One unit of a code or of its component.

    Raises:
        ConfigError: the contract is not for that date.
        DataError: a table or value is not loaded or not in force.
    """
    if terms.contract is not None:
        return terms.contract.price(reference, code, terms.locality, terms.on, modifier=component)
    return price(reference, code, terms.locality, terms.on, modifier=component, track=terms.track)


def unit_cents(reference: Reference, code: str, terms: Terms) -> int | None:
    """Cents of one unit in the claim's setting; None where it has no price there."""
    got = unit_price(reference, code, "", terms)
    return got.facility if terms.facility else got.nonfacility
