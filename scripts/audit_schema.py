"""Write the JSON Schema of `cutis audit --format json` to docs/schemas/audit.json; a test keeps it true."""

import json
from pathlib import Path
from typing import Any

from cutis.coding.ledger.audit import SCHEMA
from cutis.coding.ledger.entries import Kind, Money
from cutis.coding.ledger.pairing import BY_CLAIM, BY_NAME, BY_PATIENT

FILE = Path(__file__).resolve().parents[1] / "docs" / "schemas" / "audit.json"
TEXT = {"type": "string"}
TEXTS = {"type": "array", "items": TEXT}
COUNT = {"type": "integer", "minimum": 0}
DOLLARS = {"type": "string", "pattern": r"^\d+\.\d{2}$"}
PAPER = {"enum": ["note", "report", "log", "encounter"]}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": sorted(properties), "properties": properties, "additionalProperties": False}


def _list(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": _object(properties)}


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


def _summary() -> dict[str, Any]:
    counts = (
        "claims_read", "claims_refused", "claims", "claims_without_chart", "papers", "papers_matched", "papers_unclear",
        "papers_without_claim", "files_unread", "disagreements",
    )  # fmt: skip
    both = {"documented_not_billed": DOLLARS, "billed_not_documented": DOLLARS}
    return _object(
        {
            **dict.fromkeys(counts, COUNT),
            "papers_by_kind": {"type": "object", "propertyNames": PAPER, "additionalProperties": COUNT},
            **both,
            "further_lines_in_question": {**DOLLARS, "description": "Allowed in all; each line once."},
            "by_kind": _list({"kind": {"enum": [k.value for k in Kind]}, "number": COUNT, **both}),
        }
    )


def _claim() -> dict[str, Any]:
    disagreement = {
        "kind": {"enum": [k.value for k in Kind]},
        "claim": TEXT,
        "line": {**_or_null(COUNT), "description": "1-based; null where it is about something not billed."},
        "code": _or_null(TEXT),
        "message": TEXT,
        "ask": TEXT,
        "dollars": {**_or_null(DOLLARS), "description": "Medicare allowable; null where code or price is not certain."},
        "money": _or_null({"enum": [m.value for m in Money]}),
        "evidence": _list({"source": TEXT, "quote": TEXT, "start": COUNT, "end": COUNT}),
    }
    item = {"ask": TEXT, "found": {"type": ["boolean", "null"]}, "quote": _or_null(TEXT)}
    line = {"line": COUNT, "code": TEXT}
    return {
        "claim": TEXT,
        "days": {"type": "array", "items": {"type": "string", "format": "date"}},
        "papers": _list({"name": TEXT, "matched_by": {"enum": [BY_CLAIM, BY_PATIENT, BY_NAME]}}),
        "remarks": TEXTS,
        "disagreements": _list(disagreement),
        "checklist": _list({**line, "items": _list(item)}),
        "not_checked": _list(line),
    }


def audit_schema() -> dict[str, Any]:
    ask = {"ask": TEXT, "lines": COUNT, "without": COUNT, "missing": TEXTS}
    whole = {
        "schema": {"const": SCHEMA},
        "summary": _summary(),
        "claims": _list(_claim()),
        "families": _list({"family": TEXT, "codes": TEXTS, "lines": COUNT, "asks": _list(ask)}),
        "without_chart": TEXTS,
        "without_claim": _list({"paper": TEXT, "kind": PAPER, "why": TEXT}),
        "unclear": _list({"paper": TEXT, "claims": TEXTS, "message": TEXT, "ask": TEXT}),
        "unread": _list({"name": TEXT, "why": TEXT}),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"audit-{SCHEMA}",
        "title": "Claims against charts",
        **_object(whole),
    }


def text() -> str:
    return json.dumps(audit_schema(), indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
