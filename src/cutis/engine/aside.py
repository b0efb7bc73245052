"""What waivers and the baseline took out of a report, counted, so that nothing leaves it in silence."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from cutis.engine.baseline import BaselineUse
from cutis.engine.waive import WaiverUse, uses
from cutis.model import columns as c
from cutis.model.finding import FINGERPRINT, STAKE_CENTS, WAIVER, Severity

if TYPE_CHECKING:
    from cutis.engine.report import Report


@dataclass(frozen=True, slots=True)
class SetAside:
    """Counts of what is not among the findings shown.

    Attributes:
        waived: findings covered by a waiver in force.
        waived_cents: their dollars at stake.
        known: findings of the baseline that no waiver covers.
        known_cents: their dollars at stake.
        claims: claims with errors or warnings that are all waived or known; they are not counted as clear.
        waivers: each waiver with its state and what it covers.
        baseline: how the run compares with the baseline, where one was given.
    """

    waived: int
    waived_cents: int
    known: int
    known_cents: int
    claims: int
    waivers: tuple[WaiverUse, ...]
    baseline: BaselineUse | None


class _Tally:
    def __init__(self) -> None:
        self.waived = self.waived_cents = self.known_cents = self.claims = 0
        self.known: dict[str, int] = {}
        self.by_waiver: dict[int, int] = {}
        self.seen: set[str] = set()

    def add(self, batch: pl.DataFrame, report: "Report") -> None:
        waived, known = batch.filter(report.is_waived), batch.filter(report.is_known)
        self.waived += waived.height
        self.waived_cents += int(waived[STAKE_CENTS].sum())
        self.known_cents += int(known[STAKE_CENTS].sum())
        for rule, count in known.group_by("rule").agg(pl.len()).iter_rows():
            self.known[rule] = self.known.get(rule, 0) + count
        covered = batch.drop_nulls(WAIVER).group_by(WAIVER).agg(pl.len())
        for number, count in covered.iter_rows():
            self.by_waiver[number] = self.by_waiver.get(number, 0) + count
        serious = batch.filter(pl.col("severity") != Severity.INFO.value, pl.col(c.CLAIM_INDEX).is_not_null())
        shown = serious.filter(~report.is_waived, ~report.is_known)
        self.claims += serious[c.CLAIM_INDEX].n_unique() - shown[c.CLAIM_INDEX].n_unique()
        if report.controls.baseline:
            self.seen.update(batch[FINGERPRINT].drop_nulls())


def tally(report: "Report") -> SetAside:
    """Count what was set aside, in one pass over the findings."""
    counts = _Tally()
    if report.sets_aside:
        for batch in report.store.batches():
            counts.add(batch, report)
    controls = report.controls
    return SetAside(
        waived=counts.waived,
        waived_cents=counts.waived_cents,
        known=sum(counts.known.values()),
        known_cents=counts.known_cents,
        claims=counts.claims,
        waivers=tuple(uses(controls.waivers, counts.by_waiver, report.as_of)),
        baseline=_use(report, counts) if controls.baseline else None,
    )


def _use(report: "Report", counts: _Tally) -> BaselineUse:
    base = report.controls.baseline
    assert base is not None
    gone = {rule: n for rule, marks in base.known.items() if (n := len(marks - counts.seen))}
    return BaselineUse(base.name, base.sha256, dict(sorted(counts.known.items())), dict(sorted(gone.items())))
