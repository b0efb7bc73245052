"""Patch tests billed again at the reading."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule


@rule(
    "patch-test-reading-billed",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="CPT definition of patch tests (placing and reading), restated; AAPC coding alert",
    carc="97",
    since="0.1.0",
    needs=(c.DOC_METHOD,),
    codes=("95044", "95052", "95056"),
    fix=FixKind.NEEDS_CHART,
    fix_text="Take {code} off this day: the units at placing include the reading; a separate evaluation is a visit.",
    question="On which day were the patches placed, and were they billed then?",
    message="{code} is billed at the reading; placing the patches already included it.",
    facts=("PT-01",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Patch tests are billed at the visit of their reading.

    What it finds:
        Patch test codes where the chart describes the reading.

    Why:
        The code pays once for placing and reading. Billing it again at the reading pays twice.

    Example:
        95044 x80 dx=L23.9 method=48_h_reading,_patches_billed_at_first_visit

    Instead:
        95044 x80 dx=L23.9 method=patches_placed

    References:
        CPT, patch tests (restated).
    """
    text = pl.col(c.DOC_METHOD).str.to_lowercase()
    reading = text.str.contains(r"reading|\b(?:48|72|96) ?h|read at|day [2-7] read")
    # words on the whole course, with the placing before the reading, do not say which day the line is of
    placed_before = text.str.contains(r"\bago\b|earlier|previous|first visit|last visit")
    placing = text.str.contains(r"\b(?:placed|applied)\b|application visit") & ~placed_before
    return lines.filter(reading & ~placing)
