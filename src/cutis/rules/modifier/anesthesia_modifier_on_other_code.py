"""A modifier of anesthesia on another service."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, Exposure, FixKind, Scope, Severity, any_modifier, rule
from cutis.rules._shared.modifiers import first_of

ANESTHESIA = ("P1", "P2", "P3", "P4", "P5", "P6", "AA", "AD", "QK", "QS", "QX", "QY", "QZ")


@rule(
    "anesthesia-modifier-on-other-code",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    exposure=Exposure.DENIAL,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 12, section 50 (anesthesia modifiers)",
    carc="4",
    since="0.1.0",
    modifiers=ANESTHESIA,
    fix=FixKind.NEEDS_CHART,
    fix_text="Take {modifier} off {code}.",
    question="What was {modifier} on {code} meant to state?",
    message="{modifier} on {code}: it belongs on anesthesia codes (00100 to 01999).",
    facts=("NC-11",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """An anesthesia modifier stands on a code that is not anesthesia.

    What it finds:
        P1 to P6, AA, AD, QK, QS, QX, QY or QZ on codes outside 00100 to 01999.

    Why:
        The modifiers say who gave anesthesia and how ill the patient was. Local anesthesia by the surgeon is part of
        the procedure and has no modifier.

    Example:
        11602 AA dx=C44.519

    Instead:
        11602 dx=C44.519

    References:
        CMS, Medicare Claims Processing Manual, chapter 12, section 50.
    """
    some = lines.filter(any_modifier(ANESTHESIA))
    own = pl.col(c.CODE).str.contains(r"^0(0[1-9]|1)\d{2}")
    return some.filter(~own).with_columns(first_of(ANESTHESIA).alias("modifier"))
