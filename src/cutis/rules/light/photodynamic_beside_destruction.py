"""Photodynamic therapy beside destruction of keratoses."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import DAY, Evidence, FixKind, Scope, Severity, any_modifier, not_alone, rule

LIGHT = load_families().codes("pdt")
DESTRUCTION = load_families().codes("premalignant_destruction")


@rule(
    "photodynamic-beside-destruction",
    scope=Scope.DAY,
    severity=Severity.WARNING,
    evidence=Evidence.RECALLED,
    authority="CPT guideline, restated from knowledge: not for the same lesions",
    carc="97",
    since="0.1.0",
    codes=(*LIGHT, *DESTRUCTION),
    fix=FixKind.NEEDS_CHART,
    fix_text="If other lesions were frozen than those treated by light, the note must say which, and XS or 59 states it; else take {code} off.",
    question="Were the destroyed keratoses other lesions than those under the light?",
    message="{code} stands beside photodynamic therapy; for the same lesions only one is paid.",
    facts=("PD-02",),
    supersedes=("ncci-pair-never-together", "ncci-pair-without-modifier"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Photodynamic therapy and destruction of keratoses on one day.

    What it finds:
        17000 to 17004 on the day of 96567, 96573 or 96574 without a modifier that separates them.

    Why:
        A lesion is destroyed once. Both are right only for different lesions.

    Example:
        96573 dx=L57.0
        17000 dx=L57.0

    Instead:
        96573 dx=L57.0
        17000 59 dx=L57.0

    References:
        CPT, photodynamic therapy (restated).
    """
    lines = lines.filter(not_alone())
    light = pl.col(c.CODE).is_in(sorted(LIGHT))
    both = light.any().over(DAY) & (~light).any().over(DAY)
    apart = any_modifier(("59", "XS", "XE", "XU"))
    return lines.filter(both & ~light & ~apart.any().over(DAY))
