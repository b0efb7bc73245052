"""Score the coder on published encounters: `python scripts/score_encounters.py [DIR] [--misses]` with DIR/encounters.jsonl.

Each expected line is found where the answer has a line of the same code and units, and modifiers as the case says:
`x_modifier_ok` lets 59 be XE, XS, XP or XU; `modifier_any_side` lets the distinct modifier sit on either line of the
pair, so long as one carries it. An office visit whose case gives no MDM elements is scored by presence and modifier.
Units of one code on two lines of one unit each, equal in modifiers, count as one line. Cases of the topic pricing have
no encounter in them: `score_prices.py` scores them. Diagnoses are counted apart, where a case names them.
Coded twice: from `structured`, and from `note` where the note reader is there.
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from score_prices import print_prices

from cutis.coding.coder import code_encounter
from cutis.coding.encounter import Encounter
from cutis.model.errors import InputError
from cutis.reference.store import Reference

DISTINCT = frozenset({"59", "XE", "XS", "XP", "XU"})
VISITS = {f"9920{n}": "new" for n in range(2, 6)} | {f"9921{n}": "established" for n in range(1, 6)}
Read = Callable[[dict[str, Any]], Encounter]


class Entry(NamedTuple):
    """A line as it is compared."""

    code: str
    units: int
    modifiers: tuple[str, ...]
    dx: tuple[str, ...]


def entries(lines: list[dict[str, Any]], case: dict[str, Any]) -> list[Entry]:
    """Lines as they are compared: equal codes with equal modifiers added up, visits without MDM by kind of patient."""
    em = case["structured"].get("em") or {}
    graded = any(k in em for k in ("problems", "data", "risk", "mdm", "minutes"))
    found: dict[tuple[str, tuple[str, ...], tuple[str, ...]], int] = {}
    for line in lines:
        code = line["code"]
        if code in VISITS and not graded:
            code = f"visit, {VISITS[code]}"
        modifiers = tuple(sorted(m for m in line["modifiers"] if not (m in DISTINCT and case["modifier_any_side"])))
        if case["x_modifier_ok"]:
            modifiers = tuple("59" if m in DISTINCT else m for m in modifiers)
        key = (code, modifiers, tuple(line["dx"]))
        found[key] = found.get(key, 0) + line["units"]
    return [Entry(c, u, m, d) for (c, m, d), u in found.items()]


class Score:
    """Counts of one run over the cases."""

    def __init__(self) -> None:
        self.lines: Counter[str] = Counter()
        self.expected: Counter[str] = Counter()
        self.cases: Counter[str] = Counter()
        self.exact: Counter[str] = Counter()
        self.dx = [0, 0]
        self.misses: dict[str, list[str]] = defaultdict(list)

    def take(self, case: dict[str, Any], answer: dict[str, Any]) -> None:
        """Compare one answer with its case."""
        topic = case["topic"]
        expected, got = entries(case["expected_lines"], case), entries(answer["lines"], case)
        left = [(e.code, e.units, e.modifiers) for e in got]
        missed = []
        for entry in expected:
            key = (entry.code, entry.units, entry.modifiers)
            if key in left:
                left.remove(key)
            else:
                missed.append(entry)
        carried = any(m in DISTINCT for line in answer["lines"] for m in line["modifiers"])
        unparted = case["modifier_any_side"] and not carried
        self.expected[topic] += max(len(expected), 1)
        self.lines[topic] += max(len(expected), 1) - len(missed) if not (unparted or (not expected and left)) else 0
        self.cases[topic] += 1
        self.exact[topic] += not missed and not left and not unparted
        self._diagnoses(expected, got)
        if missed or left or unparted:
            self.misses[cause(missed, left, answer)].append(
                f"{case['id']}: wants {show(case['expected_lines'])}, got {show(answer['lines'])}"
            )

    def _diagnoses(self, expected: list[Entry], got: list[Entry]) -> None:
        for entry in expected:
            if entry.dx:
                self.dx[1] += 1
                self.dx[0] += any(g.code == entry.code and set(g.dx) == set(entry.dx) for g in got)


def cause(missed: list[Entry], left: list[tuple[str, int, tuple[str, ...]]], answer: dict[str, Any]) -> str:
    """Why a case was missed, in a word."""
    wanted, given = {m.code for m in missed}, {c for c, _, _ in left}
    if wanted and wanted <= given:
        same_units = all(any(m.code == c and m.units == u for c, u, _ in left) for m in missed)
        return "modifiers" if same_units else "units"
    if missed and not left:
        return "a line missing, asked for" if answer["questions"] else "a line missing"
    return "a line too many" if left and not missed else "another code" if left else "no modifier on the pair"


def show(lines: list[dict[str, Any]]) -> str:
    """Lines in the short form of claims."""
    parts = []
    for line in lines:
        units = f" x{line['units']}" if line["units"] > 1 else ""
        parts.append("-".join([line["code"], *line["modifiers"]]) + units)
    return ", ".join(parts) or "nothing"


def readers() -> dict[str, Read]:
    """How an encounter is had from a case: from `structured`, and from the note where there is a reader."""
    found: dict[str, Read] = {"structured": lambda case: Encounter.read(case["structured"])}
    try:
        from cutis.coding.notes import read_note  # noqa: PLC0415
    except ImportError:
        return found
    found["note"] = lambda case: read_note(case["note"])
    return found


def run(cases: list[dict[str, Any]], read: Read, reference: Reference) -> Score:
    """Score every case by one way of reading it."""
    score = Score()
    for case in cases:
        try:
            answer = code_encounter(read(case), reference).as_dict()
        except InputError as error:  # one case that cannot be read is a miss, not the end of the run
            print(f"{case['id']}: {error}")
            answer = {"lines": [], "questions": []}
        score.take(case, answer)
    return score


def report(name: str, score: Score, *, misses: bool) -> None:
    """Print one run."""
    print(f"\nfrom {name}")
    for topic in sorted(score.expected):
        print(
            f"  {topic:<12} lines {score.lines[topic]:>3}/{score.expected[topic]:<3}"
            f" cases {score.exact[topic]:>3}/{score.cases[topic]}"
        )
    lines, expected = sum(score.lines.values()), sum(score.expected.values())
    cases, exact = sum(score.cases.values()), sum(score.exact.values())
    print(f"  all          lines {lines}/{expected}" + (f" ({100 * lines / expected:.1f} %)" if expected else ""))
    share = f" ({100 * exact / cases:.1f} %)" if cases else ""
    print(f"               cases wholly exact {exact}/{cases}{share}")
    print(f"               diagnoses {score.dx[0]}/{score.dx[1]}")
    for reason, found in sorted(score.misses.items()):
        print(f"  {reason}: {len(found)}")
        for line in found if misses else ():
            print(f"    {line}")


def main(arguments: list[str]) -> int:
    """Score a folder of cases."""
    folder = Path(next((a for a in arguments if not a.startswith("-")), "../shared/cases"))
    file = folder / "encounters.jsonl"
    if not file.exists():
        print(f"skipped: {file} is not there")
        return 0
    every = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    cases = [c for c in every if c["topic"] != "pricing"]
    print(
        f"{len(cases)} encounters of {len(every)} cases; {len(every) - len(cases)} of pricing are scored below as prices"
    )
    reference = Reference.default()
    for name, read in readers().items():
        report(name, run(cases, read, reference), misses="--brief" not in arguments)
    print_prices(reference, [c for c in every if c["topic"] == "pricing"])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
