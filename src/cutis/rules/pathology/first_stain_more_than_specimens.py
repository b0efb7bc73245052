"""More first antibody stains than specimens."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import STAKE_UNITS, Evidence, FixKind, Scope, Severity, any_modifier, rule


@rule(
    "first-stain-more-than-specimens",
    scope=Scope.CLAIM,
    severity=Severity.WARNING,
    evidence=Evidence.PUBLISHED,
    authority="AAPC coding guidance: first stain of a specimen 88342, each further 88341",
    url="https://aapc.com/codes/coding-newsletters/my-pathology-lab-coding-alert/reader-question-code-per-specimen-per-stain-article",
    carc="151",
    since="0.1.0",
    needs=(c.DOC_COUNT,),
    codes=("88342",),
    fix=FixKind.NEEDS_CHART,
    fix_text="Report 88342 once a specimen and 88341 for each further antibody of it.",
    question="How many specimens were stained, and with how many antibodies each?",
    message="{code} is billed {billed} times for {doc_count} specimens; each further antibody of a specimen is 88341.",
    facts=("PA-04",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The first antibody stain is billed more often than there are specimens.

    What it finds:
        88342 whose units on the claim exceed the documented specimens.

    Why:
        The code is for the first antibody of a specimen; each further one of the same specimen is 88341. A second unit of the first on one specimen is denied.

    Example:
        88342 x2 dx=C43.59 count=1

    Instead:
        88342 dx=C43.59 count=1
        88341 dx=C43.59 count=1

    References:
        AAPC, Pathology/Lab Coding Alert, code per specimen, per stain.
    """
    whole = [c.CLAIM_INDEX, c.SERVICE_FROM]
    counted = lines.filter(pl.col(c.DOC_COUNT).is_not_null(), ~any_modifier(("TC",)))
    billed = counted.with_columns(pl.col(c.UNITS).sum().over(whole).alias("billed"))
    over = billed.filter(pl.col("billed") > pl.col(c.DOC_COUNT)).unique(whole, keep="last", maintain_order=True)
    return over.with_columns(pl.min_horizontal(pl.col("billed") - pl.col(c.DOC_COUNT), c.UNITS).alias(STAKE_UNITS))
