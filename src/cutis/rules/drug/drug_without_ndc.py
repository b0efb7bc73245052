"""A drug for Medicaid without its NDC."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, Exposure, FixKind, Scope, Severity, rule


@rule(
    "drug-without-ndc",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    exposure=Exposure.DENIAL,
    evidence=Evidence.CMS_MANUAL,
    authority="Deficit Reduction Act of 2005, section 6002; 42 CFR 447.520 (NDC of drugs given by physicians)",
    url="https://www.ecfr.gov/current/title-42/section-447.520",
    carc="16",
    since="0.1.0",
    needs=(c.NDC,),
    payers=("medicaid",),
    in_force=("2024-11-19", None),
    fix=FixKind.NEEDS_CHART,
    fix_text="Add the NDC of the vial with its unit and quantity.",
    question="Which NDC stands on the vial of {code}, and how much was given?",
    message="{code} has no NDC; Medicaid pays no drug without it.",
    facts=("DR-03", "IL-02"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A drug line of a Medicaid claim carries no NDC.

    What it finds:
        J codes and drug Q codes without an NDC on Medicaid claims, since the rule took in all drugs of several makers
        (2024-11-19).

    Why:
        States collect rebates by NDC and must deny drugs given by physicians that lack one. Many commercial payers
        want it too.

    Example:
        96372 dx=L20.9 payer=medicaid
        J3301 x4 dx=L20.9 payer=medicaid

    Instead:
        96372 dx=L20.9 payer=medicaid
        J3301 x4 dx=L20.9 payer=medicaid ndc=00003029328

    References:
        42 CFR 447.520.
    """
    drug = pl.col(c.CODE).str.contains(r"^(?:J\d|Q5[01])")
    return lines.filter(pl.col(c.NDC).is_null()).filter(drug)
