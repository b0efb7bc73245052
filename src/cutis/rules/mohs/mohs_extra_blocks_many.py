"""Blocks beyond five without their stages' count."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import DAY, Evidence, FixKind, Scope, Severity, Stake, narrow, on_days, rule

PER_STAGE = 5


@rule(
    "mohs-extra-blocks-many",
    scope=Scope.DAY,
    severity=Severity.INFO,
    evidence=Evidence.RECALLED,
    authority="CPT guideline on Mohs blocks (beyond five in one stage, stages not pooled), restated from knowledge",
    carc="150",
    since="0.1.0",
    codes=load_families().codes("mohs"),
    stake=Stake.NONE,
    fix=FixKind.NEEDS_CHART,
    fix_text="Check that the map gives the blocks of each stage, and that blocks are counted beyond five in one stage, not pooled.",
    question="How many blocks were taken in each stage?",
    message="17315 has {blocks} units for {stages} stages; a reviewer will ask for the blocks of each.",
    facts=("MO-04",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """More extra blocks than stages can hold without a note.

    What it finds:
        17315 with more than five units a stage on a day.

    Why:
        The add-on counts blocks beyond five in one stage. Counting all blocks, or pooling stages, is the usual
        error behind high numbers.

    Example:
        17311 dx=C44.311
        17315 x6 dx=C44.311

    Instead:
        17311 dx=C44.311
        17315 x5 dx=C44.311

    References:
        CPT, Mohs micrographic surgery (restated).
    """
    lines = on_days(lines, narrow(lines, [DAY], pl.col(c.CODE) == "17315")[DAY])
    stages = pl.col(c.UNITS).filter(pl.col(c.CODE).is_in(["17311", "17312", "17313", "17314"])).sum().over(DAY)
    blocks = pl.col(c.UNITS).filter(pl.col(c.CODE) == "17315").sum().over(DAY)
    found = lines.with_columns(stages.alias("stages"), blocks.alias("blocks"))
    return found.filter(
        pl.col(c.CODE) == "17315", pl.col("stages") > 0, pl.col("blocks") > PER_STAGE * pl.col("stages")
    )
