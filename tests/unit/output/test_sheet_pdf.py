"""The printed sheet: what it holds, read back from the file; its bytes; what it refuses."""

import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pypdf

from cutis.output import sheet as face
from cutis.output.places import grid
from cutis.output.sheet_pdf import places_pdf, sheet_pdf
from cutis.pricing.locality import NATIONAL, Locality, all_localities
from cutis.pricing.places import places
from cutis.pricing.sheet import sheet, words
from cutis.reference.store import Reference
from tests.unit.pricing.test_prices import DAY


def read(data: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(data)).pages]


def test_every_code_and_every_word_is_on_paper(ref: Reference) -> None:
    made = sheet(ref, [NATIONAL], DAY)
    text = " ".join(read(sheet_pdf(made)))
    assert [c for c in made.codes["code"] if c not in text] == []
    for wanted in ("95.53", "667.02", "2.86", "13/2"):
        assert wanted in text
    squeezed = text.replace(" ", "")
    for part, field in (
        ("modifiers", "use"),
        ("denials", "fix"),
        ("checklists", "ask"),
        ("faq", "answer"),
        ("watch_outs", "say"),
    ):
        assert [x[field] for x in words()[part] if x[field].replace(" ", "") not in squeezed] == []


def test_pages_are_numbered_and_repeat_the_headings(ref: Reference) -> None:
    pages = read(places_pdf(places(ref, [], DAY, by_locality=True)))
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert f"page {number} of {len(pages)}" in page
        assert "11102 office" in page
    assert sum(page.count("09102-04") for page in pages) == 1


def test_the_53_states_are_on_paper_with_their_span(ref: Reference) -> None:
    made = places(ref, [], DAY)
    text = " ".join(read(places_pdf(made)))
    assert [n for n in made.rows["name"].unique() if n not in text] == []
    assert "93.36-101.55" in text


def test_many_codes_go_on_further_pages_and_no_amount_is_broken(ref: Reference) -> None:
    # 14302 and 14301 have amounts of a thousand dollars and more
    codes = ["11102", "11104", "14301", "17000", "17311", "88305-26", "13132", "14302"]
    made = places(ref, codes, DAY)
    pages = read(places_pdf(made))
    assert "14302 office" not in pages[0]
    assert "14302 office" in pages[-1]
    printed = set(" ".join(pages).split())
    assert {a for _, amounts in grid(made) for a in amounts} <= printed


def test_the_same_sheet_has_the_same_bytes(ref: Reference) -> None:
    made = sheet(ref, [NATIONAL], DAY, codes=["17000"])
    data = sheet_pdf(made)
    assert sheet_pdf(made) == data
    assert pypdf.PdfReader(io.BytesIO(data)).metadata.creation_date.date() == DAY


def test_names_beyond_the_font_are_printed_not_fatal(ref: Reference) -> None:
    odd = replace(
        sheet(ref, [NATIONAL], DAY, codes=["17000"]), localities=(Locality("national", name="Łódź **x** \x00"),)
    )
    assert "?ód? **x**" in read(sheet_pdf(odd))[0]


def test_many_localities_are_rows_under_the_figures_of_their_family(ref: Reference) -> None:
    made = sheet(ref, all_localities(ref), DAY, codes=["11102", "17311", "14301"])
    pages = read(sheet_pdf(made))
    text = " ".join(pages)
    # each of the three families names each locality once
    assert {text.count(x.key) for x in made.localities} == {3}
    for wanted in ("101.55", "33.40", "715.40", "109 localities", "19.97"):
        assert wanted in text
    printed = set(text.split())
    expected = {a for x in face.by_code(made) for pair in x["prices"] for a in pair}
    assert expected <= printed


def test_without_the_library_one_sentence_and_no_file(tmp_path: Path) -> None:
    out = tmp_path / "sheet.pdf"
    program = "import sys; sys.modules['fpdf'] = None; from cutis.cli.app import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "sheet", "17000", "--format", "pdf", "--output", str(out)],
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 2
    assert done.stderr == "cutis: a PDF is written by fpdf2; install the extra: pip install 'cutis[pdf]'\n"
    assert not out.exists()
