"""JW and JZ for one drug of a day."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import DAY, Evidence, FixKind, Scope, Severity, any_modifier, has_modifier, rule
from cutis.rules._shared.modifiers import marked


@rule(
    "both-waste-modifiers",
    scope=Scope.DAY,
    severity=Severity.WARNING,
    evidence=Evidence.CMS_MANUAL,
    authority="CMS JW and JZ modifier policy, questions and answers",
    carc="4",
    since="0.1.0",
    modifiers=("JZ",),
    fix=FixKind.NEEDS_CHART,
    fix_text="Take JZ off the line of what was given where an amount was discarded; take the JW line off where none was.",
    question="How much of the container was discarded?",
    message="{code} carries JZ (nothing discarded) on a day on which it also carries JW (an amount discarded).",
    facts=("DR-01",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """One drug says both that some was discarded and that none was.

    What it finds:
        Days on which the same drug carries JZ and JW, on one line or on two.

    Why:
        JZ states that nothing was discarded; JW is the discarded amount. Together they contradict, and the claim is returned.

    Example:
        64650 dx=L74.510
        J0585 x80 JZ dx=L74.510
        J0585 x20 JW dx=L74.510

    Instead:
        64650 dx=L74.510
        J0585 x80 dx=L74.510
        J0585 x20 JW dx=L74.510

    References:
        CMS, JW modifier and JZ modifier policy, questions and answers.
    """
    some = marked(lines, ref).filter(any_modifier(("JW", "JZ")))
    both = has_modifier("JW").any().over(DAY, c.CODE) & has_modifier("JZ").any().over(DAY, c.CODE)
    return some.filter(both).filter(has_modifier("JZ"))
