"""Minutes on a service that is counted."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule


@rule(
    "minutes-on-counted-service",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 12, section 50 (minutes are for anesthesia)",
    url="https://www.cms.gov/regulations-and-guidance/guidance/manuals/downloads/clm104c12.pdf",
    carc="16",
    since="0.1.0",
    needs=(c.UNIT_BASIS,),
    fix=FixKind.NEEDS_CHART,
    fix_text="Report {code} in units (UN).",
    question="How often was {code} done?",
    message="{code} is reported in minutes (MJ); minutes are for anesthesia codes.",
    facts=("NC-11",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A counted service is measured in minutes.

    What it finds:
        Lines measured in minutes whose code is outside 00100 to 01999.

    Why:
        The payer takes the minutes for a count: thirty minutes become thirty procedures, or the line is rejected.

    Example:
        11602 dx=C44.519 basis=MJ

    Instead:
        11602 dx=C44.519 basis=UN

    References:
        CMS, Medicare Claims Processing Manual, chapter 12, section 50.
    """
    timed = lines.filter(pl.col(c.UNIT_BASIS) == "MJ")
    return timed.filter(~pl.col(c.CODE).str.contains(r"^0(?:0[1-9]|1)\d{2}"))
