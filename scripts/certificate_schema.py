"""Write the JSON Schema of certificates to docs/schemas/certificate.json; a test keeps it true."""

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]

TEXT = {"type": "string"}
MAYBE = {"type": ["string", "null"]}
COUNT = {"type": "integer", "minimum": 0}
SHA256 = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
MARK = {"type": "string", "pattern": "^[0-9a-f]{24}$"}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": sorted(properties), "properties": properties, "additionalProperties": False}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


def certificate_schema() -> dict[str, Any]:
    """The shape of what `cutis check FILE --certificate` writes."""
    file = {"name": TEXT, "sha256": SHA256, "text": TEXT}
    options = {
        "select": _list(TEXT), "ignore": _list(TEXT), "locality": MAYBE, "state": MAYBE, "payer": MAYBE, "as_of": MAYBE,
        "waivers_held_against": MAYBE,
    }  # fmt: skip
    counts = (
        "claims_read", "claims_refused", "clm_segments", "lines", "waived", "errors", "warnings", "infos",
    )  # fmt: skip
    marks = {"type": "object", "additionalProperties": _list(MARK)}
    whole = _object(
        {
            "schema": {"const": 1},
            "kind": {"const": "cutis-certificate"},
            "cutis": TEXT,
            "input": _object({"name": TEXT, "sha256": SHA256, "bytes": COUNT}),
            "options": _object(options),
            "config": _or_null(_object(file)),
            "rules": _list(_object(file)),
            "baseline": _or_null(_object({"name": TEXT, "sha256": SHA256, "known": COUNT})),
            "tables": _list(_object({"table": TEXT, "release": TEXT, "sha256": TEXT})),
            "rules_run": _list(TEXT),
            "rules_not_run": _list(_object({"rule": TEXT, "reason": TEXT})),
            "counts": _object(dict.fromkeys(counts, COUNT)),
            "result": _object({"sha256": SHA256, "findings": COUNT, "fingerprints": marks}),
        }
    )
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Cutis certificate", **whole}


if __name__ == "__main__":
    target = ROOT / "docs" / "schemas" / "certificate.json"
    target.write_text(json.dumps(certificate_schema(), indent=1) + "\n", encoding="utf-8")
