"""22 without a word on why."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, Stake, has_modifier, rule


@rule(
    "unusual-service-without-report",
    scope=Scope.LINE,
    severity=Severity.INFO,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 12, sections 20.4.6 and 40.2 (unusual procedures)",
    since="0.1.0",
    modifiers=("22",),
    needs=(c.LINE_NOTE,),
    uses=(c.CLAIM_NOTE,),
    stake=Stake.NONE,
    fix=FixKind.NEEDS_CHART,
    fix_text="State in the note how the service differed and what it cost in time; or take 22 off.",
    question="What made the service substantially more work than usual?",
    message="{code} carries 22, and no note says what made it unusual.",
    facts=("NC-03",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """22 stands without a report of why the service was unusual.

    What it finds:
        22 on a line whose claim has no note.

    Why:
        22 asks for more money for far more work than usual. Without a statement of why, the payer pays the usual amount or asks for records.

    Example:
        11606 22 dx=C43.59

    Instead:
        11606 22 dx=C43.59 note=90_minutes,_scarred_bed,_usual_is_45

    References:
        CMS, Medicare Claims Processing Manual, chapter 12, sections 20.4.6 and 40.2.
    """
    silent = pl.col(c.LINE_NOTE).str.strip_chars().fill_null("") == ""
    if c.CLAIM_NOTE in lines.columns:
        silent = silent & (pl.col(c.CLAIM_NOTE).str.strip_chars().fill_null("") == "")
    return lines.filter(has_modifier("22") & silent)
