"""Write the published JSON Schemas: `python scripts/build_schemas.py`; a test keeps them in step with the models."""

import json
from pathlib import Path
from typing import Any

from cutis.coding.encounter import SCHEMA_VERSION, Encounter

FOLDER = Path(__file__).parents[1] / "docs" / "schemas"


def encounter_schema() -> dict[str, Any]:
    """The JSON Schema of an encounter, keys by their first name."""
    schema = Encounter.model_json_schema(by_alias=False)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"encounter-{SCHEMA_VERSION}",
        **schema,
    }


def text(schema: dict[str, Any]) -> str:
    """A schema as it is published."""
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "encounter.json").write_text(text(encounter_schema()), encoding="utf-8")
    print(f"wrote {FOLDER / 'encounter.json'}")
