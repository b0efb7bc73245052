"""A cosmetic service filed as covered."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, any_modifier, rule
from cutis.rules._shared.diagnoses import points_to

EM = load_families().codes("em")


@rule(
    "cosmetic-without-exclusion-modifier",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.CMS_MANUAL,
    authority="Social Security Act 1862(a)(10); Medicare Claims Processing Manual, chapter 30 (GY, GX)",
    carc="96",
    since="0.1.0",
    uses=(c.DOC_INTENT,),
    payers=("medicare",),
    fix=FixKind.NEEDS_CHART,
    fix_text="If the service was cosmetic, bill the patient, or file with GY where a denial is wanted (GX GY with a voluntary ABN); GA is for expected necessity denials.",
    question="Was the service for appearance only, and did the patient ask that it be filed?",
    message="{code} is cosmetic by its diagnosis or chart, and carries no GY.",
    facts=("AB-01", "AB-03"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A cosmetic service is filed to Medicare as if it were covered.

    What it finds:
        Lines with a cosmetic diagnosis (Z41.1) or cosmetic intent on a Medicare claim without GY or GX.

    Why:
        Cosmetic surgery is excluded by law. Filed without GY it claims coverage that does not exist.

    Example:
        17110 dx=Z41.1

    Instead:
        17110 GY dx=Z41.1

    References:
        CMS, Medicare Claims Processing Manual, chapter 30.
    """
    cosmetic = points_to(lines, ref, "Z411", "Z4189", "Z419")
    if c.DOC_INTENT in lines.columns:
        intent = pl.col(c.DOC_INTENT).str.to_lowercase()
        meant = intent.str.contains("cosmetic") & ~intent.str.contains(r"(?:\bnot?|\bnon)[- ](?:\w+ )?cosmetic")
        cosmetic = cosmetic | meant.fill_null(value=False)
    return lines.filter(cosmetic).filter(~any_modifier(("GY", "GX")) & ~pl.col(c.CODE).is_in(sorted(EM)))
