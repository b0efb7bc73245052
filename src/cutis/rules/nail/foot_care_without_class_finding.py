"""Routine foot care without a class finding."""

import polars as pl

from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, Stake, any_modifier, rule


@rule(
    "foot-care-without-class-finding",
    scope=Scope.LINE,
    severity=Severity.INFO,
    evidence=Evidence.RECALLED,
    authority="Medicare Benefit Policy Manual, chapter 15, section 290, recalled",
    carc="96",
    since="0.1.0",
    codes=("11055", "11056", "11057", "11719", "G0127"),
    payers=("medicare",),
    stake=Stake.NONE,
    fix=FixKind.NEEDS_CHART,
    fix_text="Where a systemic disease makes foot care covered, put Q7, Q8 or Q9 by the findings; on hands and other sites nothing is needed.",
    question="Is it the foot, and which class findings does the note record?",
    message="{code} carries none of Q7, Q8 and Q9; routine foot care is covered only with a class finding.",
    facts=("NL-02",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Routine foot care does not say why it is covered.

    What it finds:
        Paring and trimming codes on a Medicare claim without a class finding or waiver modifier.

    Why:
        Routine foot care is excluded from Medicare unless a systemic condition makes it hazardous, which the
        class finding states.

    Example:
        11056 dx=L84

    Instead:
        11056 Q8 dx=L84

    References:
        CMS, Medicare Benefit Policy Manual, chapter 15, section 290.
    """
    return lines.filter(~any_modifier(("Q7", "Q8", "Q9", "GY", "GA", "GX", "GZ")))
