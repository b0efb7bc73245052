"""FS (split or shared visit) outside a facility."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, has_modifier, rule
from cutis.rules._shared.visits import EM


@rule(
    "shared-visit-in-office",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 12, section 30.6.18 (split or shared visits)",
    carc="4",
    since="0.1.0",
    modifiers=("FS",),
    in_force=("2022-01-01", None),
    codes=EM,
    payers=("medicare",),
    fix=FixKind.NEEDS_CHART,
    fix_text="In the office the incident-to rules apply: bill under the one who may, without FS.",
    question="Who saw the patient, who decided, and was the physician in the suite?",
    message="FS on {code} at place of service {place_of_service}: split or shared visits exist only in facilities.",
    facts=("EM-08",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A split or shared visit is billed from an office.

    What it finds:
        FS on a visit at place of service 11.

    Why:
        Medicare knows split or shared visits in facilities only. In the office the incident-to rules decide who bills.

    Example:
        99213 FS dx=L40.0 pos=11

    Instead:
        99213 dx=L40.0 pos=11

    References:
        CMS, Medicare Claims Processing Manual, chapter 12, section 30.6.18.
    """
    return lines.filter(has_modifier("FS") & (pl.col(c.PLACE_OF_SERVICE) == "11"))
