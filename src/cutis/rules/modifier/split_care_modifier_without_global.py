"""54, 55 or 56 on a code without a global period to split."""

import polars as pl

from cutis.model import columns as c
from cutis.model.finding import RELEASE
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, any_modifier, rule
from cutis.rules._shared.modifiers import first_of
from cutis.rules._shared.visits import EM, with_fee

SPLIT = ("54", "55", "56")


@rule(
    "split-care-modifier-without-global",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.CMS_FILE,
    authority="CMS relative value file, global days; Medicare Claims Processing Manual, chapter 12, section 40.2 (54, 55)",
    url="https://www.cms.gov/regulations-and-guidance/guidance/manuals/downloads/clm104c12.pdf",
    carc="4",
    since="0.1.0",
    modifiers=SPLIT,
    tables=("fee",),
    fix=FixKind.NEEDS_CHART,
    fix_text="Take {modifier} off {code}; visits after it are billed by whoever makes them.",
    question="Was care of a global period handed over, and for which procedure?",
    message="{modifier} on {code}: it has no global period of 10 or 90 days to split ({global_days}).",
    facts=("GL-01",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Split-care modifiers stand on a code that has no days of care to split.

    What it finds:
        54, 55 or 56 on codes whose global days are not 010 or 090.

    Why:
        The modifiers share the package of surgery and aftercare between two physicians. Without aftercare in the
        package there is nothing to share, and the line is denied.

    Example:
        11102 54 dx=D49.2

    Instead:
        11102 dx=D49.2

    References:
        CMS, Medicare Claims Processing Manual, chapter 12, section 40.2.
    """
    known = with_fee(lines.filter(any_modifier(SPLIT)), ref).with_columns(pl.col("release").alias(RELEASE))
    without = pl.col("global_days").is_in(["000", "XXX", "ZZZ", "MMM"])
    return known.filter(without, ~pl.col(c.CODE).is_in(EM)).with_columns(first_of(SPLIT).alias("modifier"))
