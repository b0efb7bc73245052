"""A manifestation code stands first."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, Exposure, FixKind, Scope, Severity, Stake, rule
from cutis.rules._shared.diagnoses import dotted

SHOWS = ("L14", "L45", "L54", "L62", "L86", "L99", "M36", "D77", "E35")


@rule(
    "manifestation-first",
    scope=Scope.CLAIM,
    severity=Severity.ERROR,
    exposure=Exposure.DENIAL,
    evidence=Evidence.CMS_MANUAL,
    authority="ICD-10-CM official guidelines, section I.A.13 (underlying disease first, manifestation after it)",
    url="https://www.cms.gov/medicare/coding-billing/icd-10-codes",
    carc="16",
    since="0.1.0",
    needs=(c.CLAIM_DX,),
    stake=Stake.CLAIM,
    fix=FixKind.NEEDS_CHART,
    fix_text="Put the disease that causes {shown} first.",
    question="Which disease is {shown} a manifestation of?",
    message="The claim begins with {shown}, which is a manifestation and never listed first.",
    facts=("DX-03",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The claim's first diagnosis is a manifestation of a disease that should come before it.

    What it finds:
        Claims whose first diagnosis is L14, L45, L54, L62, L86, L99, M36, D77 or E35: disorders in diseases classified
        elsewhere.

    Why:
        The code set wants the underlying disease first. In the other order the claim is rejected.

    Example:
        11102 dx=L99

    Instead:
        11102 dx=E85.4,L99

    References:
        ICD-10-CM official guidelines for coding and reporting, section I.A.13.
    """
    shows = pl.col(c.CLAIM_DX).str.head(3).is_in(SHOWS).fill_null(value=False)
    first = lines.filter(shows).sort(c.CODE, *c.DIAGNOSES).unique(c.CLAIM_INDEX, keep="first", maintain_order=True)
    return first.with_columns(pl.col(c.CLAIM_DX).str.extract(r"^(\S+)").alias("dx")).with_columns(
        dotted("dx").alias("shown")
    )
