"""A diagnosis that is only a heading."""

import polars as pl

from cutis.reference.store import Reference
from cutis.rulekit import Evidence, Exposure, FixKind, Scope, Severity, rule
from cutis.rules._shared.diagnoses import dotted, looked_up


@rule(
    "diagnosis-not-specific",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    exposure=Exposure.DENIAL,
    evidence=Evidence.CMS_FILE,
    authority="CMS ICD-10-CM code files; ICD-10-CM official guidelines, section I.B.2 (highest number of characters)",
    url="https://www.cms.gov/medicare/coding-billing/icd-10-codes",
    carc="16",
    since="0.1.0",
    tables=("icd10",),
    fix=FixKind.NEEDS_CHART,
    fix_text="Code {shown} to its full length with the site, side or kind that the note states.",
    question="Which site, side or kind does the note give for {shown}?",
    message="{shown} on {code} is a heading; longer codes stand under it and one of them must be used.",
    facts=("DX-03",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A diagnosis code is not long enough.

    What it finds:
        Diagnoses that the code set lists as a category or subcategory, not as a code to bill.

    Why:
        Codes are reported to the highest number of characters; a heading is rejected as invalid.

    Example:
        11602 dx=C44.5

    Instead:
        11602 dx=C44.519

    References:
        ICD-10-CM official guidelines for coding and reporting, section I.B.2.
    """
    wrong = looked_up(lines, ref).filter("known", ~pl.col("billable"))
    return wrong.with_columns(dotted("dx").alias("shown"))
