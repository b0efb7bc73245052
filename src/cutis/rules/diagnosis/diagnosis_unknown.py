"""A diagnosis that the code set does not have."""

import polars as pl

from cutis.model.finding import REASON
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, Exposure, FixKind, Outcome, Scope, Severity, rule
from cutis.rules._shared.diagnoses import dotted, looked_up, outside


@rule(
    "diagnosis-unknown",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    exposure=Exposure.DENIAL,
    evidence=Evidence.CMS_FILE,
    authority="CMS ICD-10-CM code files",
    url="https://www.cms.gov/medicare/coding-billing/icd-10-codes",
    carc="16",
    since="0.1.0",
    tables=("icd10",),
    fix=FixKind.NEEDS_CHART,
    fix_text="Look up the diagnosis of the note in the ICD-10-CM index; {shown} is not in the code set.",
    question="Which diagnosis does the note state for {code}?",
    message="{shown} on {code} is no ICD-10-CM code on that day.",
    facts=("DX-03",),
)
def check(lines: pl.DataFrame, ref: Reference) -> Outcome:
    """A diagnosis code does not exist.

    What it finds:
        Diagnoses of a line that are not in the ICD-10-CM code set in force on the day of service.

    Why:
        The claim is rejected at the front end: a diagnosis code must be valid on the date of service.

    Example:
        11102 dx=D49.99

    Instead:
        11102 dx=D49.2

    References:
        CMS, ICD-10-CM code files for the fiscal year.
    """
    wrong = looked_up(lines, ref).with_columns(dotted("dx").alias("shown"))
    reason = pl.lit("no ICD-10-CM release in force on the service date").alias(REASON)
    return Outcome(wrong.filter(~pl.col("known")), outside(lines, ref).with_columns(reason))
