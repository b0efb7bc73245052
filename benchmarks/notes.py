"""Notes a second: `python benchmarks/notes.py [NOTES]`; short notes as charts abbreviate them, and long ones of a page.

Prints the tokeniser alone as the floor of the same run, one core, and all cores.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from cutis.coding.notes.batch import cores, each
from cutis.coding.notes.reader import read_facts
from cutis.coding.notes.tokens import tokenise

CASES = Path(__file__).parents[1] / "tests" / "unit" / "notes" / "cases.yaml"


def _count(text: str) -> int:
    return len(read_facts(text).acts)


def _rate(run: Callable[[], object], notes: int) -> float:
    start = time.perf_counter()
    run()
    return notes / (time.perf_counter() - start)


def main(wanted: int) -> None:
    """Time short and long notes."""
    texts = [case["note"] for case in yaml.safe_load(CASES.read_text(encoding="utf-8"))]
    short = (texts * (wanted // len(texts) + 1))[:wanted]
    page = "\n".join(texts[:24])
    kinds = {"short": short, "page": [page] * (wanted // 4)}
    _count(texts[0])
    for name, notes in kinds.items():
        size = sum(map(len, notes)) / len(notes)
        print(f"{name} notes: {len(notes)}, {size:.0f} characters each")
        floor = _rate(lambda n=notes: [tokenise(t) for t in n], len(notes))
        print(f"  floor (tokens only)  {floor:>9,.0f} notes/s")
        one = _rate(lambda n=notes: [_count(t) for t in n], len(notes))
        print(f"  one core             {one:>9,.0f} notes/s, {floor / one:.1f} times the time of the floor")
        rate = _rate(lambda n=notes: sum(each(_count, n)), len(notes))
        print(f"  {cores()} cores              {rate:>9,.0f} notes/s (goal 1,000)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1500)
