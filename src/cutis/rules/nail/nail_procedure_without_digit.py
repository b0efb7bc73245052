"""A nail procedure that names no digit."""

import polars as pl

from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, Exposure, FixKind, Scope, Severity, any_modifier, rule
from cutis.rules._shared.modifiers import DIGITS


@rule(
    "nail-procedure-without-digit",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    exposure=Exposure.DENIAL,
    evidence=Evidence.RECALLED,
    authority="Contractors' billing articles on nail procedures, recalled",
    carc="4",
    since="0.1.0",
    codes=load_families().codes("nail_one_digit"),
    payers=("medicare",),
    fix=FixKind.NEEDS_CHART,
    fix_text="Put the modifier of the digit on the line: FA, F1 to F9 for fingers, TA, T1 to T9 for toes.",
    question="On which finger or toe was {code} done?",
    message="{code} names no finger or toe; many contractors deny it without.",
    facts=("NL-03", "AN-02"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A procedure on a nail does not say on which.

    What it finds:
        Avulsion, matrixectomy, nail unit biopsy and repair codes without a digit modifier on a Medicare claim.

    Why:
        Contractors use the digit to tell repeated procedures apart and deny lines without one.

    Example:
        11730 dx=L60.0

    Instead:
        11730 TA dx=L60.0

    References:
        Medicare contractors, billing articles on nail procedures.
    """
    return lines.filter(~any_modifier(DIGITS))
