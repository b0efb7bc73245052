"""The ledger on published encounters: `python scripts/score_audit.py [CASES]`.

The published answer of each case is billed, and its note, then its structured data, is the chart. What the ledger asks of such a
claim is an alarm (a note that leaves a result or a margin unsaid is asked rightly); then a line is left out, a unit is added,
and a line is added that the chart knows nothing of, and each must be noticed.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from cutis.coding.encounter import Encounter
from cutis.coding.ledger.audit import audit_claim
from cutis.coding.ledger.charts import Chart
from cutis.coding.ledger.entries import BilledLine

EXTRA = ("11900", "17000", "11102", "12032", "17311")
COUNTED = {"17003", "11103", "11105", "11107", "17312", "17314", "88305"}
NO_NOTE = ("Price ",)  # cases of prices hold no chart


def lines_of(case: dict[str, Any]) -> list[BilledLine]:
    return [
        BilledLine(
            case["id"], n, x["code"], int(x.get("units") or 1), tuple(x.get("modifiers") or ()), (), date(2026, 3, 2)
        )
        for n, x in enumerate(case["expected_lines"], 1)
    ]


def charts(case: dict[str, Any]) -> Iterator[tuple[str, Chart]]:
    yield "note", Chart(notes=[("note", case["note"])])
    if case["structured"].get("procedures"):
        yield "structured", Chart(encounters=[("structured", Encounter.read(case["structured"]))])


def faults(lines: list[BilledLine]) -> Iterator[tuple[str, list[BilledLine]]]:
    for at, line in enumerate(lines):
        if len(lines) > 1:
            yield "line left out", lines[:at] + lines[at + 1 :]
        if line.units > 1 or line.code in COUNTED:
            yield "unit added", [*lines[:at], replace(line, units=line.units + 1), *lines[at + 1 :]]
    for code in EXTRA:
        if code not in {line.code for line in lines}:
            yield "line added", [*lines, replace(lines[0], line=99, code=code, units=1, modifiers=())]


def main(folder: Path) -> int:
    file = folder / "encounters.jsonl"
    if not file.is_file():
        print(f"audit: not scored, there is no {file}")
        return 0
    held, alarms, tried, noticed = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    kinds = Counter[str]()
    for text in file.read_text(encoding="utf-8").splitlines():
        case = json.loads(text)
        if not case.get("expected_lines") or case["note"].startswith(NO_NOTE):
            continue
        for door, chart in charts(case):
            lines = lines_of(case)
            held[door] += 1
            found = audit_claim(case["id"], lines, chart).found
            if found:
                alarms[door] += 1
                kinds.update(d.kind.value for d in found)
                continue
            for kind, changed in faults(lines):
                tried[kind] += 1
                noticed[kind] += bool(audit_claim(case["id"], changed, chart).found)
    print("claims against charts, the published answer billed:")
    for door, number in held.items():
        print(f"  chart from {door:<11} {number - alarms[door]} of {number} agree, {alarms[door]} asked")
    print("  asked: " + ", ".join(f"{kind} {n}" for kind, n in sorted(kinds.items())))
    for kind, number in tried.items():
        print(f"  {kind:<14} noticed {noticed[kind]} of {number}")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/cases")))
