"""GX without GY."""

import polars as pl

from cutis.reference.store import Reference
from cutis.rulekit import Evidence, Exposure, FixKind, Scope, Severity, Stake, any_modifier, has_modifier, rule


@rule(
    "voluntary-abn-without-exclusion",
    scope=Scope.LINE,
    severity=Severity.INFO,
    exposure=Exposure.DENIAL,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare change request 6563 (GX); Medicare Claims Processing Manual, chapter 30",
    carc="96",
    since="0.1.0",
    modifiers=("GX",),
    payers=("medicare",),
    stake=Stake.NONE,
    fix=FixKind.NEEDS_CHART,
    fix_text="If the law excludes the service, put GY beside GX; if a necessity denial is expected and the ABN was required, it is GA.",
    question="Is the service excluded by law, or is it expected to be denied as not necessary?",
    message="{code} carries GX (a voluntary ABN) without GY.",
    facts=("AB-02",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A voluntary ABN without the statement that the service is excluded.

    What it finds:
        GX on a line without GY, GA or GZ.

    Why:
        GX reports a voluntary notice for an excluded service; the exclusion itself is stated by GY.

    Example:
        17110 GX dx=Z41.1

    Instead:
        17110 GX GY dx=Z41.1

    References:
        CMS, change request 6563.
    """
    return lines.filter(has_modifier("GX") & ~any_modifier(("GY", "GA", "GZ")))
