"""Many encounters at once: the same answers in the same order, in one process and in several."""

import pytest

from cutis.coding import coder
from cutis.coding.coder import code_encounter, code_many
from cutis.coding.encounter import Encounter
from cutis.reference.store import Reference

GIVEN = [
    {"procedures": [{"technique": "destruction", "site": "scalp", "lesion_type": "AK", "count": n}]}
    for n in range(1, 21)
]


def test_several_processes_answer_as_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    # The reference is asked first, so that Polars has its threads before any process is started.
    reference = Reference.default()
    alone = [code_encounter(Encounter.read(g), reference).as_dict() for g in GIVEN]
    monkeypatch.setattr(coder, "_PARALLEL_FROM", 4)
    assert list(code_many(iter(GIVEN), reference, workers=2)) == alone


def test_few_encounters_start_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coder, "ProcessPoolExecutor", None)
    assert len(list(code_many(GIVEN))) == len(GIVEN)
