"""An office visit with two units."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule


@rule(
    "visit-units-over-one",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 12, section 30.6.7 (one office visit a day by one physician)",
    url="https://www.cms.gov/regulations-and-guidance/guidance/manuals/downloads/clm104c12.pdf",
    carc="151",
    since="0.1.0",
    codes=("99212", "99213", "99214", "99215"),
    fix=FixKind.NEEDS_CHART,
    fix_text="Report {code} with one unit at the level that the day's work supports.",
    question="Was there one encounter on this day?",
    message="{code} has {units} units: a visit is one unit, whatever was discussed.",
    facts=("EM-07",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """An office visit has more than one unit.

    What it finds:
        99212 to 99215 with exactly two units: the medically unlikely edit leaves two, so it does not speak.

    Why:
        A visit is one unit of service. Two are paid once at best, and look like two visits.

    Example:
        99213 x2 dx=L40.0

    Instead:
        99213 dx=L40.0

    References:
        CMS, Medicare Claims Processing Manual, chapter 12, section 30.6.7.
    """
    return lines.filter(pl.col(c.UNITS) > 1, pl.col(c.UNITS) <= 2)
