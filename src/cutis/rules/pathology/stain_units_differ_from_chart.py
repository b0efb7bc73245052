"""More units of a special stain than stains were done."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import STAKE_UNITS, Evidence, FixKind, Scope, Severity, rule


@rule(
    "stain-units-differ-from-chart",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    evidence=Evidence.RECALLED,
    authority="CPT special stains, counted by stain and block, restated from knowledge",
    carc="151",
    since="0.1.0",
    needs=(c.DOC_COUNT,),
    codes=("88312", "88313"),
    fix=FixKind.NEEDS_CHART,
    fix_text="Report {doc_count} of {code}: one for each stain of each block, however many slides were made of it.",
    question="Which stains were done on which blocks?",
    message="{code} is billed {units} times, but the chart counts {doc_count} stains.",
    facts=("PA-03",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A special stain is billed more often than stains were done.

    What it finds:
        88312 and 88313 whose units exceed the documented number of stains (a stain on two blocks counts twice).

    Why:
        Slides do not count: two slides of one stain are one service. The units above are denied or recovered.

    Example:
        88312 x6 dx=L08.9 count=3

    Instead:
        88312 x3 dx=L08.9 count=3

    References:
        CPT, special stains (restated).
    """
    over = lines.filter(pl.col(c.UNITS) > pl.col(c.DOC_COUNT))
    return over.with_columns((pl.col(c.UNITS) - pl.col(c.DOC_COUNT)).alias(STAKE_UNITS))
