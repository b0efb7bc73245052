"""Dollars at stake: what the lines of a finding would be allowed under the fee schedule in force on their date."""

from collections.abc import Collection, Mapping
from typing import Final

import polars as pl

from cutis.engine.rows import LineRows, by_rule
from cutis.model import columns as c
from cutis.model.finding import FINDING_SCHEMA, STAKE_CENTS, STAKE_UNITS, Stake
from cutis.pricing.lines import ALLOWABLE, amount_of
from cutis.rulekit.rule import Rule

_WHOLE: Final = "claim_stake"
_KIND: Final = "_kind"
_KINDS: Final = {kind: number for number, kind in enumerate(Stake)}


def put_dollars(
    rows: pl.DataFrame, lines: pl.DataFrame, rules: Mapping[str, Rule], beside: Collection[str] = ()
) -> pl.DataFrame:
    """Fill `claim_id` and `stake_cents` of findings.

    The stake is the amount the rule gave; else the allowable a unit times the units at stake, for rules about the whole
    claim the sum of its lines. It stays null where a line has no price: an amount is never guessed.

    Args:
        rows: findings (`ROW_SCHEMA` or `FINDING_SCHEMA`).
        lines: priced lines that hold every claim of `rows` whole.
        rules: by name; findings of other names are faults of the file, whose stake is the line's or the claim's.
        beside: further columns of the line to take along, null where the finding is about no line.

    Returns:
        Findings in `FINDING_SCHEMA`, and the columns `beside`.
    """
    if rows.is_empty() or lines.is_empty():
        return rows.select(_null_stakes(rows))
    also = [n for n in beside if n in lines.columns]
    kinds = {n: _KINDS[r.stake] for n, r in rules.items()}
    where = LineRows.of(lines)
    own = lines.select(c.UNITS, ALLOWABLE, *also).select(pl.all().gather(where.lines(rows)))
    kind = by_rule(rows["rule"], kinds, pl.UInt8(), _KINDS[Stake.LINE]).alias(_KIND)
    units = pl.col(STAKE_UNITS).fill_null(pl.col(c.UNITS)) if STAKE_UNITS in rows.columns else pl.col(c.UNITS)
    stake = (
        pl.when(pl.col(_KIND) == _KINDS[Stake.NONE])
        .then(None)
        .when(_about_the_claim())
        .then(pl.col(_WHOLE))
        .otherwise(amount_of(units))
    )
    rows = pl.concat([rows, own, kind.to_frame()], how="horizontal")
    claim = _of_claims(rows, lines, where)
    given = pl.coalesce(c.CLAIM_ID, "_id") if c.CLAIM_ID in rows.columns else pl.col("_id")
    return (
        pl.concat([rows, claim], how="horizontal")
        .with_columns(pl.coalesce(pl.col(STAKE_CENTS), stake).alias(STAKE_CENTS), given.alias(c.CLAIM_ID))
        .select(*(pl.col(n).cast(t) for n, t in FINDING_SCHEMA.items()), *also)
    )


def _about_the_claim() -> pl.Expr:
    return (pl.col(_KIND) == _KINDS[Stake.CLAIM]) | pl.col(c.LINE).is_null()


def _of_claims(rows: pl.DataFrame, lines: pl.DataFrame, where: LineRows) -> pl.DataFrame:
    """Id of each finding's claim, and the sum of the claim's lines where a finding is about a claim."""
    whole = pl.lit(None, pl.Int64)
    if rows.select(_about_the_claim().any()).item():
        worth = lines.select(amount_of(pl.col(c.UNITS)).alias("sum"), pl.col(ALLOWABLE).is_not_null().cast(pl.Int64))
        # the sum of an unpriced claim is not zero but unknown
        whole = pl.when(where.sums(worth[ALLOWABLE]) > 0).then(where.sums(worth["sum"]))
    each = lines.select(pl.col(c.CLAIM_ID).alias("_id"), whole.alias(_WHOLE))
    return each.select(pl.all().gather(where.claims(rows)))


def _null_stakes(rows: pl.DataFrame) -> list[pl.Expr]:
    return [(pl.col(n) if n in rows.columns else pl.lit(None)).cast(t).alias(n) for n, t in FINDING_SCHEMA.items()]
