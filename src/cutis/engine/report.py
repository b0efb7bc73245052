"""The result of a check: a summary, findings in the order of the claims, what was not checked, and problems."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from cutis.engine.aside import SetAside, tally
from cutis.engine.controls import Controls
from cutis.engine.rows import BITS, LINES, place
from cutis.engine.store import FindingStore
from cutis.engine.worth import Odds, Weighed, ordered, weighed
from cutis.model import columns as c
from cutis.model.finding import FINDING_SCHEMA, KNOWN, STAKE_CENTS, WAIVER, NotChecked, Problem, Severity
from cutis.parse.faults import Counts, FaultKind
from cutis.rulekit.rule import Rule

SCHEMA_NUMBER = 1
_UNPRICED = -(1 << 63)


@dataclass(frozen=True, slots=True)
class ReleaseUse:
    """A release of reference data that the run rested on, and in plain words where it is too old for the dates."""

    table: str
    release: str
    effective_from: date | None
    effective_to: date | None
    sha256: str
    stale: str | None

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "table": self.table,
            "release": self.release,
            "effective_from": self.effective_from.isoformat() if self.effective_from else None,
            "effective_to": self.effective_to.isoformat() if self.effective_to else None,
            "sha256": self.sha256,
            "stale": self.stale,
        }


@dataclass(frozen=True, slots=True)
class ConfigUse:
    """The configuration file that a run was under."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of a run; money in cents.

    `claims_read + claims_refused` equals the CLM segments of the input. `dollars_at_risk_cents` counts each line once,
    however many findings name it; `by_rule` counts each finding. Waived and known findings stand in `waived` and `known`
    alone; a claim with no others is set aside, not clear.
    """

    claims_read: int
    claims_refused: int
    clm_segments: int
    lines: int
    claims_with_findings: int
    claims_clear: int
    claims_set_aside: int
    errors: int
    warnings: int
    infos: int
    waived: int
    known: int
    dollars_at_risk_cents: int
    findings_not_priced: int
    by_rule: tuple[tuple[str, int, int], ...]
    rules_run: int
    rules_not_checked: int
    first_service: date | None
    last_service: date | None
    locality: str


@dataclass
class Report:
    """What `cutis.check` returns.

    Findings may be larger than memory: iterate `batches()`; `findings` puts them all into one frame.
    """

    counts: Counts
    store: FindingStore
    rules: Mapping[str, Rule]
    faults: Mapping[str, FaultKind]
    not_checked: list[NotChecked]
    problems: list[Problem]
    releases: list[ReleaseUse]
    first_service: date | None = None
    last_service: date | None = None
    locality: str = "national"
    rules_run: tuple[str, ...] = ()
    source: str = ""
    controls: Controls = field(default_factory=Controls, repr=False)
    stated_odds: Mapping[str, Odds] = field(default_factory=dict, repr=False)
    by_worth: bool = False
    config: ConfigUse | None = None

    def batches(self) -> Iterator[pl.DataFrame]:
        """Findings in `FINDING_SCHEMA`, neither waived ones nor known ones, in the order of claims and lines.

        With `by_worth` they are one frame in the order of what they are worth (`worth.ordered`).
        """
        if self.by_worth:
            shown = [batch.filter(~self.is_waived, ~self.is_known) for batch in self.store.batches()]
            return iter([ordered(pl.concat(shown), self.controls.worth, self.rules)] if shown else [])
        if not self.sets_aside:
            return self.store.batches()
        return (batch.filter(~self.is_waived, ~self.is_known) for batch in self.store.batches())

    def waived(self) -> Iterator[pl.DataFrame]:
        """Findings that a waiver in force covers, in the same shape and order."""
        return (batch.filter(self.is_waived) for batch in self.store.batches())

    @property
    def sets_aside(self) -> bool:
        """Whether there are waivers or a baseline at all."""
        return bool(self.controls.waivers or self.controls.baseline)

    @property
    def as_of(self) -> date | None:
        """The day that waivers are held against: as chosen, else the latest service date of the input."""
        return self.controls.as_of or self.last_service

    @property
    def is_waived(self) -> pl.Expr:
        """True where a waiver in force covers the finding; never null."""
        works = [i for i, w in enumerate(self.controls.waivers) if w.in_force(self.as_of)]
        return pl.col(WAIVER).is_in(works).fill_null(value=False)

    @property
    def is_known(self) -> pl.Expr:
        """True where the baseline has the finding and no waiver covers it; never null."""
        return pl.col(KNOWN).fill_null(value=False) & ~self.is_waived

    @cached_property
    def weighed(self) -> Weighed:
        """Counts and dollars by what the findings shown are worth."""
        return weighed(self.batches(), self.controls.worth, self.rules)

    @cached_property
    def set_aside(self) -> "SetAside":
        """What waivers and baseline took out of the findings, counted in one pass."""
        return tally(self)

    @property
    def findings(self) -> pl.DataFrame:
        """All findings as one frame in `FINDING_SCHEMA`."""
        frames = list(self.batches())
        return pl.concat(frames) if frames else pl.DataFrame(schema=FINDING_SCHEMA)

    @property
    def exit_code(self) -> int:
        """0 clear, 1 findings, 3 a rule failed. Remarks (info) alone leave the claims clear."""
        if self.problems:
            return 3
        return 1 if self.summary.errors or self.summary.warnings else 0

    @cached_property
    def summary(self) -> Summary:
        """Counts and dollars of the whole run, made in one pass over the findings."""
        counted = _Tally()
        for batch in self.store.batches():
            counted.add(batch.filter(~self.is_waived, ~self.is_known) if self.sets_aside else batch)
        return Summary(
            claims_read=self.counts.claims_read,
            claims_refused=self.counts.claims_refused,
            clm_segments=self.counts.clm_segments,
            lines=self.counts.lines,
            claims_with_findings=counted.claims,
            claims_clear=max(0, self.counts.claims_read - counted.read_claims - self.set_aside.claims),
            claims_set_aside=self.set_aside.claims,
            errors=counted.severity.get(Severity.ERROR, 0),
            warnings=counted.severity.get(Severity.WARNING, 0),
            infos=counted.severity.get(Severity.INFO, 0),
            waived=self.set_aside.waived,
            known=self.set_aside.known,
            dollars_at_risk_cents=counted.at_risk,
            findings_not_priced=counted.not_priced,
            by_rule=tuple(
                sorted(((n, k, s) for n, (k, s) in counted.rules.items()), key=lambda r: (-r[2], -r[1], r[0]))
            ),
            rules_run=len(self.rules_run),
            rules_not_checked=len({n.rule for n in self.not_checked if n.lines == 0}),
            first_service=self.first_service,
            last_service=self.last_service,
            locality=self.locality,
        )


class _Tally:
    """Running sums over batches; a claim is never split between two batches."""

    def __init__(self) -> None:
        self.claims = 0
        self.read_claims = 0
        self.at_risk = 0
        self.not_priced = 0
        self.severity: dict[str, int] = {}
        self.rules: dict[str, tuple[int, int]] = {}

    def add(self, batch: pl.DataFrame) -> None:
        """Add findings in the order of claims and lines."""
        number = batch["rule"].cast(pl.Categorical(pl.Categories.random())).to_physical()
        of_rule = (
            batch.select("rule", STAKE_CENTS)
            .group_by(number.alias("number"))
            .agg(pl.col("rule").first(), pl.len(), pl.col(STAKE_CENTS).sum())
        )
        for _, rule, count, stake in of_rule.sort("rule").iter_rows():
            before = self.rules.get(rule, (0, 0))
            self.rules[rule] = (before[0] + count, before[1] + stake)
        for severity in Severity:
            self.severity[severity] = self.severity.get(severity, 0) + int((batch["severity"] == severity.value).sum())
        serious = batch.select(c.CLAIM_INDEX, c.LINE, STAKE_CENTS, pl.col("rule") == "claim-refused").filter(
            batch["severity"] != Severity.INFO.value, pl.col(c.CLAIM_INDEX).is_not_null()
        )
        claims = serious[c.CLAIM_INDEX].n_unique()
        self.claims += claims
        self.read_claims += claims - serious.filter("rule")[c.CLAIM_INDEX].n_unique()
        self.not_priced += int(serious[STAKE_CENTS].null_count())
        self.at_risk += _at_risk(serious)


def _at_risk(findings: pl.DataFrame) -> int:
    """Each line once at its highest stake; a finding about the whole claim covers its lines.

    Findings are in the order of claims and lines, those about the claim before those about its lines.
    """
    if findings.is_empty():
        return 0
    # claim and line as one number, line 0 for the claim as a whole
    at = findings.select(place(pl.col(c.LINE).fill_null(0))).to_series().cast(pl.Int64).to_numpy()
    begins = np.flatnonzero(np.diff(at, prepend=-1))
    stakes = findings[STAKE_CENTS].fill_null(_UNPRICED).to_numpy()
    highest = np.maximum.reduceat(stakes, begins)
    highest[highest == _UNPRICED] = 0
    claim, line = at[begins] >> BITS, at[begins] & LINES - 1
    whole = np.where(line == 0, highest, 0)
    begins = np.flatnonzero(np.diff(claim, prepend=-1))
    return int(np.maximum(np.add.reduceat(whole, begins), np.add.reduceat(highest - whole, begins)).sum())
