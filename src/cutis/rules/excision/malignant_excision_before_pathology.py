"""A malignant excision with a diagnosis that pathology has not made."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, once_each, rule
from cutis.rules._shared.chart import pointed, shown


@rule(
    "malignant-excision-before-pathology",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    evidence=Evidence.RECALLED,
    authority="CPT guideline on excisions (the final pathology decides, claims wait for it), restated from knowledge",
    carc="11",
    since="0.1.0",
    codes=load_families().codes("malignant_excision"),
    fix=FixKind.NEEDS_CHART,
    fix_text="Hold the line until the report is back, then take the code and diagnosis that it supports.",
    question="What does the final pathology report say?",
    message="{code} is for malignant lesions, but {shown} says that the nature is not known.",
    facts=("EX-03", "DX-02"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A malignant excision points to a tumor whose nature is not known.

    What it finds:
        116xx whose only neoplasm is of uncertain or unspecified behavior (D48.5, D49.2).

    Why:
        Benign or malignant follows from the final pathology. The claim waits for it: an unspecified tumor under the
        malignant code is denied or recovered.

    Example:
        11602 dx=D49.2

    Instead:
        11602 dx=C44.519

    References:
        CPT, excision of skin lesions (restated).
    """
    open_ = pointed().str.contains(r"\bD48|\bD49")
    known = pointed().str.contains(r"\bC\d|\bC4A|\bC7B|\bD0[0-9]|\bZ85")
    early = once_each(lines, c.DIAGNOSES, open_ & ~known).to_series()
    return lines.filter(early).with_columns(shown().alias("shown"))
