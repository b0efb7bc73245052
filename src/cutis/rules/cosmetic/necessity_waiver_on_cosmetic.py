"""GA or GZ on a cosmetic service."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, any_modifier, has_modifier, rule


@rule(
    "necessity-waiver-on-cosmetic",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 30 (GA and GZ are for necessity denials, GY for exclusions)",
    carc="96",
    since="0.1.0",
    modifiers=("GA", "GZ"),
    payers=("medicare",),
    fix=FixKind.NEEDS_CHART,
    fix_text="For a service excluded by law it is GY, with GX where a voluntary ABN was given.",
    question="Is the denial expected because the service is cosmetic, or because it may not be necessary?",
    message="{code} is cosmetic by its diagnosis but carries GA or GZ, which are for necessity denials.",
    facts=("AB-03",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A cosmetic service carries the modifier of a necessity denial.

    What it finds:
        GA or GZ with a cosmetic diagnosis, without GY.

    Why:
        GA and GZ say that Medicare may find the service not necessary. Cosmetic surgery is excluded by law; the
        modifiers send the claim down the wrong path.

    Example:
        17110 GA dx=Z41.1

    Instead:
        17110 GX GY dx=Z41.1

    References:
        CMS, Medicare Claims Processing Manual, chapter 30.
    """
    cosmetic = pl.any_horizontal(pl.col(d).is_in(["Z411", "Z4189"]).fill_null(value=False) for d in c.DIAGNOSES)
    return lines.filter(cosmetic & any_modifier(("GA", "GZ")) & ~has_modifier("GY"))
