"""A surgical modifier on a visit."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, Exposure, FixKind, Scope, Severity, any_modifier, rule
from cutis.rules._shared.modifiers import DIGITS, EYELIDS, PROCEDURE_ONLY
from cutis.rules._shared.visits import EM

NOT_ON_VISITS = (*PROCEDURE_ONLY, *EYELIDS, *DIGITS, "LT", "RT")


@rule(
    "procedure-modifier-on-visit",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    exposure=Exposure.DENIAL,
    evidence=Evidence.CMS_MANUAL,
    authority="NCCI policy manual, chapter I, section E (59 is not for visits); Medicare Claims Processing Manual, chapter 12, section 40",
    carc="4",
    since="0.1.0",
    modifiers=NOT_ON_VISITS,
    codes=EM,
    fix=FixKind.NEEDS_CHART,
    fix_text="Take {modifier} off {code}; if a separate visit is documented beside a procedure, its modifier is 25.",
    question="What was {modifier} on {code} meant to state?",
    message="{modifier} on {code}: it belongs on procedures, not on visits.",
    facts=("NC-05",),
    supersedes=("distinct-modifier-unneeded",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A procedure's modifier stands on a visit.

    What it finds:
        59, X modifiers, 50, 51, 58, 76 to 79, assistant and split-care modifiers, and those of a side, eyelid or digit, on
        evaluation and management codes.

    Why:
        They describe procedures, and a visit has no side. A visit that is separate from a procedure is marked with 25.

    Example:
        99213 59 dx=L70.0

    Instead:
        99213 25 dx=L70.0

    References:
        CMS, NCCI policy manual, chapter I, section E.
    """
    which = pl.coalesce(pl.when(pl.col(m).is_in(NOT_ON_VISITS)).then(pl.col(m)) for m in c.MODIFIERS)
    return lines.filter(any_modifier(NOT_ON_VISITS)).with_columns(which.alias("modifier"))
