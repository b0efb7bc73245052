"""25 on a visit with nothing beside it."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import (
    DAY,
    Evidence,
    FixKind,
    Scope,
    Severity,
    Stake,
    has_modifier,
    is_like,
    is_on_days,
    narrow,
    not_alone,
    on_days,
    rule,
)
from cutis.rules._shared.modifiers import marked
from cutis.rules._shared.visits import EM


@rule(
    "visit-modifier-without-procedure",
    scope=Scope.DAY,
    severity=Severity.INFO,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 12, section 30.6.6 (25 is for a visit beside another service)",
    url="https://www.cms.gov/regulations-and-guidance/guidance/manuals/downloads/clm104c12.pdf",
    since="0.1.0",
    stake=Stake.NONE,
    fix=FixKind.NEEDS_CHART,
    fix_text="Look for a procedure that was left off; if there was none, take 25 off {code}.",
    question="Was a procedure done at this visit, and is it on another claim?",
    message="25 on {code}: no procedure of the day is in this input, so it separates the visit from nothing.",
    facts=("EM-01",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """25 stands on a visit that has no procedure to be separate from.

    What it finds:
        Visits with 25 on a day on which the same provider has only laboratory tests, pathology, drugs or supplies
        beside it.

    Why:
        25 that is put on every visit draws attention. Where it is right, a procedure is missing from the claim.

    Example:
        99213 25 dx=L40.0

    Instead:
        99213 dx=L40.0

    References:
        CMS, Medicare Claims Processing Manual, chapter 12, section 30.6.6.
    """
    visits = marked(lines, ref).filter(has_modifier("25") & pl.col(c.CODE).is_in(EM))
    days = on_days(lines.select(DAY, c.CODE), visits[DAY])
    beside = narrow(days, [DAY], ~is_like(days[c.CODE], r"^(?:8[0-8]|J|P|Q|A|G2211)"))
    return visits.filter(~is_on_days(visits, beside.filter(not_alone())[DAY]))
