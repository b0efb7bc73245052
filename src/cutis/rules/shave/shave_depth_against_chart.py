"""A shave code for what the chart describes as an excision."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import said


@rule(
    "shave-depth-against-chart",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="Published coding guidance: a shave leaves dermis and is not sutured; CPT, restated",
    url="https://blogs.the-hospitalist.org/index.php/content/guide-avoiding-common-procedural-coding-mistakes",
    carc="150",
    since="0.1.0",
    needs=(c.DOC_METHOD,),
    codes=load_families().codes("shave"),
    fix=FixKind.NEEDS_CHART,
    fix_text="If the cut went through the dermis, report the excision by its excised diameter and final pathology.",
    question="Did the cut go through the dermis, and was the wound sutured?",
    message="{code} is a shave, but the chart describes an excision: {doc_method}.",
    facts=("SH-01", "EX-09"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The chart describes an excision, the claim a shave.

    What it finds:
        Shave codes where the chart says full thickness, into fat, an ellipse or a sutured closure.

    Why:
        A shave leaves dermis and needs no suture. Cut through the dermis it is an excision, sized with its margins.

    Example:
        11302 dx=D22.5 method=elliptical_excision_into_fat,_sutured

    Instead:
        11402 dx=D22.5 method=elliptical_excision_into_fat,_sutured

    References:
        The Hospitalist, guide to common procedural coding mistakes; CPT, shaving (restated).
    """
    text = said()
    deep = text.str.contains(
        r"full.?thickness|(?:in)?to (?:the )?(?:subcut|fat)|through (?:the )?dermis|ellip|fusiform|sutur|layered clos|\bexcised|excision"
    )
    no = text.str.contains(r"no sutur|without sutur|not sutur|shave excision|not full|dermis remain")
    return lines.filter(deep & ~no)
