"""Policies of a named payer on the lines of a day: those in force are applied or their risk is told, others are shown."""

from decimal import Decimal

from cutis.model.errors import ConfigError
from cutis.model.money import dollars
from cutis.pricing.terms import Terms, Work
from cutis.pricing.unit import unit_cents
from cutis.reference.policies import Kind, Policy, Standing
from cutis.reference.store import Reference


def policies_of(reference: Reference, terms: Terms) -> list[Standing]:
    """Where the policies of the payer stand for the claim's date, place and product.

    Raises:
        ConfigError: the payer is none of those on file.
    """
    if terms.payer is None:
        return []
    book = reference.policies
    if book.payer(terms.payer) is None:
        raise ConfigError(f"no policy of payer {terms.payer!r} is on file; payers are {', '.join(book.payers())}")
    state = terms.state or terms.locality.state
    return book.at(terms.payer, on=terms.on, as_of=terms.as_of, state=state, product=terms.product)


def apply_policies(reference: Reference, work: list[Work], terms: Terms) -> list[str]:
    """Apply shares that are in force, and say where every policy that touches a line stands.

    Returns:
        Sentences, one a policy that touches a line.
    """
    said: list[str] = []
    for standing in policies_of(reference, terms):
        policy = standing.policy
        touched = [w for w in work if _touches(policy, w, work)]
        if not touched:
            continue
        risk = ""
        if standing.in_force and policy.kind is Kind.SHARE and policy.share is not None:
            assert standing.event is not None
            for item in touched:
                item.apply(f"{policy.payer}: {policy.name}", policy.share, standing.event.source)
        elif standing.in_force and policy.kind is Kind.LEVEL:
            risk = _at_risk(reference, touched, policy, terms)
        applied = "applied" if standing.in_force and policy.kind is Kind.SHARE else "not applied"
        said.append(f"{standing.sentence()} Here: {applied}.{risk}")
    return said


def _touches(policy: Policy, item: Work, work: list[Work]) -> bool:
    if item.line.code not in policy.codes or (policy.modifier and policy.modifier not in item.line.modifiers):
        return False
    beside = [w for w in work if w is not item and w.fee["global_days"] in policy.beside_global]
    return bool(beside) or not policy.beside_global


def _at_risk(reference: Reference, touched: list[Work], policy: Policy, terms: Terms) -> str:
    """What would be lost were the visits paid lower; a practice's pattern decides, so it is never applied."""
    parts = []
    for item in touched:
        lower = f"{int(item.line.code) - policy.levels:05d}"
        cents = unit_cents(reference, lower, terms)
        if cents is not None and item.unit:
            loss = item.amount - int(Decimal(item.amount) * cents / item.unit)
            parts.append(f"{item.line.code} paid as {lower} would be {dollars(loss)} less")
    return f" At risk: {'; '.join(parts)}." if parts else ""
