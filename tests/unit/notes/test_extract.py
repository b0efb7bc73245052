"""From a note to an encounter, the plug-in door, files of notes, many notes."""

from decimal import Decimal
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from cutis.coding.encounter import Encounter
from cutis.coding.notes import extract
from cutis.coding.notes.batch import each
from cutis.coding.notes.extract import NoteExtractor, extractor, extractors, read_note, read_notes
from cutis.coding.notes.pdf import note_text
from cutis.model.errors import ConfigError, InputError


def test_a_note_becomes_an_encounter_with_places() -> None:
    note = "Est pt, Medicare. Acne not at goal, start doxycycline. Excision nevus R cheek 0.9 cm, 0.2 cm margins; layered repair 1.8 cm."
    encounter = read_note(note)
    (procedure,) = encounter.procedures
    assert (procedure.technique, procedure.site, procedure.laterality) == ("excision", "right cheek", "right")
    assert (procedure.lesion_cm, procedure.margin_cm, procedure.repair, procedure.repair_cm) == (
        Decimal("0.9"),
        Decimal("0.2"),
        "intermediate",
        Decimal("1.8"),
    )
    start, end = procedure.spans["margin_cm"]
    assert note[start:end] == "0.2 cm"
    assert encounter.payer == "Medicare"
    assert encounter.em is not None
    assert (encounter.em.patient, encounter.em.problems, encounter.em.risk, encounter.em.separate_work) == (
        "established",
        "moderate",
        "moderate",
        True,
    )
    assert encounter.unread == []
    assert all(p.unread == [] for p in encounter.procedures)


def test_only_what_was_done_reaches_the_encounter() -> None:
    encounter = read_note("s/p Mohs nose 2021. Plan excision back next week. Biopsy declined. LN2 AK x2 scalp.")
    assert [(p.technique, p.count) for p in encounter.procedures] == [("destruction", 2)]


def test_a_suspicion_is_not_a_diagnosis() -> None:
    (procedure,) = read_note("Shave bx L arm, r/o SCC.").procedures
    assert (procedure.suspected, procedure.lesion_type, procedure.pathology) == ("SCC", None, None)


def test_a_plural_without_a_number_has_no_count() -> None:
    assert read_note("LN2 warts R hand.").procedures[0].count is None
    assert read_note("LN2 wart R hand.").procedures[0].count == 1


def test_what_is_assumed_is_said() -> None:
    assert len(read_note("Excision nevus back 0.4 cm.").assumed) == 1
    assert read_note("Excision nevus back 0.4 cm, 0.1 cm margins.").assumed == []


def test_a_closure_after_mohs_is_a_repair_of_its_own() -> None:
    encounter = read_note("Mohs forehead BCC, 1 stage 3 blocks. Simple repair 2.2 cm.")
    assert [(p.technique, p.repair, p.repair_cm) for p in encounter.procedures] == [
        ("mohs", None, None),
        ("repair", "simple", Decimal("2.2")),
    ]


def test_an_earlier_procedure_is_told_with_its_days() -> None:
    earlier = read_note("5 d s/p 17262 R arm. Excision BCC L leg 1.5 cm incl margins.").global_period
    assert earlier is not None
    assert (earlier.proc, earlier.days_since) == ("17262", 5)


class Mine:
    name = "mine"

    def extract(self, text: str) -> Encounter:
        return Encounter(payer=text)


def test_a_plug_in_runs_only_where_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = EntryPoint("mine", f"{__name__}:Mine", extract.GROUP)
    monkeypatch.setattr(extract, "entry_points", lambda **_: [entry])
    monkeypatch.setattr(EntryPoint, "load", lambda *_: Mine)
    assert extractors() == ["built-in", "mine"]
    assert read_note("Medicare").payer == "Medicare"
    assert isinstance(extractor("mine"), NoteExtractor)
    assert read_note("anything", extractor_name="mine").payer == "anything"
    with pytest.raises(ConfigError, match="there are: built-in, mine"):
        extractor("other")


def test_a_plug_in_that_fails_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = EntryPoint("bad", "nowhere:Nothing", extract.GROUP)
    monkeypatch.setattr(extract, "entry_points", lambda **_: [entry])
    with pytest.raises(ConfigError, match="cannot be loaded"):
        extractor("bad")


def test_many_notes_keep_their_order_whatever_the_workers() -> None:
    notes = [f"LN2 AK x{n % 9 + 1} face." for n in range(300)]
    one = [e.procedures[0].count for e in read_notes(notes, workers=1)]
    two = [e.procedures[0].count for e in read_notes(notes, workers=2)]
    assert one == two == [n % 9 + 1 for n in range(300)]


def test_progress_counts_every_note() -> None:
    seen: list[int] = []
    assert list(each(len, ["a", "bb"], progress=seen.append)) == [1, 2]
    assert seen == [1, 2]


def test_files_of_notes(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("\ufeffLN2 AK x2".encode())
    (tmp_path / "b.txt").write_bytes(b"2 cm\xb2 flap")
    assert note_text(tmp_path / "a.txt") == "LN2 AK x2"
    assert note_text(tmp_path / "b.txt") == "2 cm² flap"
    with pytest.raises(InputError, match="cannot be read"):
        note_text(tmp_path / "none.txt")


def test_a_pdf_without_text_is_refused(tmp_path: Path) -> None:
    pypdf = pytest.importorskip("pypdf")
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(tmp_path / "scan.pdf")
    with pytest.raises(InputError, match="no text layer"):
        note_text(tmp_path / "scan.pdf")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    with pytest.raises(InputError, match="not a readable PDF"):
        note_text(tmp_path / "broken.pdf")


def test_a_pdf_with_text_is_read(tmp_path: Path) -> None:
    pytest.importorskip("pypdf")
    stream = b"BT /F1 12 Tf 10 50 Td (LN2 AK x5 face) Tj ET"
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, part)
    table = b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % p for p in places)
    (tmp_path / "note.pdf").write_bytes(
        body + table + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(body)
    )
    assert note_text(tmp_path / "note.pdf").strip() == "LN2 AK x5 face"
