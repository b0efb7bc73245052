"""An external cause code stands first."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, Exposure, FixKind, Scope, Severity, Stake, rule
from cutis.rules._shared.diagnoses import dotted


@rule(
    "external-cause-first",
    scope=Scope.CLAIM,
    severity=Severity.ERROR,
    exposure=Exposure.DENIAL,
    evidence=Evidence.CMS_MANUAL,
    authority="ICD-10-CM official guidelines, section I.C.20.a.6 (external cause codes are never first)",
    url="https://www.cms.gov/medicare/coding-billing/icd-10-codes",
    carc="16",
    since="0.1.0",
    needs=(c.CLAIM_DX,),
    stake=Stake.CLAIM,
    fix=FixKind.NEEDS_CHART,
    fix_text="Put the injury or disease first and the external cause after it.",
    question="Which injury or disease was treated?",
    message="The claim begins with {shown}, a code of external causes, which is never listed first.",
    facts=("DX-03",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The claim's first diagnosis is a code of external causes.

    What it finds:
        Claims whose first diagnosis is in V00 to Y99.

    Why:
        Those codes say how something came about, not what was treated. A claim that begins with one is rejected.

    Example:
        12001 dx=W26.0XXA

    Instead:
        12001 dx=S61.411A,W26.0XXA

    References:
        ICD-10-CM official guidelines for coding and reporting, section I.C.20.
    """
    # V to Y; a comparison is several times faster than a look at the first letter
    outside = (pl.col(c.CLAIM_DX) >= "V") & (pl.col(c.CLAIM_DX) < "Z")
    first = lines.filter(outside).sort(c.CODE, *c.DIAGNOSES).unique(c.CLAIM_INDEX, keep="first", maintain_order=True)
    return first.with_columns(pl.col(c.CLAIM_DX).str.extract(r"^(\S+)").alias("dx")).with_columns(
        dotted("dx").alias("shown")
    )
