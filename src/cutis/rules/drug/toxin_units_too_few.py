"""Botulinum toxin in one unit."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, Exposure, FixKind, Scope, Severity, Stake, rule

FEWEST = 5


@rule(
    "toxin-units-too-few",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    exposure=Exposure.DENIAL,
    evidence=Evidence.PUBLISHED,
    authority="HCPCS unit of J0585 (one labelled unit), restated; published practice guidance",
    carc="151",
    since="0.1.0",
    codes=("J0585", "J0588"),
    stake=Stake.NONE,
    fix=FixKind.NEEDS_CHART,
    fix_text="Report the labelled units given, as 100 for a whole vial; the discarded rest of a single-dose vial goes on a line with JW.",
    question="How many labelled units were injected, and how many discarded?",
    message="{code} has {units} units: one unit is one labelled unit, not a vial or an injection.",
    facts=("IL-02",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Botulinum toxin is billed in a number of units nobody gives.

    What it finds:
        J0585 and J0588 with fewer than five units.

    Why:
        A vial billed as one unit is paid a hundredth of its price.

    Example:
        64650 dx=L74.510
        J0585 x1 dx=L74.510

    Instead:
        64650 dx=L74.510
        J0585 x100 dx=L74.510

    References:
        HCPCS level II, drug codes (units restated).
    """
    return lines.filter(pl.col(c.UNITS) < FEWEST)
