"""A line of discarded drug without the drug."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import DAY, Evidence, FixKind, Scope, Severity, has_modifier, rule
from cutis.rules._shared.modifiers import marked


@rule(
    "waste-line-without-drug",
    scope=Scope.DAY,
    severity=Severity.WARNING,
    evidence=Evidence.RECALLED,
    authority="CMS JW modifier policy (given and discarded amounts on two lines), recalled",
    carc="16",
    since="0.1.0",
    modifiers=("JW",),
    fix=FixKind.NEEDS_CHART,
    fix_text="Add the line of {code} with the units that were given.",
    question="How much of the drug was given, and on which claim is it?",
    message="{code} with JW is the discarded amount, and no line of the day has the given one.",
    facts=("DR-01",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """JW stands without the line of what was given.

    What it finds:
        A line with JW on a day without a line of the same code without JW.

    Why:
        The discarded amount is paid only beside the given one of the same drug and day.

    Example:
        64650 dx=L74.510
        J0585 x20 JW dx=L74.510

    Instead:
        64650 dx=L74.510
        J0585 x80 dx=L74.510
        J0585 x20 JW dx=L74.510

    References:
        CMS, JW modifier policy.
    """
    waste = marked(lines, ref).filter(has_modifier("JW"))
    given = lines.join(waste.select(DAY, c.CODE).unique(), on=[DAY, c.CODE], how="semi").filter(~has_modifier("JW"))
    return waste.join(given, on=[DAY, c.CODE], how="anti", maintain_order="left")
