"""JW or JZ on a service that is no drug."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, Exposure, FixKind, Scope, Severity, any_modifier, rule
from cutis.rules._shared.modifiers import first_of


@rule(
    "waste-modifier-on-other-code",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    exposure=Exposure.DENIAL,
    evidence=Evidence.RECALLED,
    authority="CMS JW and JZ modifier policy (drugs of single-dose containers), recalled",
    carc="4",
    since="0.1.0",
    modifiers=("JW", "JZ"),
    fix=FixKind.NEEDS_CHART,
    fix_text="Move {modifier} to the line of the drug.",
    question="Which drug of the day came from a single-dose container?",
    message="{modifier} on {code}: it belongs on the line of a drug.",
    facts=("DR-01", "DR-02"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A modifier of discarded drugs stands on a procedure or visit.

    What it finds:
        JW or JZ on codes of five digits.

    Why:
        The modifiers speak about a vial. On a procedure they are invalid, and the drug line lacks what it needs.

    Example:
        64650 JZ dx=L74.510
        J0585 x100 dx=L74.510

    Instead:
        64650 dx=L74.510
        J0585 x100 JZ dx=L74.510

    References:
        CMS, JW modifier and JZ modifier policy.
    """
    some = lines.filter(any_modifier(("JW", "JZ"))).filter(pl.col(c.CODE).str.contains(r"^\d{5}$"))
    # vaccines and immune globulins have codes of five digits too
    return some.filter(~pl.col(c.CODE).str.contains(r"^90[2-7]")).with_columns(first_of(("JW", "JZ")).alias("modifier"))
