"""Excimer laser codes for a disease other than psoriasis."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import shown


@rule(
    "excimer-without-psoriasis",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="CPT definition of 96920 to 96922 (psoriasis), restated; AAD, reporting excimer laser therapy",
    carc="11",
    since="0.1.0",
    codes=("96920", "96921", "96922"),
    fix=FixKind.NEEDS_CHART,
    fix_text="For vitiligo and other diseases report 96999 with a description, by the payer's policy.",
    question="Which disease was treated?",
    message="{code} is for psoriasis, but the line points to {shown}.",
    facts=("PH-01",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The excimer laser codes are for psoriasis only.

    What it finds:
        96920 to 96922 without a diagnosis of psoriasis.

    Why:
        The codes name inflammatory skin disease of the psoriasis kind; for vitiligo they are denied.

    Example:
        96920 dx=L80

    Instead:
        96920 dx=L40.0

    References:
        American Academy of Dermatology, reporting excimer laser therapy.
    """
    text = pl.concat_str(*(pl.col(d) for d in c.DIAGNOSES), separator=" ", ignore_nulls=True)
    return (
        lines.filter(pl.col(c.DX_1).is_not_null())
        .with_columns(shown().alias("shown"))
        .filter(~text.str.contains(r"\bL40"))
    )
