"""Measured precision: of the lines where a rule finds something, how many payers denied or reduced, and with which reason."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from cutis.engine.options import Options
from cutis.engine.run import check_lines
from cutis.history.outcome import REASONS, Answer
from cutis.history.past import History
from cutis.model import columns as c
from cutis.model.errors import ConfigError
from cutis.reference.store import Reference

SCHEMA_NUMBER: Final = 1
KEY: Final = (c.CLAIM_INDEX, c.LINE)


@dataclass(frozen=True, slots=True)
class Measured:
    """What became of the lines that a rule finds.

    Attributes:
        rule: its name.
        found: lines found.
        answered: of these, those that a remittance answered; `denied + reduced + paid`.
        reasons: CARC and how many of the denied or reduced lines carried it, most frequent first.
    """

    rule: str
    found: int
    answered: int
    denied: int
    reduced: int
    paid: int
    reasons: tuple[tuple[str, int], ...] = ()

    @property
    def precision(self) -> float | None:
        """Share of the answered lines that were denied or reduced; None where none was answered."""
        return (self.denied + self.reduced) / self.answered if self.answered else None

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        share = self.precision
        return {
            "rule": self.rule, "found": self.found, "answered": self.answered, "denied": self.denied, "reduced": self.reduced,
            "paid": self.paid, "precision": None if share is None else round(share, 4), "reasons": [list(r) for r in self.reasons],
        }  # fmt: skip


def measure(history: History, reference: Reference, options: Options | None = None) -> list[Measured]:
    """Check the claims of a history again, and hold the findings against the answers.

    Args:
        history: claims and the remittances that answer them; it is read whole.
        reference: tables to judge by.
        options: rules to choose.

    Returns:
        Rules that found anything, in the order of their names. Each line counts once a rule.

    Raises:
        ConfigError: the history has no answer to any of its claims.
    """
    lines = pl.concat(list(history.lines()), how="diagonal")
    lines = lines.with_columns((pl.col(c.CLAIM_INDEX) - c.PAST_FROM).cast(pl.UInt32)).sort(*KEY)
    lines = lines.with_columns(
        pl.lit(None, dtype=pl.String).alias(c.ZIP)
    )  # a store does not keep it; prices need the column
    if lines[c.PAST_OUTCOME].null_count() == lines.height:
        raise ConfigError(
            "no line of the history is answered by a remittance of it; add the 835s that answer these claims"
        )
    answers = lines.select(*KEY, c.PAST_OUTCOME, REASONS)
    report = check_lines(
        lines.select(n for n in lines.columns if n in c.LINE_SCHEMA or n in c.CHART_SCHEMA),
        options or Options(),
        reference,
    )
    named = report.findings.select(
        "rule", c.CLAIM_INDEX, pl.coalesce(c.LINE, pl.col("lines").list.first()).alias(c.LINE)
    ).unique()
    joined = named.join(answers, on=KEY, how="inner")
    return [_of(rule, rows) for (rule,), rows in sorted(joined.partition_by("rule", as_dict=True).items())]


def _of(rule: object, rows: pl.DataFrame) -> Measured:
    count = dict(rows[c.PAST_OUTCOME].drop_nulls().value_counts().iter_rows())
    bad = rows.filter(pl.col(c.PAST_OUTCOME).is_in([Answer.DENIED.value, Answer.REDUCED.value]))
    reasons = bad.select(pl.col(REASONS).explode()).drop_nulls().group_by(REASONS).agg(pl.len().alias("n"))
    ordered = tuple(reasons.sort("n", REASONS, descending=[True, False]).rows())
    denied, reduced, paid = (count.get(a.value, 0) for a in (Answer.DENIED, Answer.REDUCED, Answer.PAID))
    return Measured(str(rule), rows.height, denied + reduced + paid, denied, reduced, paid, ordered)


def write(measured: list[Measured], history: History) -> dict[str, Any]:
    """As plain values; `cutis check --stats` reads them again."""
    return {
        "schema": SCHEMA_NUMBER, "history": history.described, "sha256": history.sha256,
        "first": history.first.isoformat() if history.first else None, "last": history.last.isoformat() if history.last else None,
        "rules": [m.as_dict() for m in measured],
    }  # fmt: skip


def read(file: Path) -> Mapping[str, Measured]:
    """Measured precision by rule, from what `cutis rules --stats --format json` wrote.

    Raises:
        ConfigError: the file is missing or something else.
    """
    try:
        given = json.loads(file.read_text(encoding="utf-8"))
        rows = {SCHEMA_NUMBER: given["rules"]}[given["schema"]]
        found = [
            Measured(
                str(r["rule"]), int(r["found"]), int(r["answered"]), int(r["denied"]), int(r["reduced"]), int(r["paid"])
            )
            for r in rows
        ]
    except FileNotFoundError:
        raise ConfigError(f"there is no file {file}; `cutis rules --stats DB --format json` writes it") from None
    except (OSError, ValueError, TypeError, KeyError):
        raise ConfigError(f"{file.name} is not what `cutis rules --stats DB --format json` writes") from None
    wrong = [
        m.rule for m in found if min(m.denied, m.reduced, m.paid) < 0 or m.answered != m.denied + m.reduced + m.paid
    ]
    if wrong:
        raise ConfigError(f"{file.name}: the counts of {', '.join(wrong)} do not add up")
    return {m.rule: m for m in found}
