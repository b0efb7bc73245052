"""The published schema of the ledger is the built one, and what the ledger writes keeps to it."""

import json
import sys
from pathlib import Path

import jsonschema
import pytest
from typer.testing import CliRunner

from cutis.cli.app import app
from cutis.coding.ledger.audit import audit_file

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "docs" / "schemas" / "audit.json"


@pytest.fixture(scope="module")
def validator() -> jsonschema.protocols.Validator:
    found = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(found)
    return jsonschema.Draft202012Validator(found)


def test_what_is_published_is_what_is_built() -> None:
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        from audit_schema import text
    finally:
        sys.path.pop(0)
    assert SCHEMA.read_text(encoding="utf-8") == text()


def test_the_example_keeps_to_it(validator: jsonschema.protocols.Validator) -> None:
    example = ROOT / "examples" / "audit"
    command = ["audit", str(example / "claims.csv"), "--notes", str(example / "notes"), "--format", "json"]
    data = json.loads(CliRunner().invoke(app, command).output)
    validator.validate(data)
    told = data["summary"]
    assert told["disagreements"] == sum(k["number"] for k in told["by_kind"])
    for way in ("documented_not_billed", "billed_not_documented"):
        cents = sum(round(float(k[way]) * 100) for k in told["by_kind"])
        assert cents == round(float(told[way]) * 100)


def test_every_leftover_keeps_to_it(validator: jsonschema.protocols.Validator, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    (tmp_path / "claims.csv").write_text(
        "claim_id,patient_id,date,code,units\nC1,P1,2026-03-02,17000,1\nC2,P2,2026-03-02,Z9999,1\n"
    )
    for name, text in {
        "C1.txt": "DOS: 03/09/2026\n",
        "x.json": '{"procedures": []}',
        "e.txt": "",
        "C2.txt": "Seen.",
    }.items():
        (notes / name).write_text(text)
    data = audit_file(tmp_path / "claims.csv", notes).as_dict()
    validator.validate(data)
    assert [len(data[k]) for k in ("claims", "unclear", "without_claim", "unread", "without_chart")] == [1, 1, 1, 1, 1]
