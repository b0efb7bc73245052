"""Score Cutis against published cases: `python scripts/score.py [DIR]` with DIR/claims.jsonl and DIR/encounters.jsonl.

Claims: an expected finding counts as found where a finding of a rule that answers its `what` (score_topics.yaml) names
one of its lines; a `what` that the topics do not know counts where any finding names one of its lines, and is listed.
False alarms: errors and warnings on clean claims, and findings on lines where none is expected.
"""

import json
import sys
from collections import defaultdict
from fnmatch import fnmatch
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import polars as pl
import yaml
from score_context import chart_facts

from cutis.engine.options import Options
from cutis.engine.run import check_lines
from cutis.model import columns as c
from cutis.model.shorthand import DEFAULT_DATE, DEFAULT_NPI
from cutis.reference.families import load_families
from cutis.reference.store import Reference

HERE = Path(__file__).parent
UNCHARGED = load_families().codes("postoperative_visit")
TOPICS: dict[str, list[str]] = yaml.safe_load((HERE / "score_topics.yaml").read_text())


def as_lines(case: dict[str, Any], index: int) -> list[dict[str, Any]]:
    """A case's claim as rows of the line frame with chart columns."""
    codes = list(dict.fromkeys(d.replace(".", "") for line in case["claim_lines"] for d in line["dx"]))
    claim = [line["code"] for line in case["claim_lines"]]
    rows = []
    for position, line in enumerate(case["claim_lines"], 1):
        row: dict[str, Any] = dict.fromkeys(c.LINE_SCHEMA | c.CHART_SCHEMA)
        row |= {
            c.CLAIM_INDEX: index,
            c.CLAIM_ID: case["id"],
            c.LINE: position,
            c.PATIENT_KEY: index,
            c.BILLING_NPI: DEFAULT_NPI,
            c.RENDERING_NPI: DEFAULT_NPI,
            c.SERVICE_FROM: DEFAULT_DATE,
            c.SERVICE_TO: DEFAULT_DATE,
            c.CODE: line["code"],
            c.UNITS: float(line["units"]),
            c.UNIT_BASIS: "UN",
            # the cases name no charges: one is made up, but none for what is never charged
            c.CHARGE: 0 if line["code"] in UNCHARGED else 10000,
            c.CLAIM_CHARGE: 10000 * sum(code not in UNCHARGED for code in claim),
            # most cases name no place: the office, but for 78, which speaks of an operating room
            c.PLACE_OF_SERVICE: str(line.get("pos", "22" if "78" in line["modifiers"] else "11")),
            c.PAYER_KIND: str(case.get("payer", "medicare")).lower(),
            c.PAYER_RANK: "P",
            c.FREQUENCY: "1",
            c.CLAIM_DX: " ".join(codes),
        }
        row |= dict(zip(c.MODIFIERS, line["modifiers"], strict=False))
        row |= dict(zip(c.DIAGNOSES, (d.replace(".", "") for d in line["dx"]), strict=False))
        rows.append(row | chart_facts(case.get("context") or {}, line["code"], position, claim))
    return rows


