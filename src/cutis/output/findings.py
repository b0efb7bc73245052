"""Findings as other programs and people get them: the rule's fixed fields put beside each finding."""

from collections.abc import Iterator
from typing import Any

import polars as pl

from cutis.engine.report import Report
from cutis.model import columns as c
from cutis.model.finding import EDITS, STAKE_CENTS, FixKind, Verdict
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
        }
    for fault in report.faults.values():
        fields[fault.name] = {
            "family": fault.family,
            "why": fault.why,
            "authority": fault.authority,
            "carc": None,
            "evidence": "published",
            "fix_kind": FixKind.NEEDS_CHART.value,
            "question": "What should stand there?",
        }
    return fields


def as_dicts(report: Report) -> Iterator[dict[str, Any]]:
    """Each finding in the promised shape, in the order of claims and lines."""
    fields = fixed_fields(report)
    for batch in report.batches():
        for row in batch.iter_rows(named=True):
            yield _as_dict(row, fields[row["rule"]])


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
    "authority", "release", "segment", "loop", "element", "x12_code",
)  # fmt: skip


def flat_batches(report: Report) -> Iterator[pl.DataFrame]:
    """Findings as flat frames of strings and numbers with the columns `FLAT`; dollars as decimal strings."""
    fields = fixed_fields(report)

    def fixed(name: str) -> pl.Expr:
        return (
            pl.col("rule").replace_strict({r: f[name] for r, f in fields.items()}, return_dtype=pl.String).alias(name)
        )

    cents = pl.col(STAKE_CENTS)
    whole, part = (cents // 100).cast(pl.String), (cents % 100).cast(pl.String).str.zfill(2)
    mechanical = pl.col(EDITS).list.len().fill_null(0) > 0
    for batch in report.batches():
        yield (
            batch.with_columns(
                *(fixed(n) for n in ("family", "why", "authority", "carc", "fix_kind")),
                pl.coalesce("question", fixed("question")).alias("question"),
                pl.col(c.CLAIM_ID).alias("claim"),
                pl.col("lines").list.eval(pl.element().cast(pl.String)).list.join(" "),
                pl.concat_str(whole, part, separator=".").alias("dollars"),
                pl.col("fix_text").alias("fix"),
            )
            .with_columns(pl.when(mechanical).then(pl.lit("mechanical")).otherwise("fix_kind").alias("fix_kind"))
            .select(FLAT)
        )
