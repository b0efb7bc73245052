"""Worth fixing: what a finding is expected to cost, from three stated inputs, each with its source.

Expected value = dollars at stake x odds of denial - cost of the work. Where an input is not known the value is not
stated, never zero. Money that may have to be paid back is not weighed at all: it is put right whatever the work costs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Final

import polars as pl

from cutis.engine.rows import by_rule
from cutis.model import columns as c
from cutis.model.finding import EDITS, ODDS, STAKE_CENTS, Exposure, FixKind, Severity
from cutis.reference.store import Reference
from cutis.rulekit.rule import Rule

WHOLE: Final = 10_000
"""Odds are whole ten-thousandths, so that the arithmetic is exact: 0.85 is 8,500."""

PUBLISHED: Final = "denial_odds"
EXPECTED: Final = "expected_cents"
COST: Final = "rework_cents"
WORTH: Final = "worth"

FIX: Final = "worth fixing"
NOT_WORTH: Final = "not worth fixing"
MUST: Final = "must be put right"  # whatever the work costs
UNSTATED: Final = "not stated"
ORDER: Final = (MUST, FIX, UNSTATED, NOT_WORTH)
"""In which a work list names them."""


@dataclass(frozen=True, slots=True)
class Odds:
    """A chance of denial in ten-thousandths and who says so."""

    parts: int
    source: str

    @property
    def text(self) -> str:
        """As a decimal between 0 and 1."""
        return f"{Decimal(self.parts) / WHOLE:.4f}".rstrip("0").rstrip(".") if self.parts else "0"


@dataclass(frozen=True, slots=True)
class Worth:
    """The inputs of the practice.

    Attributes:
        cost_cents: cost of working one finding, by kind of fix; a kind that is absent is not stated.
        cost_source: who says so.
        odds: by rule or family, as the practice states or has measured them.
    """

    cost_cents: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    cost_source: str = ""
    odds: Mapping[str, Odds] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, rule: str, family: str) -> Odds | None:
        """The practice's own odds for a rule, its own name before its family's."""
        return self.odds.get(rule) or self.odds.get(family)


@dataclass(frozen=True, slots=True)
class Weighed:
    """Findings (remarks left out) and dollars by what they are worth; cents.

    Attributes:
        counts: findings by `worth`.
        expected_cents: sum of the expected values of those worth fixing.
        not_worth_cents: dollars at stake of those not worth fixing.
        owed_cents: dollars at stake of those that must be put right.
        unstated_cents: dollars at stake where an input is not stated.
    """

    counts: Mapping[str, int]
    expected_cents: int = 0
    not_worth_cents: int = 0
    owed_cents: int = 0
    unstated_cents: int = 0


def published(ref: Reference) -> dict[str, Odds]:
    """Odds that a publication states, by rule: edits that Medicare's own system applies to every claim."""
    return {v.track: Odds(int(v.value * WHOLE), v.cite) for v in ref.values(PUBLISHED)}


def put_odds(rows: pl.DataFrame, worth: Worth, families: Mapping[str, str], stated: Mapping[str, Odds]) -> pl.DataFrame:
    """Write `odds`: the practice's, else for an error on a Medicare claim the published ones, else null.

    Args:
        rows: findings beside the `payer_kind` of their claim.
        worth: inputs of the practice.
        families: family of each rule and fault by name.
        stated: see `published`.
    """
    own = {name: odds.parts for name, family in families.items() if (odds := worth.of(name, family))}
    public = {name: odds.parts for name, odds in stated.items()}
    by_edit = (pl.col(c.PAYER_KIND) == "medicare") & (pl.col("severity") == Severity.ERROR.value)
    practice, publication = (by_rule(rows["rule"], odds, pl.Int32()) for odds in (own, public))
    return rows.with_columns(pl.coalesce(practice, pl.when(by_edit).then(publication)).alias(ODDS))


def weigh(rows: pl.DataFrame, worth: Worth, rules: Mapping[str, Rule]) -> pl.DataFrame:
    """Add `rework_cents`, `expected_cents` and `worth` to findings.

    `worth` is "must be put right" for money that may not be owed and for remarks never "not worth fixing".
    """
    exposure = {n: r.exposure.value for n, r in rules.items()}
    kinds = {n: r.fix.value for n, r in rules.items()}
    # a fault of the file gets the claim rejected; what it must say is asked, hence the default kind
    owed = pl.col("rule").replace_strict(exposure, default=Exposure.DENIAL.value, return_dtype=pl.String)
    kind = pl.col("rule").replace_strict(kinds, default=FixKind.NEEDS_CHART.value, return_dtype=pl.String)
    mechanical = pl.col(EDITS).list.len().fill_null(0) > 0
    kind = pl.when(mechanical).then(pl.lit(FixKind.MECHANICAL.value)).otherwise(kind)
    cost = kind.replace_strict(dict(worth.cost_cents), default=None, return_dtype=pl.Int64)
    # half up, in whole cents
    loss = (pl.col(STAKE_CENTS) * pl.col(ODDS).cast(pl.Int64) + WHOLE // 2) // WHOLE
    return rows.with_columns(cost.alias(COST), (loss - cost).alias(EXPECTED)).with_columns(
        pl.when(owed == Exposure.OVERPAYMENT.value)
        .then(pl.lit(MUST))
        .when(pl.col(EXPECTED).is_null())
        .then(pl.lit(UNSTATED))
        .when(pl.col(EXPECTED) > 0)
        .then(pl.lit(FIX))
        .otherwise(pl.lit(NOT_WORTH))
        .alias(WORTH)
    )


def ordered(rows: pl.DataFrame, worth: Worth, rules: Mapping[str, Rule]) -> pl.DataFrame:
    """Findings as a work list: by `ORDER`, in each by money (expected value where it is stated, else dollars at stake).

    Remarks come last; equal amounts keep the order of the claims.
    """
    rank = pl.col(WORTH).replace_strict({w: i for i, w in enumerate(ORDER)}, return_dtype=pl.UInt8)
    money = pl.when(pl.col(WORTH).is_in([FIX, NOT_WORTH])).then(EXPECTED).otherwise(STAKE_CENTS)
    keyed = weigh(rows, worth, rules).with_columns(
        (pl.col("severity") == Severity.INFO.value).alias("_remark"), rank.alias("_rank"), money.alias("_money")
    )
    keys = ["_remark", "_rank", "_money"]
    by_money = keyed.sort(keys, descending=[False, False, True], nulls_last=True, maintain_order=True)
    return by_money.select(rows.columns)


def weighed(batches: Iterable[pl.DataFrame], worth: Worth, rules: Mapping[str, Rule]) -> Weighed:
    """Sum up what findings are worth; remarks are left out."""
    counts: dict[str, int] = dict.fromkeys(ORDER, 0)
    cents: dict[str, int] = dict.fromkeys(ORDER, 0)
    for batch in batches:
        rows = weigh(batch.filter(pl.col("severity") != Severity.INFO.value), worth, rules)
        money = pl.when(pl.col(WORTH) == FIX).then(EXPECTED).otherwise(STAKE_CENTS)
        for name, count, total in rows.group_by(WORTH).agg(pl.len(), money.sum()).iter_rows():
            counts[name] += count
            cents[name] += total
    return Weighed(counts, cents[FIX], cents[NOT_WORTH], cents[MUST], cents[UNSTATED])
