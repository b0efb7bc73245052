"""Severity falls where payers pay anyway: findings of rules whose measured precision is low, a step down and saying so."""

from typing import Final

import polars as pl

from cutis.model.finding import Severity

LEAST: Final = 30
"""Answered lines below which a rule's measured precision is not acted on."""
SHARE: Final = 0.10
"""Share of them denied or reduced, up to which the severity falls by a step."""

_BELOW: Final = {Severity.ERROR.value: Severity.WARNING.value, Severity.WARNING.value: Severity.INFO.value}


def is_low(answered: int, paid: int) -> bool:
    """Whether a rule's findings fall by a step: enough lines answered, and nearly all of them paid in full."""
    return answered >= LEAST and (answered - paid) <= SHARE * answered


def lower(findings: pl.DataFrame, measured: dict[str, tuple[int, int]]) -> pl.DataFrame:
    """Findings with the severity of low rules a step down and the reason in the message.

    Args:
        findings: with `rule`, `severity` and `message`.
        measured: lines answered and lines paid in full, by rule.
    """
    low = {r: n for r, n in measured.items() if is_low(*n)}
    if not low or findings.is_empty():
        return findings
    said = {
        r: f" (Lowered by a step: of {a:,} such lines that payers answered, {p:,} were paid in full.)"
        for r, (a, p) in low.items()
    }
    falls = pl.col("rule").is_in(list(low)) & pl.col("severity").is_in(list(_BELOW))
    words = pl.col("rule").replace_strict(said, default="", return_dtype=pl.String)
    return findings.with_columns(
        pl.when(falls).then(pl.col("severity").replace(_BELOW)).otherwise("severity").alias("severity"),
        pl.when(falls).then(pl.col("message") + words).otherwise("message").alias("message"),
    )
