"""Laboratory work without a CLIA number."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, Exposure, FixKind, Scope, Severity, Stake, has_modifier, rule


@rule(
    "laboratory-without-clia",
    scope=Scope.LINE,
    severity=Severity.INFO,
    exposure=Exposure.DENIAL,
    evidence=Evidence.PUBLISHED,
    authority="MAC article A56514 (CLIA edits apply to Mohs codes, CR 3458); Medicare Claims Processing Manual, chapter 16",
    carc="B7",
    since="0.1.0",
    needs=(c.CLIA, c.CLM_SEGMENT),
    codes=(*load_families().codes("mohs"), "88302", "88304", "88305", "88331", "88332", "88342", "87220", "Q0112"),
    payers=("medicare",),
    stake=Stake.NONE,
    fix=FixKind.NEEDS_CHART,
    fix_text="Put the CLIA number of the laboratory that did the work in REF X4.",
    question="Which laboratory prepared and read the slides, and what is its CLIA number?",
    message="{code} needs the CLIA number of the laboratory, and the claim has none.",
    facts=("PA-06",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Laboratory work on a Medicare claim has no CLIA number.

    What it finds:
        Mohs, pathology and microscopy codes done in an office on an 837P without a CLIA number on claim or
        line.

    Why:
        Medicare denies laboratory work whose CLIA number is missing or does not cover it.

    Example:
        17311 dx=C44.311 clm=12

    Instead:
        17311 dx=C44.311 clm=12 clia=11D9999990

    References:
        CMS, change request 3458.
    """
    return lines.filter(
        pl.col(c.CLIA).is_null(),
        pl.col(c.CLM_SEGMENT).is_not_null(),
        pl.col(c.PLACE_OF_SERVICE) == "11",
        ~has_modifier("26"),
    )
