"""`cutis code`: the promised JSON from an encounter, from a note, and asked step by step."""

import json
from pathlib import Path

import pytest

from tests.contract.test_command_line import cutis

OPEN = {"procedures": [{"technique": "excision", "site": "back", "lesion_cm": 1.0}]}


@pytest.fixture
def encounter(tmp_path: Path) -> Path:
    path = tmp_path / "encounter.json"
    path.write_text(json.dumps(OPEN))
    return path


def test_a_missing_fact_is_a_question_and_never_a_guess(encounter: Path) -> None:
    done = cutis("code", encounter, "--format", "json")
    answer = json.loads(done.stdout)
    assert done.returncode == 1
    assert answer["lines"] == []
    assert [q["fact"] for q in answer["questions"]] == ["procedures.0.margin_cm", "procedures.0.pathology"]


def test_assume_lists_what_was_assumed(encounter: Path) -> None:
    answer = json.loads(cutis("code", encounter, "--assume", "--format", "json").stdout)
    assert [x["code"] for x in answer["lines"]] == ["11401"]
    assert len(answer["assumed"]) == 2


def test_asked_step_by_step(encounter: Path) -> None:
    done = cutis("code", encounter, "--ask", "--format", "json", stdin=b"0.2\nbenign nevus\n")
    answer = json.loads(done.stdout[done.stdout.index(b"{") :])
    assert done.returncode == 0
    assert [(x["code"], x["dx"]) for x in answer["lines"]] == [("11402", ["D22.5"])]


def test_asked_from_nothing() -> None:
    done = cutis("code", "--ask", "--format", "json", stdin=b"shave biopsy\nleft arm\n2\n\nMedicare\n\n\n")
    answer = json.loads(done.stdout[done.stdout.index(b"{") :])
    assert [(x["code"], x["units"]) for x in answer["lines"]] == [("11102", 1), ("11103", 1)]


def test_from_a_note_each_fact_has_its_place(tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    text = "Mohs nose BCC: stage 1 6 blocks, stage 2 3 blocks, clear. No biopsy today."
    note.write_text(text)
    answer = json.loads(cutis("code", note, "--format", "json").stdout)
    assert [(x["code"], x["units"]) for x in answer["lines"]] == [("17311", 1), ("17312", 1), ("17315", 1)]
    spans = [tuple(r["span"]) for x in answer["lines"] for r in x["reasons"] if r["span"]]
    assert spans
    assert all(0 <= a < b <= len(text) for a, b in spans)
    assert set(answer) >= {"schema", "lines", "questions", "assumed"}


@pytest.mark.parametrize(
    ("content", "words"),
    [("{bad", "is not valid JSON"), ("", "is empty"), ('{"procedures": 3}', "the encounter cannot be read")],
)
def test_bad_input_is_one_sentence(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(content)
    done = cutis("code", path)
    assert done.returncode == 2
    assert words in done.stderr.decode()
    assert done.stderr.count(b"\n") == 1
