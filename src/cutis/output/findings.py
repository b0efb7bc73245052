"""Findings as other programs and people get them: the rule's fixed fields put beside each finding."""

from collections.abc import Iterable, Iterator
from typing import Any

import polars as pl

from cutis.engine.report import Report
from cutis.engine.worth import COST, EXPECTED, WHOLE, WORTH, Odds, weigh
from cutis.model import columns as c
from cutis.model.finding import EDITS, FINGERPRINT, ODDS, STAKE_CENTS, WAIVER, Exposure, FixKind, Verdict
from cutis.model.money import dollars


def fixed_fields(report: Report) -> dict[str, dict[str, Any]]:
    """By rule or fault: family, why, authority, carc, kind of fix and question."""
    fields: dict[str, dict[str, Any]] = {}
    for rule in report.rules.values():
        fields[rule.name] = {
            "family": rule.family,
            "why": rule.why,
            "authority": rule.authority,
            "carc": rule.carc,
            "evidence": rule.evidence.value,
            "fix_kind": rule.fix.value,
            "question": rule.question,
            "exposure": rule.exposure.value,
            "odds_source": _source(report, rule.name, rule.family),
        }
    for fault in report.faults.values():
        fields[fault.name] = {
            "family": fault.family,
            "why": fault.why,
            "authority": fault.authority,
            "carc": None,
            "evidence": "published",
            "fix_kind": (FixKind.NEEDS_CHART if fault.question else FixKind.NONE).value,
            "question": fault.question,
            "exposure": Exposure.DENIAL.value,
            "odds_source": _source(report, fault.name, fault.family),
        }
    return fields


def _source(report: Report, rule: str, family: str) -> str | None:
    odds = report.controls.worth.of(rule, family) or report.stated_odds.get(rule)
    return odds.source if odds else None


def as_dicts(report: Report, batches: Iterable[pl.DataFrame] | None = None) -> Iterator[dict[str, Any]]:
    """Each finding in the promised shape, in the order of the report.

    Args:
        report: that the findings are of.
        batches: those to give; None is `report.batches()`.
    """
    fields = fixed_fields(report)
    for batch in report.batches() if batches is None else batches:
        for row in weigh(batch, report.controls.worth, report.rules).iter_rows(named=True):
            yield _as_dict(row, fields[row["rule"]]) | _worth(row, fields[row["rule"]])


def waived_dicts(report: Report) -> Iterator[dict[str, Any]]:
    """Each waived finding in the same shape, with the waiver that covers it."""
    waivers = report.controls.waivers
    for batch in report.waived():
        for finding, number in zip(as_dicts(report, [batch]), batch[WAIVER], strict=True):
            yield finding | {"waiver": waivers[number].as_dict()}


def _worth(row: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    """What is known of the finding's worth; every amount with its inputs."""

    def amount(cents: int | None) -> str | None:
        return None if cents is None else dollars(cents)

    odds = row[ODDS]
    return {
        "exposure": fields["exposure"],
        "odds": None if odds is None else Odds(odds, "").text,
        "odds_source": None if odds is None else fields["odds_source"],
        "rework_cost": amount(row[COST]),
        "expected_value": amount(row[EXPECTED]),
        "worth": row[WORTH],
        "fingerprint": row[FINGERPRINT],
    }


def _as_dict(row: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    edits = row[EDITS]
    kind = FixKind.MECHANICAL.value if edits else fields["fix_kind"]
    cents = row[STAKE_CENTS]
    return {
        "rule": row["rule"],
        "family": fields["family"],
        "severity": row["severity"],
        "verdict": Verdict.FOUND.value,
        "claim": row[c.CLAIM_ID],
        "lines": row["lines"],
        "message": row["message"],
        "why": fields["why"],
        "authority": fields["authority"],
        "evidence": fields["evidence"],
        "release": row["release"],
        "carc": fields["carc"],
        "dollars": None if cents is None else dollars(cents),
        "fix": {
            "kind": kind,
            "text": row["fix_text"],
            "question": None if kind != FixKind.NEEDS_CHART.value else row["question"] or fields["question"],
            "edits": edits or [],
        },
        "segment": row["segment"],
        "loop": row["loop"],
        "element": row["element"],
        "x12_code": row["x12_code"],
    }


FLAT = (
    "claim", "lines", "severity", "rule", "family", "message", "dollars", "carc", "fix_kind", "fix", "question", "why",
    "authority", "release", "segment", "loop", "element", "x12_code", "exposure", "odds", "odds_source", "rework_cost",
    "expected_value", "worth",
)  # fmt: skip


def flat_batches(report: Report) -> Iterator[pl.DataFrame]:
    """Findings as flat frames of strings and numbers with the columns `FLAT`; dollars as decimal strings."""
    fields = fixed_fields(report)

    def fixed(name: str) -> pl.Expr:
        return (
            pl.col("rule").replace_strict({r: f[name] for r, f in fields.items()}, return_dtype=pl.String).alias(name)
        )

    mechanical = pl.col(EDITS).list.len().fill_null(0) > 0
    has_odds = pl.col(ODDS).is_not_null()
    for batch in report.batches():
        yield (
            weigh(batch, report.controls.worth, report.rules)
            .with_columns(
                *(fixed(n) for n in ("family", "why", "authority", "carc", "fix_kind", "exposure")),
                pl.when(has_odds).then(fixed("odds_source")).alias("odds_source"),
                _odds().alias("odds"),
                _amount(COST).alias("rework_cost"),
                _amount(EXPECTED).alias("expected_value"),
                pl.coalesce("question", fixed("question")).alias("question"),
                pl.col(c.CLAIM_ID).alias("claim"),
                pl.col("lines").list.eval(pl.element().cast(pl.String)).list.join(" "),
                _amount(STAKE_CENTS).alias("dollars"),
                pl.col("fix_text").alias("fix"),
            )
            .with_columns(pl.when(mechanical).then(pl.lit("mechanical")).otherwise("fix_kind").alias("fix_kind"))
            .select(FLAT)
        )


def _amount(column: str) -> pl.Expr:
    """Whole cents as a decimal string."""
    cents = pl.col(column).abs()
    whole, part = (cents // 100).cast(pl.String), (cents % 100).cast(pl.String).str.zfill(2)
    sign = pl.when(pl.col(column) < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    return pl.concat_str(sign, whole, pl.lit("."), part)


def _odds() -> pl.Expr:
    """Ten-thousandths as a decimal without trailing zeros; the few values that occur are written once each."""
    texts = {parts: Odds(parts, "").text for parts in range(WHOLE + 1)}
    return pl.col(ODDS).replace_strict(texts, default=None, return_dtype=pl.String)
