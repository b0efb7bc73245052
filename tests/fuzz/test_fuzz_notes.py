"""Hostile notes: none crashes the reader, none invents a line, and a megabyte takes seconds."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cutis.coding.coder import code_encounter
from cutis.coding.notes import read_note
from cutis.coding.notes.pdf import note_text
from cutis.coding.notes.reader import read_facts
from cutis.model.errors import InputError
from cutis.reference.store import Reference

REFERENCE = Reference.default()

WORDS = [
    "shave bx", "punch bx", "excision", "Mohs", "stage", "blocks", "LN2", "AK", "BCC", "L", "R", "cheek", "back", "nail", "x3",
    "3", "0.5 cm", "1/2 cm", "½ cm", "4\u20135 mm", "2 x 3 cm", "12 cm2", "margins", "no", "declined", "s/p", "2019", "plan", "today", ":",
    ";", ".", ",", "(", ")", "\n", "- ", "A.", "1)", "Path:", "PMH:", "ILK 10 mg/mL", "0.4 mL", "flap", "secondary", "I-IV", "3/3",
    "each", "bilateral", "total", "\xa0", "\t", "\r\n", "POD 8", "undermined", "closure", "12345678901234567890", "١٢", "²", "Ⅳ",
]  # fmt: skip
SILENT = {
    "empty": "",
    "blank": " \t\r\n\xa0 ",
    "numbers": "12 3.5 99213 2019 555-1234 11102",
    "binary": "".join(map(chr, range(256))),
    "nuls": "\x00" * 500,
    "german": "Der Patient war gestern im Garten und hat keine Beschwerden.",
    "chinese": "病人今天没有任何不适,明天再来。",
    "arabic": "المريض بخير اليوم ولا يشكو من شيء.",
    "emoji": "\U0001f600" * 50,
    "surrogates": "\ud800 \udfff",
    "prose": "Patient arrived on time and left after a short talk about the weather.",
    "not done": "NO BIOPSY TODAY. EXCISION DECLINED. MOHS NEXT WEEK.",
}
SLOW = {
    "one number": "1" * 1_000_000,
    "one word": "a" * 1_000_000,
    "blanks": " " * 1_000_000,
    "prose": "lorem ipsum dolor sit amet " * 37_000,
    "no mark": "cut of nevus and " * 6_000,
    "stages": "Mohs " + "stage 1 " * 12_000,
    "brackets": "(" * 100_000,
    "lines": "LN2 AK x3 nose.\n" * 6_000,
}
SECONDS = 60  # bound for a busy machine; a quadratic step takes many minutes


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join) | st.text(max_size=200))
def test_any_text_is_read_and_its_facts_lie_within(note: str) -> None:
    facts = read_facts(note)
    for act in facts.acts:
        assert all(0 <= f.start <= f.end <= len(note) for f in act.facts.values())
    first = code_encounter(read_note(note), REFERENCE).as_dict()
    assert first == code_encounter(read_note(note), REFERENCE).as_dict()


@pytest.mark.parametrize("name", SILENT)
def test_a_note_that_tells_of_nothing_done_has_no_line(name: str) -> None:
    assert code_encounter(read_note(SILENT[name]), REFERENCE).as_dict()["lines"] == []


@pytest.mark.parametrize("name", SLOW)
def test_a_long_note_is_read_in_seconds(name: str) -> None:
    start = time.process_time()
    read_facts(SLOW[name])
    assert time.process_time() - start < SECONDS


@pytest.mark.parametrize(
    "change",
    [str.upper, lambda t: t.replace("\n", "\r\n"), lambda t: t.replace(" ", "\xa0"), lambda t: t.replace(" ", "\t")],
)
def test_case_line_ends_and_blanks_change_nothing(change) -> None:  # type: ignore[no-untyped-def]
    note = "Cryo: AK x3, left cheek.\nShave biopsy, right arm."
    lines = [code_encounter(read_note(t), REFERENCE).as_dict()["lines"] for t in (note, change(note))]
    assert [(ln["code"], ln["units"]) for ln in lines[0]] == [(ln["code"], ln["units"]) for ln in lines[1]] != []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"1.4 garbage",
        b"1.7\n1 0 obj\n<< /Type /Catalog /Pages 1 0 R >>\nendobj\ntrailer << /Root 1 0 R >>",
        b"\x00" * 400,
    ],
)
def test_a_damaged_pdf_is_refused_in_one_sentence(tmp_path: Path, body: bytes) -> None:
    pytest.importorskip("pypdf")
    file = tmp_path / "note.pdf"
    file.write_bytes(b"%PDF-" + body)
    with pytest.raises(InputError, match=r"^note note\.pdf ") as caught:
        note_text(file)
    assert "\n" not in str(caught.value)
