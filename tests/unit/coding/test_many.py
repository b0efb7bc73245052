"""Many encounters at once: the same answers in the same order, in one process and in several."""

import json

import pytest

from cutis.coding import many
from cutis.coding.coder import code_encounter
from cutis.coding.encounter import Encounter
from cutis.coding.many import CODED, OPEN, REFUSED, code_many, code_texts
from cutis.reference.store import Reference

GIVEN = [
    {"procedures": [{"technique": "destruction", "site": "scalp", "lesion_type": "AK", "count": n}]}
    for n in range(1, 21)
]


def test_several_processes_answer_as_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    # The reference is asked first, so that Polars has its threads before any process is started.
    reference = Reference.default()
    alone = [code_encounter(Encounter.read(g), reference).as_dict() for g in GIVEN]
    monkeypatch.setattr(many, "PARALLEL_FROM", 4)
    assert list(code_many(iter(GIVEN), reference, workers=2)) == alone


def test_few_encounters_start_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "ProcessPoolExecutor", None)
    assert len(list(code_many(GIVEN))) == len(GIVEN)


def test_what_cannot_be_read_is_refused_in_its_place() -> None:
    items = [
        ("a", json.dumps(GIVEN[0])),
        ("b", "{bad"),
        ("c", ""),
        ("d", '{"procedures": [{"technique": "excision"}]}'),
        ("e", "[" * 9000),
    ]
    answers = list(code_texts(items))
    assert [a.state for a in answers] == [CODED, REFUSED, REFUSED, OPEN, REFUSED]
    assert [json.loads(a.text)["source"] for a in answers] == list("abcde")
    assert "lines" not in json.loads(answers[1].text)


def test_a_note_among_encounters() -> None:
    answer = next(code_texts([("note", "Shave bx L cheek, r/o BCC.")]))
    assert [x["code"] for x in json.loads(answer.text)["lines"]] == ["11102"]
