"""The example of the ledger, run as a person would: its text is kept, and CSV and JSON tell the same."""

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cutis.cli.app import app

EXAMPLE = Path(__file__).parents[2] / "examples" / "audit"


def run(*options: str) -> str:
    result = CliRunner().invoke(
        app, ["audit", str(EXAMPLE / "claims.csv"), "--notes", str(EXAMPLE / "notes"), *options]
    )
    assert result.exit_code == 1, result.output
    return result.output


def test_text_is_the_kept_one() -> None:
    assert run() == (EXAMPLE / "expected.txt").read_text(encoding="utf-8")


def test_csv_and_json_tell_the_same() -> None:
    rows = list(csv.DictReader(io.StringIO(run("--format", "csv"))))
    data = json.loads(run("--format", "json"))
    found = [(c["claim"], d["kind"]) for c in data["claims"] for d in c["disagreements"]]
    assert [(r["claim"], r["kind"]) for r in rows if r["kind"] not in {"no-chart", "no-claim", "unclear"}] == found
    left = [(r["claim"], r["papers"], r["kind"]) for r in rows[len(found) :]]
    assert left == [("A2", "A2-2.txt", "unclear"), ("A12", "", "no-chart"), ("", "A13.txt", "no-claim")]
    assert {u["paper"] for u in data["unclear"]} == {"A2-2.txt"}


@pytest.mark.parametrize(
    "kind",
    [
        "billed-not-documented", "documented-not-billed", "technique-disagrees", "count-disagrees", "size-disagrees",
        "site-disagrees", "stages-disagree", "size-not-stated", "malignant-code-before-pathology", "pathology-disagrees",
        "specimen-without-report",
    ],
)  # fmt: skip
def test_each_kind_is_shown(kind: str) -> None:
    assert f"  {kind}  " in (EXAMPLE / "expected.txt").read_text(encoding="utf-8")
