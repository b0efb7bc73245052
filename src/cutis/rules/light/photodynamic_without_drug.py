"""Photodynamic therapy without its drug."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import DAY, Evidence, FixKind, Scope, Severity, Stake, rule


@rule(
    "photodynamic-without-drug",
    scope=Scope.DAY,
    severity=Severity.INFO,
    evidence=Evidence.RECALLED,
    authority="HCPCS level II drug codes beside CPT photodynamic therapy, restated from knowledge",
    since="0.1.0",
    codes=("96567", "96573", "96574", "J7308", "J7309", "J7345"),
    stake=Stake.NONE,
    fix=FixKind.NEEDS_CHART,
    fix_text="Add the drug with its units where the practice bought it.",
    question="Which photosensitizer was used, how much of it, and who bought it?",
    message="{code} stands without the photosensitizer (J7308 or J7345).",
    facts=("PD-03",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Photodynamic therapy stands without the photosensitizer.

    What it finds:
        Photodynamic therapy codes in an office on a day without a line for the photosensitizer.

    Why:
        The drug is paid beside the service where the practice bought it. Without its line that money is lost, unless a pharmacy or a facility supplied it.

    Example:
        96573 dx=L57.0

    Instead:
        96573 dx=L57.0
        J7308 JZ dx=L57.0

    References:
        HCPCS level II, photosensitizers (units restated).
    """
    with_drug = pl.col(c.CODE).is_in(["J7308", "J7309", "J7345"]).any().over(DAY)
    office = pl.col(c.PLACE_OF_SERVICE) == "11"
    return lines.filter(pl.col(c.CODE).is_in(["96567", "96573", "96574"]), office, ~with_drug)
