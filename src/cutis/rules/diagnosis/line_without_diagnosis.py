"""A line without any diagnosis."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, Exposure, FixKind, Scope, Severity, rule


@rule(
    "line-without-diagnosis",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    exposure=Exposure.DENIAL,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 26 (item 24E); chapter 23 (diagnosis required)",
    carc="16",
    since="0.1.0",
    needs=(c.CLM_SEGMENT, c.CLAIM_DX),
    fix=FixKind.NEEDS_CHART,
    fix_text="Add the diagnosis that {code} was done for and point the line to it.",
    question="For which diagnosis was {code} done?",
    message="{code} has no diagnosis.",
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A line has no diagnosis.

    What it finds:
        Lines without a diagnosis in tables. In an 837P the reader itself reports claims without diagnoses and lines
        without pointers, with their place in the file.

    Why:
        A professional claim line needs a diagnosis; without one it is returned as incomplete.

    Example:
        17000

    Instead:
        17000 dx=L57.0

    References:
        CMS, Medicare Claims Processing Manual, chapter 26.
    """
    in_table = pl.col(c.CLM_SEGMENT).is_null()
    return lines.filter(in_table & pl.all_horizontal(pl.col(d).is_null() for d in c.DIAGNOSES))
