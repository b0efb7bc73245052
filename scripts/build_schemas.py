"""Write the published JSON Schemas of the coder: `python scripts/build_schemas.py`; a test keeps them in step."""

import json
from pathlib import Path
from typing import Any

from cutis.coding.encounter import SCHEMA_VERSION, Encounter
from cutis.coding.result import SCHEMA

FOLDER = Path(__file__).parents[1] / "docs" / "schemas"
DRAFT = "https://json-schema.org/draft/2020-12/schema"
TEXT = {"type": "string"}
TEXTS = {"type": "array", "items": TEXT}


def encounter_schema() -> dict[str, Any]:
    """The JSON Schema of an encounter, keys by their first name."""
    schema = Encounter.model_json_schema(by_alias=False)
    return {"$schema": DRAFT, "$id": f"encounter-{SCHEMA_VERSION}", **schema}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": sorted(properties), "properties": properties, "additionalProperties": False}


def _list(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": _object(properties)}


def coding_schema() -> dict[str, Any]:
    """The JSON Schema of an answer: `cutis code ENCOUNTER --format json`."""
    span = {
        "description": "First character of the fact in the note and the one after its last; null where it is from no note.",
        "anyOf": [
            {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 2, "maxItems": 2},
            {"type": "null"},
        ],
    }
    reason = {
        "step": {**TEXT, "description": "What was decided, in a sentence."},
        "rule": {**TEXT, "description": "Short name of the rule."},
        "authority": {**TEXT, "description": "Key of the citation list (src/cutis/coding/tables/authorities.yaml)."},
        "fact": {**TEXT, "description": "The fact of the encounter that it rests on, or an empty text."},
        "span": span,
    }
    runner_up = {"anyOf": [_object({"code": TEXT, "if_fact": TEXT}), {"type": "null"}]}
    line = {
        "code": {"type": "string", "pattern": "^[0-9A-Z][0-9]{3}[0-9A-Z]$"},
        "units": {"type": "integer", "minimum": 1},
        "modifiers": {"type": "array", "items": {"type": "string", "pattern": "^[0-9A-Z]{2}$"}},
        "dx": {"type": "array", "items": {"type": "string", "pattern": r"^[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?$"}},
        "reasons": {**_list(reason), "minItems": 1},
        "runner_up": {
            **runner_up,
            "description": "The code that would come next, and the fact that would make it the answer.",
        },
    }
    answer = _object(
        {
            "schema": {"const": SCHEMA},
            "lines": {
                **_list(line),
                "description": "In the order to bill: by relative value, add-ons after their code.",
            },
            "questions": {
                **_list({"fact": TEXT, "question": TEXT, "why": TEXT}),
                "description": "Facts that are missing.",
            },
            "assumed": {**TEXTS, "description": "With --assume, what was taken for granted."},
            "not_billed": _list({"what": TEXT, "why": TEXT, "authority": TEXT}),
            "warnings": {**TEXTS, "description": "True answers that a payer may still refuse."},
            "releases": {**TEXTS, "description": "Tables that the answer rests on."},
        }
    )
    return {"$schema": DRAFT, "$id": f"coding-{SCHEMA}", "title": "Coding", **answer}


def text(schema: dict[str, Any]) -> str:
    """A schema as it is published."""
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


BUILT = {"encounter.json": encounter_schema, "coding.json": coding_schema}

if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, build in BUILT.items():
        (FOLDER / name).write_text(text(build()), encoding="utf-8")
        print(f"wrote {FOLDER / name}")
