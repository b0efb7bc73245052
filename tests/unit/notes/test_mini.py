"""Made-up notes in many styles give the lines that mini.yaml, narratives.yaml and rooms.yaml list for them."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from cutis.coding.coder import code_encounter
from cutis.coding.notes import read_note
from cutis.reference.store import Reference

REFERENCE = Reference.default()

CASES: list[dict[str, Any]] = [
    case
    for name in ("mini", "narratives", "rooms")
    for case in yaml.safe_load((Path(__file__).parent / f"{name}.yaml").read_text(encoding="utf-8"))
]
VISITS = {f"9920{n}": "NEW" for n in range(2, 6)} | {f"9921{n}": "EST" for n in range(1, 6)}
DISTINCT = {"59", "XE", "XS", "XP", "XU"}
PLACES = {
    "LT",
    "RT",
    "50",
    *(f"E{n}" for n in range(1, 5)),
    *(f"F{n}" for n in "A123456789"),
    *(f"T{n}" for n in "A123456789"),
}


def short(code: str, units: int, modifiers: tuple[str, ...]) -> str:
    kept = [m for m in modifiers if m not in DISTINCT | PLACES]
    return "-".join([VISITS.get(code, code), *sorted(kept)]) + (f"x{units}" if units > 1 else "")


def answer(note: str) -> list[str]:
    """The lines of a note in short form, sorted; lines alike in code and compared modifiers added up."""
    units: dict[tuple[str, tuple[str, ...]], int] = {}
    for line in code_encounter(read_note(note), REFERENCE).as_dict()["lines"]:
        key = (line["code"], tuple(sorted(m for m in line["modifiers"] if m not in DISTINCT | PLACES)))
        units[key] = units.get(key, 0) + line["units"]
    return sorted(short(code, n, modifiers) for (code, modifiers), n in units.items())


@pytest.mark.parametrize("case", CASES, ids=lambda c: " ".join(c["note"].split()[:6]))
def test_lines(case: dict[str, Any]) -> None:
    wanted = [] if case["lines"] == "nothing" else sorted(str(case["lines"]).split())
    assert answer(case["note"]) == wanted
