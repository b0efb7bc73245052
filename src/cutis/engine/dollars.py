"""Dollars at stake: what the lines of a finding would be allowed under the fee schedule in force on their date."""

from collections.abc import Collection, Mapping
from typing import Final

import polars as pl

from cutis.model import columns as c
from cutis.model.finding import FINDING_SCHEMA, STAKE_CENTS, STAKE_UNITS, Stake
from cutis.pricing.lines import ALLOWABLE, amount_of
from cutis.rulekit.rule import Rule

_WHOLE = "claim_stake"
AT: Final = "_at"
LINES: Final = 1 << 16
"""More than the lines of any claim: `AT` divided by it is the claim, the rest is the line."""


def place(line: pl.Expr | None = None) -> pl.Expr:
    """Claim and line as one number `AT`: joining on one is several times faster than on two. Null where `line` is."""
    return (pl.col(c.CLAIM_INDEX).cast(pl.UInt64) * LINES + (pl.col(c.LINE) if line is None else line)).alias(AT)


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
    value = amount_of(pl.col(c.UNITS))
    also = [n for n in beside if n in lines.columns]
    touched = lines.select(c.CLAIM_INDEX, c.CLAIM_ID, place(), c.UNITS, ALLOWABLE, *also).join(
        rows.select(c.CLAIM_INDEX).unique(), on=c.CLAIM_INDEX, how="semi"
    )
    claims = touched.group_by(c.CLAIM_INDEX).agg(
        pl.col(c.CLAIM_ID).first().alias("_id"),
        # the sum of an unpriced claim is not zero but unknown
        pl.when(pl.col(ALLOWABLE).is_not_null().any()).then(value.sum()).alias(_WHOLE),
    )
    units = pl.col(STAKE_UNITS).fill_null(pl.col(c.UNITS)) if STAKE_UNITS in rows.columns else pl.col(c.UNITS)
    by_line = amount_of(units)
    kinds = {n: r.stake.value for n, r in rules.items()}
    kind = pl.col("rule").replace_strict(kinds, default=Stake.LINE.value, return_dtype=pl.String)
    stake = (
        pl.when(kind == Stake.NONE.value)
        .then(None)
        .when((kind == Stake.CLAIM.value) | pl.col(c.LINE).is_null())
        .then(pl.col(_WHOLE))
        .otherwise(by_line)
    )
    return (
        rows.with_columns(place())
        .join(claims, on=c.CLAIM_INDEX, how="left", maintain_order="left")
        .join(touched.select(AT, c.UNITS, ALLOWABLE, *also), on=AT, how="left", maintain_order="left")
        .with_columns(
            pl.coalesce(pl.col(STAKE_CENTS), stake).alias(STAKE_CENTS),
            (pl.coalesce(pl.col(c.CLAIM_ID), pl.col("_id")) if c.CLAIM_ID in rows.columns else pl.col("_id")).alias(
                c.CLAIM_ID
            ),
        )
        .select(*(pl.col(n).cast(t) for n, t in FINDING_SCHEMA.items()), *also)
    )


def _null_stakes(rows: pl.DataFrame) -> list[pl.Expr]:
    return [(pl.col(n) if n in rows.columns else pl.lit(None)).cast(t).alias(n) for n, t in FINDING_SCHEMA.items()]
