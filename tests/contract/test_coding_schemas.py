"""The published schemas of the coder are those of its model, and every case keeps to them."""

import json
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from cutis.coding.coder import code_encounter
from cutis.coding.encounter import Encounter, Procedure
from cutis.reference.store import Reference
from tests.unit.coding.test_cases import given

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "docs" / "schemas"
CASES = [
    case
    for path in sorted((ROOT / "tests" / "unit" / "coding" / "cases").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


def schema(name: str) -> jsonschema.protocols.Validator:
    found = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(found)
    return jsonschema.Draft202012Validator(found)


@pytest.mark.parametrize("name", ["encounter.json", "coding.json"])
def test_what_is_published_is_what_the_model_says(name: str) -> None:
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        from build_schemas import BUILT, text
    finally:
        sys.path.pop(0)
    assert (SCHEMAS / name).read_text(encoding="utf-8") == text(BUILT[name]())


def test_every_answer_keeps_to_its_schema() -> None:
    validator, reference = schema("coding.json"), Reference.default()
    for case in CASES:
        answer = code_encounter(Encounter.read(given(case)), reference, assume=case.get("assume", False)).as_dict()
        assert [e.message for e in validator.iter_errors(json.loads(json.dumps(answer)))] == [], case["case"]


def test_every_encounter_as_the_model_writes_it_keeps_to_its_schema() -> None:
    validator = schema("encounter.json")
    for case in CASES:
        plain = Encounter.read(given(case)).model_dump(mode="json", exclude_none=True)
        assert [e.message for e in validator.iter_errors(plain)] == [], case["case"]
        assert Encounter.read(plain) == Encounter.read(given(case)), case["case"]


def test_the_schema_has_teeth() -> None:
    validator = schema("encounter.json")
    bad: list[Any] = [{"procedures": 3}, {"procedures": [{"count": {"a": 1}}]}, {"date": 5}, {"em": "yes"}]
    assert [x for x in bad if validator.is_valid(x)] == []
    assert set(Procedure.model_fields) == set(
        json.loads((SCHEMAS / "encounter.json").read_text())["$defs"]["Procedure"]["properties"]
    )


def test_the_example_keeps_to_the_schema() -> None:
    example = json.loads((ROOT / "examples" / "encounter.json").read_text(encoding="utf-8"))
    assert schema("encounter.json").is_valid(example)
    assert Encounter.read(example).unread == []
