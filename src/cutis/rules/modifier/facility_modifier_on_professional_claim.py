"""A modifier of hospital bills on a physician's claim."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, Exposure, FixKind, Scope, Severity, any_modifier, rule
from cutis.rules._shared.modifiers import first_of

FACILITY = ("27", "73", "74", "CA", "PN", "PO")


@rule(
    "facility-modifier-on-professional-claim",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    exposure=Exposure.DENIAL,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 4, sections 20.6 and following (27, 73, 74 are for outpatient facilities)",
    carc="4",
    since="0.1.0",
    modifiers=FACILITY,
    fix=FixKind.NEEDS_CHART,
    fix_text="Take {modifier} off; a service broken off by the physician is 53, one reduced is 52.",
    question="What was {modifier} on {code} meant to state?",
    message="{modifier} on {code} belongs on a facility's bill, not on a physician's claim.",
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A modifier that only facilities use stands on a professional claim.

    What it finds:
        27, 73, 74, CA, PN or PO, except in an ambulatory surgery center, which bills on the professional form.

    Why:
        These modifiers steer the outpatient payment of hospitals. On a professional claim they are invalid.

    Example:
        99213 27 dx=L40.0

    Instead:
        99213 dx=L40.0

    References:
        CMS, Medicare Claims Processing Manual, chapter 4.
    """
    some = lines.filter(any_modifier(FACILITY), ~pl.col(c.PLACE_OF_SERVICE).eq_missing(pl.lit("24")))
    return some.with_columns(first_of(FACILITY).alias("modifier"))
