"""Whole claims, as scrubbers are asked about them: every error and warning that they must give, and no other."""

import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from cutis.engine.options import Options
from cutis.engine.run import check_lines
from cutis.model import columns as c
from cutis.model.shorthand import parse_line
from cutis.reference.store import Reference

ROOT = Path(__file__).parents[2]
QUESTIONS: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "questions.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def score() -> Any:
    sys.path.insert(0, str(ROOT / "scripts"))
    import score

    return score


def _case(number: int, question: dict[str, Any]) -> dict[str, Any]:
    lines = []
    for text in question["lines"]:
        values = parse_line(text)
        lines.append(
            {
                "code": values[c.CODE],
                "units": values.get(c.UNITS, 1),
                "modifiers": [values[m] for m in c.MODIFIERS if values.get(m)],
                "dx": [values[d] for d in c.DIAGNOSES if values.get(d)],
                "pos": values.get(c.PLACE_OF_SERVICE, "11"),
            }
        )
    return {
        "id": f"Q{number}", "payer": question["payer"], "claim_lines": lines, "context": question.get("context", {}),
    }  # fmt: skip


def test_every_question_has_its_findings_and_no_other(score: Any, ref: Reference) -> None:
    rows = [row for n, q in enumerate(QUESTIONS) for row in score.as_lines(_case(n, q), n)]
    schema = c.LINE_SCHEMA | c.CHART_SCHEMA
    report = check_lines(pl.DataFrame([{k: r.get(k) for k in schema} for r in rows], schema=schema), Options(), ref)
    assert report.problems == []
    found: dict[int, dict[str, set[int]]] = {}
    for f in report.findings.filter(pl.col("severity") != "info").to_dicts():
        found.setdefault(f[c.CLAIM_INDEX], {}).setdefault(f["rule"], set()).update(f["lines"])
    wrong = [
        f"{q['lines']} {q.get('context', '')}: expected {q['finds']}, found {got}"
        for n, q in enumerate(QUESTIONS)
        if (got := {r: sorted(v) for r, v in sorted(found.get(n, {}).items())}) != q["finds"]
    ]
    assert wrong == []


def test_the_questions_are_many_and_of_both_kinds() -> None:
    assert sum(not q["finds"] for q in QUESTIONS) >= 80
    assert sum(bool(q["finds"]) for q in QUESTIONS) >= 150
