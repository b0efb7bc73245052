"""The report as JSON, written finding by finding, so that a report of millions needs no memory."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, TextIO

from cutis.engine.report import SCHEMA_NUMBER, Report, Summary
from cutis.model.money import dollars
from cutis.model.version import VERSION
from cutis.output import controls
from cutis.output.findings import as_dicts, waived_dicts


def summary_dict(summary: Summary) -> dict[str, Any]:
    """The summary with decimal strings for dollars."""
    return {
        "claims_read": summary.claims_read,
        "claims_refused": summary.claims_refused,
        "clm_segments": summary.clm_segments,
        "lines": summary.lines,
        "claims_clear": summary.claims_clear,
        "claims_set_aside": summary.claims_set_aside,
        "claims_with_findings": summary.claims_with_findings,
        "errors": summary.errors,
        "warnings": summary.warnings,
        "infos": summary.infos,
        "waived": summary.waived,
        "known": summary.known,
        "dollars_at_risk": dollars(summary.dollars_at_risk_cents),
        "findings_not_priced": summary.findings_not_priced,
        "rules_run": summary.rules_run,
        "rules_not_checked": summary.rules_not_checked,
        "first_service": summary.first_service.isoformat() if summary.first_service else None,
        "last_service": summary.last_service.isoformat() if summary.last_service else None,
        "locality": summary.locality,
        "by_rule": [{"rule": n, "findings": k, "dollars": dollars(s)} for n, k, s in summary.by_rule],
    }


def write(report: Report, out: TextIO) -> None:
    """Write the whole report; the same report gives the same bytes."""
    head = {
        "schema": SCHEMA_NUMBER,
        "cutis": VERSION,
        "source": report.source.rsplit("/", 1)[-1],
        "summary": summary_dict(report.summary),
    }
    out.write(json.dumps(head, ensure_ascii=False, indent=1)[:-2])
    _list("findings", as_dicts(report), out)
    _list("waived", waived_dicts(report), out)
    rest = {
        "not_checked": [n.as_dict() for n in report.not_checked],
        "problems": [p.as_dict() for p in report.problems],
        "releases": [r.as_dict() for r in report.releases],
    } | controls.as_dict(report, asdict(report.config) if report.config else None)
    out.write(",\n" + json.dumps(rest, ensure_ascii=False, indent=1)[2:] + "\n")


def _list(key: str, items: Iterable[dict[str, Any]], out: TextIO) -> None:
    """A list under `key`, item by item."""
    out.write(f',\n "{key}": [')
    first = True
    for item in items:
        out.write(("\n  " if first else ",\n  ") + json.dumps(item, ensure_ascii=False))
        first = False
    out.write("]" if first else "\n ]")
