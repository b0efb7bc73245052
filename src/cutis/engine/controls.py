"""The practice's controls as a run uses them, and the one place where findings meet them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final

import polars as pl

from cutis.engine import baseline, waive, worth
from cutis.engine.baseline import IDENTITY, Baseline
from cutis.engine.rows import AT, place
from cutis.engine.waive import SCOPES, Waiver
from cutis.engine.worth import Worth
from cutis.model import columns as c
from cutis.model.finding import FINDING_SCHEMA, FINGERPRINT, KNOWN
from cutis.parse.faults import FAULTS
from cutis.reference.store import Reference
from cutis.rulekit.rule import Rule

LOOKED_AT: Final = tuple(
    dict.fromkeys((*IDENTITY, *(n for columns in SCOPES.values() for n in columns if n != c.CLAIM_ID), c.PAYER_KIND))
)
"""Columns of a line that waivers, fingerprints and odds look at."""
OF_THE_CLAIM: Final = (c.PAYER_ID, c.PAYER_KIND, c.BILLING_NPI, c.RENDERING_NPI, c.PLACE_OF_SERVICE)
"""Those that a finding about the whole claim takes from its first line."""


@dataclass(frozen=True, slots=True)
class Controls:
    """What the practice decided.

    Attributes:
        severity: by rule or family, the severity its findings get.
        payers: kind of payer by payer id.
        waivers: in the order of the configuration.
        baseline: findings that are known already.
        fingerprints: whether findings get their fingerprint.
        worth: inputs of the expected value.
        rules: of the practice, beside those of the catalogue.
        as_of: day that waivers are held against; None takes the latest service date of the input.
    """

    severity: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    payers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    waivers: tuple[Waiver, ...] = ()
    baseline: Baseline | None = None
    fingerprints: bool = False
    worth: Worth = field(default_factory=Worth)
    rules: tuple[Rule, ...] = ()
    as_of: date | None = None

    @property
    def columns(self) -> frozenset[str]:
        """Columns of the lines that must be kept until findings are settled."""
        return frozenset(LOOKED_AT) if self._asks_lines else frozenset({c.PAYER_KIND})

    @property
    def _asks_lines(self) -> bool:
        return bool(self.waivers or self.baseline or self.fingerprints)

    def kinds(self, lines: pl.DataFrame) -> pl.DataFrame:
        """Lines with the kind of payer that the practice gives for a payer id."""
        if not self.payers:
            return lines
        kind = pl.col(c.PAYER_ID).replace_strict(dict(self.payers), default=None, return_dtype=pl.String)
        return lines.with_columns(pl.coalesce(kind, c.PAYER_KIND).alias(c.PAYER_KIND))

    def settle(
        self, rows: pl.DataFrame, lines: pl.DataFrame, rules: Mapping[str, Rule], ref: Reference
    ) -> pl.DataFrame:
        """Findings with severity, waiver, fingerprint, `known` and odds.

        Args:
            rows: findings in `FINDING_SCHEMA`, the findings of a claim all together; with `columns` of their lines where
                whoever made them had these at hand.
            lines: that hold every claim of `rows` whole.
            rules: that may occur in `rows`; other names are faults of the file.
            ref: for published odds.
        """
        if rows.is_empty():
            return rows
        families = {n: f.family for n, f in FAULTS.items()} | {n: r.family for n, r in rules.items()}
        placed = _beside_lines(rows, lines, self.columns)
        if self.severity:
            placed = placed.with_columns(_severity(self.severity, families))
        if self.waivers:
            placed = waive.mark(placed, self.waivers, families)
        if self.baseline or self.fingerprints:
            placed = placed.with_columns(baseline.fingerprints(placed))
        if self.baseline:
            known = list(self.baseline.all)
            placed = placed.with_columns(pl.col(FINGERPRINT).is_in(known).alias(KNOWN))
        placed = worth.put_odds(placed, self.worth, families, worth.published(ref))
        return placed.select(pl.col(n).cast(t) for n, t in FINDING_SCHEMA.items())


def _severity(wanted: Mapping[str, str], families: Mapping[str, str]) -> pl.Expr:
    by_rule = {n: s for n, f in families.items() if (s := wanted.get(n) or wanted.get(f))}
    given = pl.col("rule").replace_strict(by_rule, default=None, return_dtype=pl.String)
    return pl.coalesce(given, "severity").alias("severity")


def _beside_lines(rows: pl.DataFrame, lines: pl.DataFrame, columns: frozenset[str]) -> pl.DataFrame:
    """Findings with the columns of their line; those about a claim get what its first line says of the claim."""
    wanted = [n for n in LOOKED_AT if n in columns]
    have = [n for n in wanted if n in lines.columns]
    if lines.is_empty() or not have:
        return rows.with_columns(pl.lit(None, dtype=c.LINE_SCHEMA[n]).alias(n) for n in wanted)
    bare = rows.filter(pl.col(c.LINE).is_null()).select(c.CLAIM_INDEX).unique()
    first = (
        lines.select(c.CLAIM_INDEX, c.LINE, *(pl.col(n).alias(f"_{n}") for n in have if n in OF_THE_CLAIM))
        .join(bare, on=c.CLAIM_INDEX, how="semi")
        .sort(c.CLAIM_INDEX, c.LINE)
        .unique(c.CLAIM_INDEX, keep="first", maintain_order=True)
        .drop(c.LINE)
    )
    if not set(have) <= set(rows.columns):
        rows = rows.drop(have, strict=False).with_columns(place())
        own = lines.select(place(), *have)
        rows = rows.join(own, on=AT, how="left", maintain_order="left").drop(AT)
    return (
        rows.join(first, on=c.CLAIM_INDEX, how="left", maintain_order="left")
        .with_columns(pl.coalesce(n, f"_{n}").alias(n) for n in have if n in OF_THE_CLAIM)
        .drop(f"_{n}" for n in have if n in OF_THE_CLAIM)
        .with_columns(pl.lit(None, dtype=c.LINE_SCHEMA[n]).alias(n) for n in wanted if n not in have)
    )
