"""The ledger as a page and as rows: nothing from elsewhere, nothing dropped, nothing that a chart could smuggle in."""

import csv
import io
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cutis.cli.app import app

EXAMPLE = Path(__file__).parents[3] / "examples" / "audit"


def run(claims: Path, notes: Path, *options: str) -> str:
    return CliRunner().invoke(app, ["audit", str(claims), "--notes", str(notes), *options]).output


@pytest.fixture(scope="module")
def page() -> str:
    return run(EXAMPLE / "claims.csv", EXAMPLE / "notes", "--format", "html")


def test_the_page_stands_alone(page: str) -> None:
    assert page.startswith("<!doctype html>")
    assert '<meta name="viewport" content="width=device-width' in page
    assert not re.findall(r"https?://|src=|@import|url\(|<link", page)


def test_both_ways_are_equally_loud(page: str) -> None:
    ways = re.findall(r'<section class="way[^"]*">\s*<h2>([^<]+)</h2>\s*<b>\$([\d,.]+)</b>', page)
    assert [title for title, _ in ways] == ["Documented, not billed", "Billed, not documented"]
    text = run(EXAMPLE / "claims.csv", EXAMPLE / "notes")
    for title, dollars in ways:
        assert f"{title}:  ${dollars}  (" in text


def test_every_family_that_was_billed_has_its_checklist(page: str) -> None:
    families = re.findall(r'<section class="family">\s*<h3>([^<]+?) <span>', page)
    assert families == ["biopsy", "shave", "excision", "malignant destruction", "mohs", "repair", "premalignant destruction",
                        "benign destruction", "intralesional injection", "visit"]  # fmt: skip
    assert "0 of 2" in page
    assert 'not found: <a href="#claim-A1">A1</a>, <a href="#claim-A4">A4</a>' in page


def test_links_lead_somewhere(page: str) -> None:
    assert set(re.findall(r'href="#(claim-[^"]+)"', page)) <= set(re.findall(r'id="(claim-[^"]+)"', page))


def test_counts_stand_on_every_form(page: str) -> None:
    text = run(EXAMPLE / "claims.csv", EXAMPLE / "notes")
    for counted in (
        "Claims: 12 read = 11 held against a chart + 1 without one.",
        "Papers: 15 read (1 specimen log, 13 notes, 1 pathology report) = 13 matched + 1 unclear + 1 without a claim; 0 files not readable.",
    ):
        assert counted in text
        assert counted in page


def test_words_of_a_chart_stay_words(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    (tmp_path / "claims.csv").write_text(
        "claim_id,patient_id,date,code,units\n<b>C1,P1,2026-03-02,17000,1\n=C2,P2,2026-03-02,17000,1\n"
    )
    (notes / "x.txt").write_text("Patient ID: P1\nDOS: 03/02/2026\nLN2 AK <script>alert(1)</script> x5 face.")
    (notes / "=cmd.txt").write_text("nothing")
    page = run(tmp_path / "claims.csv", notes, "--format", "html")
    assert "<script>alert" not in page
    assert "<b>C1" not in page
    assert "&lt;b&gt;C1" in page
    rows = list(csv.reader(io.StringIO(run(tmp_path / "claims.csv", notes, "--format", "csv"))))
    assert not [cell for row in rows for cell in row if cell[:1] in {"=", "+", "@"}]
    assert {row[1] for row in rows[1:]} == {"count-disagrees", "no-chart", "no-claim"}


def test_nothing_to_do_is_exit_0_and_an_open_question_1(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    (tmp_path / "claims.csv").write_text("claim_id,patient_id,date,code,units\nC1,P1,2026-03-02,17000,1\n")
    (notes / "C1.txt").write_text("LN2 AK x1 nose.")
    command = ["audit", str(tmp_path / "claims.csv"), "--notes", str(notes)]
    assert CliRunner().invoke(app, command).exit_code == 0
    (notes / "C1.txt").write_text("DOS: 03/09/2026\nLN2 AK x1 nose.")
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 1
    assert "Unclear, held against no claim until answered" in done.output
    assert CliRunner().invoke(app, [*command, "--output", str(tmp_path / "no" / "x.html")]).exit_code != 0
