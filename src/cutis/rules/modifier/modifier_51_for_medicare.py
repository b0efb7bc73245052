"""51 on a Medicare claim."""

import polars as pl

from cutis.reference.store import Reference
from cutis.rulekit import Evidence, Exposure, FixKind, Scope, Severity, Stake, has_modifier, rule


@rule(
    "modifier-51-for-medicare",
    scope=Scope.LINE,
    severity=Severity.INFO,
    exposure=Exposure.DENIAL,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 12, section 40.6 (the contractor applies the reduction)",
    carc="4",
    since="0.1.0",
    modifiers=("51",),
    payers=("medicare",),
    stake=Stake.NONE,
    fix=FixKind.NEEDS_CHART,
    fix_text="Leave 51 off for Medicare; the contractor ranks and reduces by itself.",
    question="Does this payer ask for 51?",
    message="51 on {code}: Medicare applies the multiple procedure reduction without it.",
    facts=("NC-03",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """51 stands on a Medicare claim.

    What it finds:
        Modifier 51 where the payer is Medicare.

    Why:
        Medicare contractors apply the multiple procedure reduction from the fee schedule's indicator. The modifier is
        not needed, bypasses no edit, and on an add-on code is wrong.

    Example:
        12032 51 dx=C44.519

    Instead:
        12032 dx=C44.519

    References:
        CMS, Medicare Claims Processing Manual, chapter 12, section 40.6.
    """
    return lines.filter(has_modifier("51"))
