"""Two excision codes for lesions removed through one incision."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import DAY, Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import said


@rule(
    "two-excisions-through-one-incision",
    scope=Scope.DAY,
    severity=Severity.WARNING,
    evidence=Evidence.RECALLED,
    authority="CPT excision guidelines (one excision, one code), restated from knowledge",
    carc="97",
    since="0.1.0",
    needs=(c.DOC_METHOD,),
    codes=load_families().codes("excision"),
    fix=FixKind.NEEDS_CHART,
    fix_text="Report one excision by its whole diameter.",
    question="Were the lesions removed through one incision, and how wide was it with its margins?",
    message="{code} stands beside {first}, and the chart has one incision for both lesions.",
    facts=("EX-10",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Lesions removed through one incision carry two excision codes.

    What it finds:
        Two or more excisions of a day where the chart says, on each, that one incision took both.

    Why:
        One excision is one code, chosen by the whole diameter. Two codes for one incision are denied as unbundled on review.

    Example:
        11402 dx=D22.5 method=one_incision_for_both
        11401 59 dx=D22.5 method=one_incision_for_both

    Instead:
        11403 dx=D22.5 method=one_incision_for_both

    References:
        CPT, excision of skin lesions (restated).
    """
    together = said().str.contains(
        r"(?:one|single|same|common|1) (?:elliptical |fusiform )?(?:incision|ellipse|excision)|en bloc"
    )
    shared = lines.filter(together).sort(c.CODE, descending=True, maintain_order=True)
    rank = pl.int_range(pl.len()).over(DAY)
    first = pl.col(c.CODE).first().over(DAY).alias("first")
    return shared.with_columns(first, rank.alias("_rank")).filter(pl.col("_rank") > 0).drop("_rank")
