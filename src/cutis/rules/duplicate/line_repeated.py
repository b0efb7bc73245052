"""The same line twice."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import DAY, OTHER_LINES, Evidence, FixKind, Scope, Severity, any_modifier, code_repeated, rule
from cutis.rules._shared.pairs import ANATOMIC, DISTINCT


@rule(
    "line-repeated",
    scope=Scope.DAY,
    severity=Severity.ERROR,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 1, section 120 (duplicate claims)",
    carc="18",
    since="0.1.0",
    needs=(c.FREQUENCY,),
    uses=(c.CLAIM_ID,),
    fix=FixKind.NEEDS_CHART,
    fix_text="If it was done once, remove the line; if on further lesions, report units, an add-on or a modifier that the chart supports.",
    question="How often was {code} done on this day, and on which lesions?",
    message="{code} stands on this day as on {first} with nothing to tell them apart.",
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A line repeats another.

    What it finds:
        Lines with the same code, modifiers, units and place on one day by one provider, without 76, 77, 91, 59, X or an
        anatomic modifier. Replacement and void claims are left out.

    Why:
        The second is denied as an exact duplicate.

    Example:
        88305 dx=D22.5
        88305 dx=D22.5

    Instead:
        88305 x2 dx=D22.5

    References:
        CMS, Medicare Claims Processing Manual, chapter 1, section 120.
    """
    original = pl.col(c.FREQUENCY).is_null() | (pl.col(c.FREQUENCY) == "1")
    apart = any_modifier(("76", "77", "91", *DISTINCT, *ANATOMIC))
    key = [DAY, c.CODE, *c.MODIFIERS, c.UNITS, c.PLACE_OF_SERVICE]
    twice = lines.filter(code_repeated(lines)).filter(original & ~apart)
    twice = twice.with_columns(
        pl.col(c.LINE).first().over(key).alias("_line"),
        pl.col(c.CLAIM_INDEX).first().over(key).alias("_claim"),
        pl.int_range(pl.len()).over(key).alias("_place"),
    )
    same_claim = pl.col("_claim") == pl.col(c.CLAIM_INDEX)
    claim = pl.col(c.CLAIM_ID).first().over(key) if c.CLAIM_ID in twice.columns else pl.lit(None, pl.String)
    elsewhere = pl.coalesce(
        pl.format("line {} of claim {}", "_line", claim), pl.format("line {} of another claim", "_line")
    )
    return (
        twice.with_columns(pl.when(same_claim).then(pl.format("line {}", "_line")).otherwise(elsewhere).alias("first"))
        .filter(pl.col("_place") > 0)
        .with_columns(pl.when(same_claim).then(pl.concat_list("_line")).alias(OTHER_LINES))
    )
