"""Papers of a folder as people and machines leave them: encounters, indexes, and files that are no notes at all."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from cutis.coding.ledger import folder as folder_of
from cutis.coding.ledger.audit import audit_file
from cutis.coding.ledger.folder import read_folder
from cutis.model.errors import InputError

CLAIMS = "claim_id,patient_id,date,code,units\n"


def audit(tmp_path: Path, lines: str, papers: dict[str, bytes | str]) -> Any:
    notes = tmp_path / "notes"
    notes.mkdir(parents=True)
    (tmp_path / "claims.csv").write_text(CLAIMS + "".join(f"C1,P1,2026-03-02,{ln}\n" for ln in lines.split()))
    for name, data in papers.items():
        (notes / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    return audit_file(tmp_path / "claims.csv", notes)


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("C1.txt", b"", "it is empty"),
        ("C1.txt", b" \n\t\n", "it is empty"),
        ("C1.txt", b"\x00\x01\x02" * 50, "binary data"),
        ("C1.txt", bytes(range(1, 9)) * 50, "binary data"),
        ("C1.pdf", b"%PDF-1.7 broken", "is not a readable PDF"),
        ("C1.json", b"{", "not valid JSON"),
        ("C1.json", b"[1]", "an encounter is a JSON object"),
        ("C1.json", b'{"procedures": [{"count": {"a": 1}}]}', "the encounter cannot be read"),
        ("C1.json", b"[" * 100_000, "nested too deeply"),
        ("C1.jsonl", b'{"id": "C1"}\n{bad\n', "line 2 is not valid JSON"),
    ],
)
def test_what_is_no_paper_is_named_and_stops_nothing(tmp_path: Path, name: str, data: bytes, why: str) -> None:
    result = audit(tmp_path, "17000,1", {name: data, "C1-2.txt": "LN2 AK x1 nose."})
    assert [(u.name, why in u.why) for u in result.unread] == [(name, True)], result.unread
    assert len(result.claims) == 1, "the other note is still read"


def test_a_huge_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_of, "MOST_BYTES", 1000)
    result = audit(tmp_path, "17000,1", {"C1.txt": "LN2 AK x1 nose. " * 100})
    assert "a note has at most" in result.unread[0].why
    assert result.without_chart == ["C1"]


def test_other_and_hidden_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".cache").mkdir()
    for name in ("notes.docx", ".C1.txt", ".cache/C1.txt", "C1.txt.bak"):
        (tmp_path / name).write_text("LN2 AK x1 nose.")
    assert read_folder(tmp_path) == ([], [])
    with pytest.raises(InputError, match="is not a folder of notes"):
        read_folder(tmp_path / "none")


def test_an_index_names_the_files_or_holds_the_texts(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Shave bx L arm.")
    index = tmp_path / "index.json"
    index.write_text(json.dumps({"C1": {"notes": ["a.txt"], "pathology": ["A. Left arm: SK"]}, "C2": "LN2 AK x2."}))
    papers, unread = read_folder(tmp_path)
    assert [(p.kind, p.head.claims, p.text) for p in papers] == [
        ("note", ["C1"], "Shave bx L arm."),
        ("report", ["C1"], "A. Left arm: SK"),
        ("note", ["C2"], "LN2 AK x2."),
    ]
    assert unread == []
    index.write_text(json.dumps({"C1": ["gone.txt"]}))
    assert "cannot be read" in read_folder(tmp_path)[1][0].why
    for bad, says in (
        ('{"C1": {"notes": ["../secret.txt"]}}', "outside"),
        ("[", "JSON"),
        ("[]", "object"),
        ('{"C1": 3}', "only"),
    ):
        index.write_text(bad)
        with pytest.raises(InputError, match=says):
            read_folder(tmp_path)


ENCOUNTERS = [
    ("11104,1 11105,1", {"procedures": [{"technique": "punch biopsy", "site": "left cheek", "count": 2}]}, []),
    ("11104,1", {"procedures": [{"technique": "tangential biopsy", "site": "left cheek"}]}, ["technique-disagrees"]),
    ("17000,1 17003,5", {"procedures": [{"technique": "cryotherapy", "site": "scalp", "lesion_type": "AK", "count": 6}]}, []),
    ("17000,1 17003,6", {"procedures": [{"technique": "cryotherapy", "site": "scalp", "dx": "AK", "count": 6}]}, ["count-disagrees"]),
    ("11642,1", {"procedures": [{"technique": "excision", "site": "cheek", "lesion_cm": 0.9, "margin_cm": 0.4, "pathology": "BCC"}]}, []),
    ("11642,1", {"procedures": [{"technique": "excision", "site": "back", "lesion_cm": 0.9, "margin_cm": 0.4, "pathology": "nevus"}]},
     ["pathology-disagrees", "site-disagrees"]),
    ("17311,1 17312,1", {"procedures": [{"technique": "mohs", "site": "nose", "stages": 2, "blocks": [3, 2], "original": "BCC"}]}, []),
    ("17311,1", {"procedures": [{"technique": "mohs", "site": "nose", "stages": 2, "blocks": [3, 2], "original": "BCC"}]}, ["stages-disagree"]),
    ("17262,1", {"procedures": [{"technique": "ED&C", "site": "left arm", "lesion_cm": 1.2, "prior_pathology": True, "dx": "SCC"}]}, []),
    ("17110,1 99213,1", {"procedures": [{"technique": "destruction", "site": "hands", "lesion_type": "wart", "count": 4}]},
     ["billed-not-documented"]),
    ("17110,1 99213,1", {"procedures": [{"technique": "destruction", "site": "hands", "lesion_type": "wart", "count": 4}],
     "em": {"patient": "established", "mdm": "low", "separate_work": True, "dx": ["acne"]}}, []),
    ("99213,1", {"procedures": [{"technique": "shave removal", "site": "back", "lesion_cm": 0.8}], "em": {"mdm": "low", "separate_work": True}},
     ["documented-not-billed"]),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "encounter", "kinds"), ENCOUNTERS, ids=[e[0] + str(e[2]) for e in ENCOUNTERS])
def test_an_encounter_is_a_chart(tmp_path: Path, lines: str, encounter: dict[str, Any], kinds: list[str]) -> None:
    result = audit(tmp_path, lines, {"C1.json": json.dumps(encounter)})
    assert [d.kind.value for d in result.found] == kinds
    assert result.papers == {"encounter": 1}


def test_encounters_quote_what_was_given(tmp_path: Path) -> None:
    given = {
        "procedures": [
            {"technique": "punch biopsy", "site": "left cheek"},
            {"technique": "cryotherapy", "dx": "AK", "count": 6},
        ]
    }
    result = audit(tmp_path, "11104,1 17000,1", {"C1.json": json.dumps(given)})
    (found,) = result.found
    assert [e.quote for e in found.evidence] == ["cryotherapy; count 6; dx AK"]


def test_encounters_find_their_claims_a_line_each(tmp_path: Path) -> None:
    done = {"technique": "cryotherapy", "site": "scalp", "dx": "AK", "count": 1}
    lines = [
        {"id": "C1", "structured": {"procedures": [done]}},
        {"claim_id": "C7", "procedures": [done]},
        {"patient_id": "P1", "date": "2026-03-02", "procedures": [done]},
        {"claim": "C1", "note": "LN2 AK x1 scalp."},
    ]
    result = audit(tmp_path, "17000,1", {"day.jsonl": "\n".join(map(json.dumps, lines))})
    assert [(name, how) for r in result.claims for name, how in r.papers] == [
        ("day.jsonl:1", "file name"),
        ("day.jsonl:3", "patient and day"),
        ("day.jsonl:4", "claim id"),
    ]
    assert [u.paper for u in result.without_claim] == ["day.jsonl:2"]
    assert result.claims[0].remarks == ["day.jsonl:1, day.jsonl:3: not read, since the note itself is there"]
    assert result.found == []


def test_no_folder_of_noise_ends_in_a_traceback(tmp_path: Path) -> None:
    """Noise made of what notes, headings, reports and encounters are made of."""
    draw = random.Random(11)
    parts = [
        "Claim: ", "C1", "\n", "MRN: ", "P1", "DOS: ", "03/02/2026", "99/99/9999", "---\n", "A. ", "B) ", "PATHOLOGY REPORT\n",
        "Shave bx L cheek", "LN2 AK x5", "Mohs nose 2 stages", "{", '"procedures"', ":", "[", "]", "}", "%PDF-", "\r\n", "\u2019", "²", "\x0b",
        "9" * 30, " | ", "Patient: ", "Fern, Ida", "DOB: ", "specimen", "Date: ", "0000-00-00", "\ufeff", "é",
    ]  # fmt: skip
    names = [
        "C1.txt",
        "C1.path.txt",
        "C1.specimens.txt",
        "x.md",
        "P1_2026-03-02.txt",
        "e.json",
        "e.jsonl",
        "P1_9999-99-99.txt",
    ]
    for turn in range(60):
        papers = {name: "".join(draw.choices(parts, k=draw.randint(0, 40))) for name in draw.sample(names, 4)}
        result = audit(tmp_path / str(turn), "17000,1 11102,2 88305,1 17311,1 99213,1", papers)
        told = result.summary()
        assert told["papers"] == told["papers_matched"] + told["papers_unclear"] + told["papers_without_claim"]
        json.dumps(result.as_dict())


def test_a_pdf_is_read_as_a_note_is(tmp_path: Path) -> None:
    pdf = pytest.importorskip("fpdf").FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica", size=11)
    for line in ("Patient ID: P1    DOS: 03/02/2026", "LN2 to 5 actinic keratoses, face."):
        pdf.cell(0, 8, line, new_x="LMARGIN", new_y="NEXT")
    result = audit(tmp_path, "17000,1 17003,4", {"scan0001.pdf": bytes(pdf.output())})
    assert [(name, how) for r in result.claims for name, how in r.papers] == [("scan0001.pdf", "patient and day")]
    assert result.found == []


def test_a_file_that_cannot_be_read_is_something_to_do(tmp_path: Path) -> None:
    assert audit(tmp_path, "17000,1", {"C1.txt": "LN2 AK x1 nose.", "x.txt": ""}).open
