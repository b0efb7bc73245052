"""Findings find their lines by number, and come out in order."""

import random

import polars as pl
import pytest

from cutis.engine import rows
from cutis.engine.rows import LineRows, by_rule
from cutis.engine.store import FindingStore
from cutis.model import columns as c
from cutis.model.finding import FINDING_ORDER, FINDING_SCHEMA


def _numbered(pairs: list[tuple[int | None, int | None]]) -> pl.DataFrame:
    schema = {c.CLAIM_INDEX: pl.UInt32, c.LINE: pl.UInt16}
    return pl.DataFrame(pairs, schema=schema, orient="row")


@pytest.mark.parametrize("sparse", [16, 0])
def test_rows_of_lines_and_claims(monkeypatch: pytest.MonkeyPatch, sparse: int) -> None:
    monkeypatch.setattr(rows, "_SPARSE", sparse)
    # claim 7 has lost its second line, claim 9 stands in two places, claim 8 does not exist
    lines = _numbered([(9, 2), (5, 1), (5, 2), (7, 1), (7, 3), (9, 1)])
    asked = _numbered([(5, 2), (7, 3), (9, 1), (7, 2), (9, None), (8, 1), (4, 1), (4_000_000_000, 1), (None, None)])
    where = LineRows.of(lines)
    assert where.lines(asked).to_list() == [2, 4, 5, None, None, None, None, None, None]
    assert where.claims(asked).to_list() == [1, 3, 5, 3, 5, None, None, None, None]
    assert where.sums(pl.Series([1, 2, 4, None, 8, 16])).to_list() == [None, 6, None, 8, None, 17]


def test_a_value_by_rule() -> None:
    rules = pl.Series("rule", ["b", "b", "a", "c", "b"])
    assert by_rule(rules, {"a": 1, "b": 2}, pl.Int32()).to_list() == [2, 2, 1, None, 2]
    assert by_rule(rules, {"a": 1}, pl.Int32(), 0).to_list() == [0, 0, 1, 0, 0]
    assert by_rule(rules, {}, pl.Int32(), 3).to_list() == [3] * 5
    assert by_rule(rules.clear(), {"a": 1}, pl.Int32()).to_list() == []


@pytest.mark.parametrize("ranks", [1 << 14, 2])
def test_findings_come_in_their_order(monkeypatch: pytest.MonkeyPatch, ranks: int) -> None:
    monkeypatch.setattr("cutis.engine.store._RANKS", ranks)
    chance = random.Random(3)
    made = [
        {
            "rule": chance.choice(["b", "a", "d", "c"]),
            c.CLAIM_INDEX: chance.choice([None, 0, 1, 4_000_000_000]),
            c.LINE: chance.choice([None, 1, 2, 999]),
            "segment": chance.choice([None, 3, 4]),
            "message": chance.choice(["x", "y"]),
            "fix_text": str(number),
        }
        for number in range(400)
    ]
    findings = pl.DataFrame(made, schema_overrides={n: t for n, t in FINDING_SCHEMA.items() if n in made[0]})
    findings = findings.select(
        (pl.col(n) if n in made[0] else pl.lit(None)).cast(t).alias(n) for n, t in FINDING_SCHEMA.items()
    )
    store = FindingStore()
    store.add(findings)
    (batch,) = store.batches()
    assert batch.equals(findings.sort(FINDING_ORDER, nulls_last=False, maintain_order=True))
    assert batch.schema == FINDING_SCHEMA
