"""A single-dose drug without JW or JZ."""

import polars as pl

from cutis.reference.store import Reference
from cutis.rulekit import Evidence, Exposure, FixKind, Scope, Severity, Stake, any_modifier, rule

# toxins, the photodynamic applicator, and biologics of dermatology in syringes and vials of one dose
SINGLE_DOSE = (
    "J0585", "J0586", "J0587", "J0588", "J7308", "J0717", "J1628", "J1745", "J2357", "J3245", "J3357",
)  # fmt: skip


@rule(
    "single-dose-drug-without-waste-modifier",
    scope=Scope.LINE,
    severity=Severity.INFO,
    exposure=Exposure.DENIAL,
    evidence=Evidence.RECALLED,
    authority="CMS JW and JZ modifier policy, recalled",
    carc="16",
    since="0.1.0",
    codes=SINGLE_DOSE,
    payers=("medicare",),
    in_force=("2023-07-01", None),
    stake=Stake.NONE,
    fix=FixKind.NEEDS_CHART,
    fix_text="JZ where nothing was discarded, a further line with JW for what was; neither for multiple-dose containers.",
    question="Was the container single-dose, and how much was discarded?",
    message="{code} comes in single-dose containers and carries neither JW nor JZ.",
    facts=("DR-01", "DR-02"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A drug of single-dose containers says nothing about waste.

    What it finds:
        Drugs of single-dose containers on Medicare claims without JW or JZ.

    Why:
        Since July 2023 Medicare returns claims for single-dose drugs that state neither waste nor its absence.

    Example:
        64650 dx=L74.510
        J0585 x100 dx=L74.510

    Instead:
        64650 dx=L74.510
        J0585 x100 JZ dx=L74.510

    References:
        CMS, JW modifier and JZ modifier policy.
    """
    return lines.filter(~any_modifier(("JW", "JZ")))
