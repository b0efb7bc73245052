"""Which paper belongs to which claim: by claim id, by patient and day, by file name; in doubt it is asked, never guessed."""

import json
from datetime import date
from pathlib import Path

import pytest
from tests.support import x12

from cutis.coding.ledger.audit import Audit, audit_file
from cutis.coding.ledger.heading import dates, read_heading

HEAD = "claim_id,patient_id,date,code,units,birth_date\n"
CLAIMS = (
    HEAD
    + "C1,P1,2026-03-02,17000,1,1960-01-01\nC2,P2,2026-03-02,17000,1,1970-02-02\nC3,P1,2026-03-09,17000,1,1960-01-01\n"
)
NOTE = "LN2 AK x1 nose."


def held(tmp_path: Path, papers: dict[str, str], claims: str = CLAIMS) -> Audit:
    (tmp_path / "notes").mkdir(parents=True)
    (tmp_path / "claims.csv").write_text(claims)
    for name, text in papers.items():
        path = tmp_path / "notes" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return audit_file(tmp_path / "claims.csv", tmp_path / "notes")


def matched(audit: Audit) -> list[tuple[str, str, str]]:
    return [(r.claim, name, how) for r in audit.claims for name, how in r.papers]


@pytest.mark.parametrize(
    ("name", "head", "how"),
    [
        ("x.txt", "Claim: C1\n", "claim id"),
        ("x.txt", "Claim ID: C1 | DOS: 03/02/2026\n", "claim id"),
        ("x.txt", "---\nclaim: C1\ntype: note\n---\n", "claim id"),
        ("x.md", "# Claim C1\n\n", "claim id"),
        ("x.txt", "**Claim #:** C1\n", "claim id"),
        ("x.txt", "Patient ID: P1   DOS: 3/2/26\n", "patient and day"),
        ("x.txt", "MRN: P1\nDOB: 01/01/1960\nDate of service: March 2, 2026\n", "patient and day"),
        ("x.txt", "Pt: p1\nVisit date: 2 Mar 2026\n", "patient and day"),
        ("P1_2026-03-02.txt", "", "patient and day"),
        ("P1-20260302.txt", "", "patient and day"),
        ("c1.txt", "", "file name"),
        ("monday/C1.txt", "", "file name"),
        ("C1-2.txt", "", "file name"),
    ],
)
def test_a_note_finds_its_claim(tmp_path: Path, name: str, head: str, how: str) -> None:
    audit = held(tmp_path, {name: head + NOTE})
    assert matched(audit) == [("C1", name, how)]
    assert (audit.found, audit.unclear, audit.without_claim) == ([], [], [])
    assert audit.without_chart == ["C2", "C3"]


@pytest.mark.parametrize(
    ("name", "head", "claims", "says"),
    [
        ("C1.txt", "DOS: 03/05/2026\n", ("C1",), "the day 2026-03-05; the claim's services are of 2026-03-02"),
        ("x.txt", "Claim: C2\nDOS: 03/09/2026\n", ("C2",), "the day 2026-03-09"),
        ("C2.txt", "Claim: C1\n", ("C1", "C2"), "named C2.txt; what it says belongs to claim C1"),
        ("x.txt", "Claim: C2\nPatient ID: P1\n", ("C2",), "a patient whose claim is C1"),
        ("C2.txt", "MRN: P1\nDOS: 03/02/2026\n", ("C1", "C2"), "belongs to claim C1 (patient and day)"),
        ("x.txt", "Claim: C1\nClaim: C2\n", ("C1", "C2"), "fits claims C1 and C2"),
    ],
)
def test_what_contradicts_itself_is_asked(
    tmp_path: Path, name: str, head: str, claims: tuple[str, ...], says: str
) -> None:
    audit = held(tmp_path, {name: head + NOTE})
    assert matched(audit) == []
    (unclear,) = audit.unclear
    assert unclear.claims == claims
    assert says in unclear.message
    assert unclear.ask.endswith(("?", "."))
    assert audit.open


def test_one_note_and_two_claims_of_a_patient_and_day(tmp_path: Path) -> None:
    audit = held(
        tmp_path, {"x.txt": "MRN: P1\nDOS: 03/02/2026\n" + NOTE}, CLAIMS + "C4,P1,2026-03-02,11102,1,1960-01-01\n"
    )
    assert audit.unclear[0].claims == ("C1", "C4")
    assert "fits claims C1 and C4 equally well (patient and day)" in audit.unclear[0].message


def test_two_claims_of_one_id_are_told_apart_by_the_day(tmp_path: Path) -> None:
    second = [part.replace("20260715", "20260722") for part in x12.claim("C1", ("17000*100",))]
    claims = x12.file(x12.claim("C1", ("17000*100",)), second)
    (tmp_path / "notes").mkdir()
    (tmp_path / "claims.837").write_text(claims)
    (tmp_path / "notes" / "C1.txt").write_text("DOS: 07/22/2026\n" + NOTE)
    audit = audit_file(tmp_path / "claims.837", tmp_path / "notes")
    assert [r.days for r in audit.claims] == [[date(2026, 7, 22)]]
    (tmp_path / "notes" / "C1.txt").write_text(NOTE)
    audit = audit_file(tmp_path / "claims.837", tmp_path / "notes")
    assert "fits 2 claims of the id C1" in audit.unclear[0].message