def found_by_claim(cases: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Findings of each case by its id; each case is its own run, as a biller would send it."""
    ref = Reference.default()
    # a chart fact that no line of the case states is absent, not empty
    found: dict[str, list[dict[str, Any]]] = {}
    for index, case in enumerate(cases):
        rows = as_lines(case, index)
        stated = [k for k in c.CHART_SCHEMA if any(r.get(k) is not None for r in rows)]
        schema = c.LINE_SCHEMA | {k: c.CHART_SCHEMA[k] for k in stated}
        frame = pl.DataFrame([{k: r.get(k) for k in schema} for r in rows], schema=schema)
        report = check_lines(frame, Options(), ref)
        if report.problems:
            sys.exit(f"{case['id']}: a rule failed: {report.problems}")
        found[case["id"]] = report.findings.to_dicts()
    return found


def answers(what: str, lines: list[int], findings: list[dict[str, Any]]) -> bool:
    """Whether some finding of the topic names one of the lines."""
    rules = TOPICS.get(what)
    return any(
        (rules is None or any(fnmatch(f["rule"], r) for r in rules))
        and (not lines or set(lines) & set(f["lines"] or []))
        for f in findings
    )


def score_claims(path: Path) -> int:
    """Print recall and false alarms a topic; returns how many clean claims have an error."""
    cases = [json.loads(line) for line in path.read_text().splitlines() if line.strip()]
    found = found_by_claim(cases)
    tally: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0])
    missed, alarms, unknown = [], [], set()
    clean_errors = 0
    for case in cases:
        row = tally[case["topic"]]
        row[0] += 1
        findings = found[case["id"]]
        serious = [f for f in findings if f["severity"] != "info"]
        for expected in case["expected_findings"]:
            row[1] += 1
            if expected["what"] not in TOPICS:
                unknown.add(expected["what"])
            if answers(expected["what"], expected["lines"], findings):
                row[2] += 1
            else:
                missed.append(
                    f"{case['id']} {expected['what']!r} on {expected['lines']}; found {[f['rule'] for f in findings]}"
                )
        expected_lines = {n for e in case["expected_findings"] for n in e["lines"]}
        extra = [f for f in serious if not expected_lines & set(f["lines"] or [])]
        row[3] += len(extra)
        alarms += [
            f"{case['id']} ({'clean' if case['clean'] else 'other line'}) {f['severity']} {f['rule']}: {f['message']}"
            for f in extra
        ]
        if case["clean"] and any(f["severity"] == "error" for f in findings):
            row[4] += 1
            clean_errors += 1
    print(f"claims: {path}")
    print(f"{'topic':<12}{'claims':>7}{'expected':>10}{'found':>7}{'recall':>8}{'alarms':>8}{'clean with error':>18}")
    total = [sum(r[i] for r in tally.values()) for i in range(5)]
    for name, row in [*sorted(tally.items()), ("all", total)]:
        recall = f"{100 * row[2] / row[1]:.1f} %" if row[1] else "-"
        print(f"{name:<12}{row[0]:>7}{row[1]:>10}{row[2]:>7}{recall:>8}{row[3]:>8}{row[4]:>18}")
    for title, items in (("missed", missed), ("alarms", alarms), ("not in score_topics.yaml", sorted(unknown))):
        print(f"{title}: {len(items)}")
        for item in items:
            print(f"  {item}")
    score_rules(cases, found)
    return clean_errors


def score_rules(cases: list[dict[str, Any]], found: dict[str, list[dict[str, Any]]]) -> None:
    """Per rule: findings, those on an expected line, those on clean claims."""
    table: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for case in cases:
        expected = {n for e in case["expected_findings"] for n in e["lines"]}
        for f in found[case["id"]]:
            row = table[f"{f['rule']} ({f['severity']})"]
            row[0] += 1
            row[1] += bool(expected & set(f["lines"] or []))
            row[2] += case["clean"]
    print(f"{'rule':<58}{'findings':>9}{'expected':>9}{'on clean':>9}")
    for name, row in sorted(table.items()):
        print(f"{name:<58}{row[0]:>9}{row[1]:>9}{row[2]:>9}")


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else HERE.parent.parent / "shared" / "cases")
    claims, encounters = folder / "claims.jsonl", folder / "encounters.jsonl"
    if not claims.exists() and not encounters.exists():
        print(f"skipped: neither claims.jsonl nor encounters.jsonl in {folder}")
        return
    failed = 0
    if claims.exists():
        failed = score_claims(claims)
    if encounters.exists() and find_spec("score_encounters"):
        from score_encounters import main as score_encounters  # noqa: PLC0415 - only where there are encounters

        print()
        score_encounters([str(folder)])
    elif encounters.exists():
        print(f"\nencounters: {encounters} not scored: there is no coder yet")
    if failed:
        sys.exit(f"{failed} clean claims have an error-level finding")


if __name__ == "__main__":
    main()
