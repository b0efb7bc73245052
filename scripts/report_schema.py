"""Write the JSON Schema of the report to docs/schemas/report.json; a test keeps it true."""

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]

TEXT = {"type": "string"}
WORTH = ("must be put right", "worth fixing", "not stated", "not worth fixing")
COUNT = {"type": "integer", "minimum": 0}
DOLLARS = {"type": "string", "pattern": r"^-?\d+\.\d{2}$"}


def _nullable(kind: str) -> dict[str, Any]:
    return {"type": [kind, "null"]}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": sorted(properties),
        "properties": properties,
        "additionalProperties": False,
    }


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _summary() -> dict[str, Any]:
    counts = (
        "claims_read", "claims_refused", "clm_segments", "lines", "claims_clear", "claims_with_findings", "errors",
        "warnings", "infos", "waived", "known", "claims_set_aside", "findings_not_priced", "rules_run", "rules_not_checked",
    )  # fmt: skip
    return _object(
        {
            **dict.fromkeys(counts, COUNT),
            "dollars_at_risk": DOLLARS,
            "first_service": _nullable("string"),
            "last_service": _nullable("string"),
            "locality": TEXT,
            "by_rule": _list(_object({"rule": TEXT, "findings": COUNT, "dollars": DOLLARS})),
        }
    )


def _finding() -> dict[str, Any]:
    edit = _object({"segment": COUNT, "element": COUNT, "component": COUNT, "old": TEXT, "new": TEXT})
    fix = _object(
        {
            "kind": {"enum": ["mechanical", "needs-chart", "none"]},
            "text": TEXT,
            "question": _nullable("string"),
            "edits": _list(edit),
        }
    )
    return _object(
        {
            **dict.fromkeys(("rule", "family", "message", "why", "authority", "release"), TEXT),
            **dict.fromkeys(("claim", "carc", "loop", "element", "x12_code"), _nullable("string")),
            "severity": {"enum": ["error", "warning", "info"]},
            "verdict": {"const": "found"},
            "evidence": {"enum": ["cms-file", "cms-manual", "published", "recalled"]},
            "lines": _list({"type": "integer", "minimum": 1}),
            "dollars": {"anyOf": [DOLLARS, {"type": "null"}]},
            "fix": fix,
            "segment": _nullable("integer"),
            "exposure": {"enum": ["denial", "overpayment"]},
            **dict.fromkeys(("odds", "odds_source", "fingerprint"), _nullable("string")),
            "rework_cost": {"anyOf": [DOLLARS, {"type": "null"}]},
            "expected_value": {"anyOf": [DOLLARS, {"type": "null"}]},
            "worth": {"enum": list(WORTH)},
        }
    )


def _waiver() -> dict[str, Any]:
    words = _list(TEXT)
    scope = {
        "type": "object",
        "properties": dict.fromkeys(("claim", "code", "payer", "provider", "place"), words),
        "additionalProperties": False,
    }
    return {"rule": TEXT, "scope": scope, "reason": TEXT, "author": TEXT, "expires": TEXT}


def _controls() -> dict[str, Any]:
    """The keys that a practice's configuration fills."""
    use = _waiver() | {"status": {"enum": ["in force", "expired", "no date"]}, "findings": COUNT}
    counts = {"type": "object", "additionalProperties": COUNT}
    baseline = {
        "name": TEXT,
        "sha256": TEXT,
        "known": COUNT,
        "gone": COUNT,
        "known_by_rule": counts,
        "gone_by_rule": counts,
    }
    worth = {
        "counts": _object(dict.fromkeys(WORTH, COUNT)),
        **dict.fromkeys(("expected_value", "not_worth_dollars", "must_dollars", "not_stated_dollars"), DOLLARS),
        "rework_cost": {"type": "object", "additionalProperties": DOLLARS},
        "rework_source": _nullable("string"),
    }
    waived = _finding()
    waived["properties"]["waiver"] = _object(_waiver())
    return {
        "as_of": _nullable("string"),
        "config": {"anyOf": [_object({"name": TEXT, "sha256": TEXT}), {"type": "null"}]},
        "waived": _list(waived),
        "waivers": _list(_object(use)),
        "baseline": {"anyOf": [_object(baseline), {"type": "null"}]},
        "worth": _object(worth),
    }


def report_schema() -> dict[str, Any]:
    """The shape of `cutis check FILE --format json`."""
    release = {"table": TEXT, "release": TEXT, "sha256": TEXT}
    release |= dict.fromkeys(("effective_from", "effective_to", "stale"), _nullable("string"))
    silent = {"rule": TEXT, "reason": TEXT, "lines": COUNT, "claims": COUNT, "example": _nullable("string")}
    whole = _object(
        {
            "schema": {"const": 1},
            "cutis": TEXT,
            "source": TEXT,
            "summary": _summary(),
            "findings": _list(_finding()),
            "not_checked": _list(_object(silent)),
            "problems": _list(_object({"rule": TEXT, "message": TEXT})),
            "releases": _list(_object(release)),
            **_controls(),
        }
    )
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Cutis report", **whole}


if __name__ == "__main__":
    target = ROOT / "docs" / "schemas" / "report.json"
    target.write_text(json.dumps(report_schema(), indent=1) + "\n", encoding="utf-8")
