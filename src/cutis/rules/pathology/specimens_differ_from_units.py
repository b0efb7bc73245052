"""Pathology units that are not the number of specimens."""

import polars as pl

from cutis.model import columns as c
from cutis.model.finding import STAKE_UNITS
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule


@rule(
    "specimens-differ-from-units",
    scope=Scope.CLAIM,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="CPT guideline on surgical pathology (one unit a separately identified specimen), restated",
    carc="151",
    since="0.1.0",
    needs=(c.DOC_COUNT,),
    codes=load_families().codes("surgical_pathology"),
    fix=FixKind.NEEDS_CHART,
    fix_text="Report one unit a separately submitted and identified specimen.",
    question="How many specimens were submitted in their own containers and diagnosed each?",
    message="{code} has {billed} units in all, but {doc_count} specimens are documented.",
    facts=("PA-01",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Units of pathology are not the specimens.

    What it finds:
        Surgical pathology whose units on the claim, counted once a component, exceed or fall short of the specimens.

    Why:
        The unit of service is the specimen. More is denied or recovered; fewer is work not paid.

    Example:
        88305 x3 dx=D22.5 count=2

    Instead:
        88305 x2 dx=D22.5 count=2

    References:
        CPT, surgical pathology guidelines (restated).
    """
    whole = [c.CLAIM_INDEX, c.SERVICE_FROM]
    component = pl.concat_str(
        [pl.when(pl.col(m).is_in(["26", "TC"])).then(pl.col(m)) for m in c.MODIFIERS], ignore_nulls=True
    )
    counted = lines.filter(pl.col(c.DOC_COUNT).is_not_null()).with_columns(component.alias("_part"))
    billed = counted.with_columns(pl.col(c.UNITS).sum().over(*whole, "_part").alias("billed"))
    wrong = billed.filter(pl.col("billed") != pl.col(c.DOC_COUNT))
    above = (pl.col("billed") - pl.col(c.DOC_COUNT)).abs()
    last = wrong.unique([*whole, "_part"], keep="last", maintain_order=True)
    return last.with_columns(pl.min_horizontal(above, pl.col(c.UNITS)).alias(STAKE_UNITS))
