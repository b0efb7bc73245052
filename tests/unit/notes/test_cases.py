"""Every made-up note of cases.yaml gives the acts and the visit that it lists."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from cutis.coding.notes.acts import Act
from cutis.coding.notes.reader import read_facts

CASES = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text(encoding="utf-8"))


def plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return [plain(v) for v in value] if isinstance(value, tuple) else value


def seen(act: Act, names: Any) -> dict[str, Any]:
    return {"technique": act.technique} | {n: plain(act.get(n)) for n in names if n != "technique"}


@pytest.mark.parametrize("case", CASES, ids=lambda c: " ".join(c["note"].split()[:6]))
def test_acts_done(case: dict[str, Any]) -> None:
    done = read_facts(case["note"]).done
    names = [tuple(expected) for expected in case["done"]]
    assert [seen(a, n) for a, n in zip(done, names, strict=False)] == case["done"]
    assert len(done) == len(case["done"])


@pytest.mark.parametrize("case", [c for c in CASES if "not_done" in c], ids=lambda c: " ".join(c["note"].split()[:6]))
def test_acts_not_done(case: dict[str, Any]) -> None:
    assert [f"{a.status} {a.technique}" for a in read_facts(case["note"]).not_done] == case["not_done"]


@pytest.mark.parametrize("case", [c for c in CASES if "visit" in c], ids=lambda c: " ".join(c["note"].split()[:6]))
def test_visit(case: dict[str, Any]) -> None:
    visit = read_facts(case["note"]).visit
    held = {name: plain(fact.value) for name, fact in visit.facts.items()}
    held["present"] = visit.present
    held["problems"] = [f"{p.dx}: {p.status}" for p in visit.problems]
    held["earlier_days"] = visit.earlier["days"].value if visit.earlier else None
    assert {name: held.get(name) for name in case["visit"]} == case["visit"]


@pytest.mark.parametrize("case", CASES, ids=lambda c: " ".join(c["note"].split()[:6]))
def test_every_fact_lies_in_the_note(case: dict[str, Any]) -> None:
    note = case["note"]
    for act in read_facts(note).acts:
        for name, fact in act.facts.items():
            assert 0 <= fact.start < fact.end <= len(note), name
