"""Encounters a second: `python benchmarks/coding.py [ENCOUNTERS]`; plain data in, the promised answer out.

Prints reading the JSON alone as the floor of the same run, one core, all cores with the processes' start in it, and all
cores once they run.
"""

import json
import sys
import time
from collections.abc import Callable
from os import cpu_count

from cutis.coding.many import code_many, code_texts
from cutis.reference.store import Reference

ENCOUNTERS = (
    {"procedures": [{"technique": "destruction", "site": "scalp", "lesion_type": "AK", "count": 6}, {"technique": "destruction", "site": "back", "lesion_type": "inflamed SK", "count": 3}], "payer": "Medicare"},
    {"procedures": [{"technique": "punch biopsy", "site": "left forearm"}, {"technique": "tangential biopsy", "site": "chest"}], "em": {"patient": "established", "problems": "moderate", "risk": "prescription drug"}},
    {"procedures": [{"technique": "excision", "site": "left cheek", "lesion_cm": 0.9, "margin_cm": 0.4, "pathology": "BCC", "repair": "intermediate", "repair_cm": 3.2}]},
    {"procedures": [{"technique": "mohs", "site": "nose", "stages": 2, "blocks": [6, 3], "pathology": "BCC"}, {"technique": "adjacent tissue transfer", "site": "nose", "area_sqcm": 8}]},
    {"procedures": [{"technique": "shave removal", "site": "back", "lesion_cm": 0.8, "pathology": "benign nevus"}]},
    {"procedures": [], "em": {"patient": "established", "problems": "low", "data": "none", "risk": "prescription drug", "dx": ["psoriasis"]}, "payer": "commercial"},
    {"procedures": [{"technique": "intralesional injection", "site": "scalp", "count": 5, "drug": "triamcinolone", "mg": 12}]},
    {"procedures": [{"technique": "malignant destruction", "site": "left arm", "lesion_cm": 1.2, "pathology": "SCC in situ"}]},
    {"procedures": [{"technique": "skin tag removal", "site": "neck", "count": 20}, {"technique": "destruction", "site": "temple", "lesion_type": "AK", "count": 2}]},
    {"procedures": [{"technique": "destruction", "site": "hands", "lesion_type": "common wart", "count": 4}]},
)  # fmt: skip


def _rate(run: Callable[[], object], number: int) -> float:
    start = time.perf_counter()
    run()
    return number / (time.perf_counter() - start)


def _halves(texts: list[str]) -> tuple[float, float]:
    """Encounters a second on all cores: of the whole run, and of its second half, when every process has started."""
    begin = time.perf_counter()
    middle = begin
    for at, _ in enumerate(code_texts((str(i), t) for i, t in enumerate(texts))):
        if at == len(texts) // 2:
            middle = time.perf_counter()
    end = time.perf_counter()
    return len(texts) / (end - begin), len(texts) / 2 / (end - middle)


def main(wanted: int) -> None:
    """Time the floor, one core and all."""
    texts = [json.dumps(ENCOUNTERS[i % len(ENCOUNTERS)]) for i in range(wanted)]
    data = [json.loads(t) for t in texts]
    reference = Reference.default()
    list(code_many(data[:20], reference, workers=1))
    print(f"{wanted} encounters, {len(ENCOUNTERS)} kinds in turn")
    print(f"  floor (JSON only)    {_rate(lambda: [json.loads(t) for t in texts], wanted):>9,.0f} encounters/s")
    one = _rate(lambda: sum(1 for _ in code_many(data, reference, workers=1)), wanted)
    print(f"  one core             {one:>9,.0f} encounters/s")
    whole, steady = _halves(texts)
    print(
        f"  {cpu_count()} cores              {whole:>9,.0f} encounters/s, texts in and texts out, with the start of processes"
    )
    print(f"  {cpu_count()} cores, running     {steady:>9,.0f} encounters/s, the second half of it (goal 20,000)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40_000)
