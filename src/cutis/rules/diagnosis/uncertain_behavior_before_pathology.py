"""Uncertain behavior on the day of the biopsy."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, Stake, rule


@rule(
    "uncertain-behavior-before-pathology",
    scope=Scope.LINE,
    severity=Severity.INFO,
    evidence=Evidence.RECALLED,
    authority="ICD-10-CM tabular list, D37 to D48 and D49 (uncertain is a pathologist's finding, unspecified is not yet known), recalled",
    since="0.1.0",
    stake=Stake.NONE,
    codes=load_families().codes("biopsy") | load_families().codes("biopsy_site_specific"),
    fix=FixKind.NEEDS_CHART,
    fix_text="If the result is not back, D49.2 says so; D48.5 is for a result that calls the behavior uncertain.",
    question="Is the pathology report back, and does it say uncertain?",
    message="{code} points to D48.5, which states a pathologist's finding; before the result it is D49.2.",
    facts=("DX-02",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A biopsy points to uncertain behavior, which only pathology can say.

    What it finds:
        Biopsies whose first diagnosis is D48.5.

    Why:
        The two codes are confused daily. D48.5 before the result states a finding that nobody has made, and follows
        the patient.

    Example:
        11102 dx=D48.5

    Instead:
        11102 dx=D49.2

    References:
        ICD-10-CM tabular list, neoplasms of uncertain and of unspecified behavior.
    """
    return lines.filter(pl.col(c.DX_1) == "D485")