@pytest.mark.parametrize(
    ("head", "why"),
    [
        ("Claim: C9\n", "it names claim C9, which is not in the file"),
        (
            "MRN: P1\nDOS: 03/03/2026\n",
            "the patient has claims of 2026-03-02 and 2026-03-09, the note is of 2026-03-03",
        ),
        ("MRN: P1\n", "the note names no day"),
        ("MRN: P7\nDOS: 03/02/2026\n", "no claim of the file is known to be of the patient it names"),
        ("MRN: P1\nDOB: 05/05/1955\nDOS: 03/02/2026\n", "no claim of the file is known"),
        ("", "nothing in it names a claim"),
    ],
)
def test_a_note_without_a_claim_is_left_over_with_the_reason(tmp_path: Path, head: str, why: str) -> None:
    audit = held(tmp_path, {"x.txt": head + NOTE})
    assert why in audit.without_claim[0].why
    assert audit.claims == []


def test_two_notes_of_one_claim_are_one_chart_and_a_copy_is_read_once(tmp_path: Path) -> None:
    audit = held(
        tmp_path, {"C1.txt": NOTE, "a/C1.txt": NOTE, "C1-addendum.txt": "Claim: C1\nThe lesion was on the left.\n"}
    )
    assert len(audit.claims[0].papers) == 3
    assert audit.claims[0].remarks == ["a/C1.txt repeats C1.txt word for word and was read once"]
    assert audit.found == [], "two lesions would be counted if the copy were read"


def test_an_837_is_matched_by_member_name_and_day(tmp_path: Path) -> None:
    (tmp_path / "claims.837").write_text(x12.file(x12.claim("C1", ("17000*100",))))
    (tmp_path / "notes").mkdir()
    for name in ("Fern, Ida", "Ida Fern"):
        (tmp_path / "notes" / "x.txt").write_text(f"Patient: {name}\nMember ID: 9ZZ00000000\nDOS: 07/15/2026\n{NOTE}")
        audit = audit_file(tmp_path / "claims.837", tmp_path / "notes")
        assert matched(audit) == [("C1", "x.txt", "patient and day")]


def test_reports_and_logs_find_their_claim_as_notes_do(tmp_path: Path) -> None:
    report = (
        "PATHOLOGY REPORT\nMRN: P1\nDate collected: 03/02/2026\nReported: 03/06/2026\n\nA. Nose: actinic keratosis\n"
    )
    audit = held(tmp_path, {"C1.txt": "Shave bx nose.", "r.txt": report, "C1.specimens.txt": "A: nose\n"})
    assert audit.papers == {"log": 1, "note": 1, "report": 1}
    assert sorted(name for _, name, _ in matched(audit)) == ["C1.specimens.txt", "C1.txt", "r.txt"]


def test_sums_add_up_whatever_the_folder_holds(tmp_path: Path) -> None:
    papers = {"C1.txt": NOTE, "C2.txt": "DOS: 01/01/2026\n" + NOTE, "z.txt": NOTE, "e.txt": "", "C3.pdf": "%PDF-broken"}
    audit = held(tmp_path, papers)
    told = audit.summary()
    assert told["papers"] == told["papers_matched"] + told["papers_unclear"] + told["papers_without_claim"] == 3
    assert told["claims_read"] == told["claims"] + told["claims_without_chart"] == 3
    assert [u.name for u in audit.unread] == ["C3.pdf", "e.txt"]


def test_the_order_of_files_and_claims_changes_nothing(tmp_path: Path) -> None:
    papers = {f"{n}.txt": f"Claim: C{n}\n{NOTE}" for n in (3, 1, 2)}
    one = json.dumps(held(tmp_path / "a", papers).as_dict())
    two = json.dumps(held(tmp_path / "b", dict(sorted(papers.items()))).as_dict())
    assert one == two


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-02", date(2026, 3, 2)),
        ("03/02/2026 09:30", date(2026, 3, 2)),
        ("3/2/26", date(2026, 3, 2)),
        ("20260302", date(2026, 3, 2)),
        ("Mar 2, 2026", date(2026, 3, 2)),
        ("2 March 2026", date(2026, 3, 2)),
        ("13/13/2026", None),
        ("soon", None),
    ],
)
def test_dates_of_headings(text: str, day: date | None) -> None:
    assert next((d for d, _ in dates(text)), None) == day


def test_the_head_is_no_part_of_what_was_done() -> None:
    text = "Claim: C1\nMRN: 77 | DOS: 03/02/2026\nPatient: established, 45 yo\n\nLN2 AK x5 face."
    head = read_heading(text)
    body = head.body(text)
    assert len(body) == len(text)
    assert "77" not in body
    assert "2026" not in body
    assert body.endswith("Patient: established, 45 yo\n\nLN2 AK x5 face."), "what is no id stays to be read"
    assert (head.claims, head.patients, head.days) == (["C1"], ["77"], [date(2026, 3, 2)])
