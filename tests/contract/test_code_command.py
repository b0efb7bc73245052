"""`cutis code`: the promised JSON from an encounter, from a note, and asked step by step."""

import json
from pathlib import Path

import pytest

from tests.contract.test_command_line import cutis

OPEN = {"procedures": [{"technique": "excision", "site": "back", "lesion_cm": 1.0}]}

CODED = {"procedures": [{"technique": "cryotherapy", "site": "scalp", "lesion_type": "AK", "count": 6}]}


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


def test_json_lines_in_batch(tmp_path: Path) -> None:
    source, target = tmp_path / "day.jsonl", tmp_path / "answers.jsonl"
    source.write_text("\n".join([json.dumps({"id": "x", "structured": CODED}), json.dumps(OPEN), "", "no json"]) + "\n")
    done = cutis("code", source, "--output", target)
    answers = [json.loads(line) for line in target.read_text().splitlines()]
    assert done.returncode == 2
    assert done.stderr.decode() == "3 encounters: 1 coded, 1 with open questions, 1 refused\n"
    assert [a["source"] for a in answers] == ["day.jsonl:1", "day.jsonl:2", "day.jsonl:4"]
    assert (answers[0]["id"], [x["code"] for x in answers[0]["lines"]]) == ("x", ["17000", "17003"])
    assert answers[1]["questions"]
    assert "not valid JSON" in answers[2]["error"]


def test_a_directory_of_encounters_and_notes(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(CODED))
    (tmp_path / "b.txt").write_text("LN2 AK x3 scalp.")
    (tmp_path / "c.png").write_bytes(b"no chart")
    done = cutis("code", tmp_path)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(a["source"], [x["units"] for x in a["lines"]]) for a in answers] == [("a.json", [1, 5]), ("b.txt", [1, 2])]
    assert cutis("code", tmp_path / "none.jsonl").returncode == 2


def test_asking_says_what_it_understood() -> None:
    done = cutis("code", "--ask", stdin=b"mohss\nshave bx\nleft cheek\n1\n\n\n\nq\n")
    said = done.stderr.decode()
    assert "no technique the coder knows. Perhaps: mohs" in said
    assert "taken as: tangential biopsy" in said
    assert "so far: 11102" in said
    assert "1. 11102" in done.stdout.decode()
