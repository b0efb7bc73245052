"""The result of a check: a summary, findings in the order of the claims, what was not checked, and problems."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import polars as pl

from cutis.engine.store import FindingStore
from cutis.model import columns as c
from cutis.model.finding import FINDING_SCHEMA, STAKE_CENTS, NotChecked, Problem, Severity
from cutis.parse.faults import Counts, FaultKind
from cutis.rulekit.rule import Rule

SCHEMA_NUMBER = 1


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
class Summary:
    """Counts of a run; money in cents.

    `claims_read + claims_refused` equals the CLM segments of the input. `dollars_at_risk_cents` counts each line once,
    however many findings name it; `by_rule` counts each finding.
    """

    claims_read: int
    claims_refused: int
    clm_segments: int
    lines: int
    claims_with_findings: int
    claims_clear: int
    errors: int
    warnings: int
    infos: int
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
    _: None = field(default=None, repr=False)

    def batches(self) -> Iterator[pl.DataFrame]:
        """Findings in `FINDING_SCHEMA`, in the order of claims and lines."""
        return self.store.batches()

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
        tally = _Tally()
        for batch in self.batches():
            tally.add(batch)
        return Summary(
            claims_read=self.counts.claims_read,
            claims_refused=self.counts.claims_refused,
            clm_segments=self.counts.clm_segments,
            lines=self.counts.lines,
            claims_with_findings=tally.claims,
            claims_clear=max(0, self.counts.claims_read - tally.read_claims),
            errors=tally.severity.get(Severity.ERROR, 0),
            warnings=tally.severity.get(Severity.WARNING, 0),
            infos=tally.severity.get(Severity.INFO, 0),
            dollars_at_risk_cents=tally.at_risk,
            findings_not_priced=tally.not_priced,
            by_rule=tuple(sorted(((n, k, s) for n, (k, s) in tally.rules.items()), key=lambda r: (-r[2], -r[1], r[0]))),
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
        for rule, count, stake in (
            batch.group_by("rule").agg(pl.len(), pl.col(STAKE_CENTS).sum()).sort("rule").iter_rows()
        ):
            before = self.rules.get(rule, (0, 0))
            self.rules[rule] = (before[0] + count, before[1] + stake)
        for severity, count in batch.group_by("severity").agg(pl.len()).iter_rows():
            self.severity[severity] = self.severity.get(severity, 0) + count
        serious = batch.filter(pl.col("severity") != Severity.INFO.value, pl.col(c.CLAIM_INDEX).is_not_null())
        self.claims += serious[c.CLAIM_INDEX].n_unique()
        refused = serious.filter(pl.col("rule") == "claim-refused")[c.CLAIM_INDEX].n_unique()
        self.read_claims += serious[c.CLAIM_INDEX].n_unique() - refused
        self.not_priced += int(serious[STAKE_CENTS].null_count())
        self.at_risk += _at_risk(serious)


def _at_risk(findings: pl.DataFrame) -> int:
    """Each line once at its highest stake; a finding about the whole claim covers its lines."""
    per_line = findings.group_by(c.CLAIM_INDEX, c.LINE).agg(pl.col(STAKE_CENTS).max().fill_null(0))
    whole = pl.col(STAKE_CENTS).filter(pl.col(c.LINE).is_null()).sum()
    lines = pl.col(STAKE_CENTS).filter(pl.col(c.LINE).is_not_null()).sum()
    per_claim = per_line.group_by(c.CLAIM_INDEX).agg(pl.max_horizontal(whole, lines).alias("stake"))
    return int(per_claim["stake"].sum() or 0)
