"""Fixes that touch nothing else, and a page that needs nothing else."""

import gzip
import io
import re
from pathlib import Path

import pytest

from cutis.engine.options import Options
from cutis.engine.run import check
from cutis.model.errors import InputError
from cutis.output import html
from cutis.output.fix import diff_text, edits_of, fix
from cutis.reference.store import Reference
from tests.support.x12 import claim, file

EXAMPLE = Path(__file__).parents[3] / "examples" / "clinic_day.837"


def checked(path: Path, ref: Reference):
    return check(path, Options(), ref)


def faulty(newline: str) -> str:
    text = file(
        claim("A1", ("99213:25:25*145", "17110*185"), "ABK:L700"),
        claim("A2", ("17110:59:LT:59*185",), "ABK:B078"),
        newline=newline,
    )
    return text.replace("SE*", "SE*9").replace("GE*1*", "GE*4*").replace("IEA*1*", "IEA*2*")


@pytest.mark.parametrize("newline", ["\n", "", "\r\n"])
def test_a_fix_changes_the_named_elements_and_no_other_byte(tmp_path: Path, ref: Reference, newline: str) -> None:
    path = tmp_path / "in.837"
    before = faulty(newline).encode()
    path.write_bytes(before)
    fixed = fix(path, checked(path, ref))
    expected = (
        before.replace(b"99213:25:25*", b"99213:25*").replace(b"17110:59:LT:59*", b"17110:59:LT*")
        .replace(b"SE*9", b"SE*").replace(b"GE*4*", b"GE*1*").replace(b"IEA*2*", b"IEA*1*")
    )  # fmt: skip
    assert fixed.data == expected
    assert len(fixed.changed) == 5
    assert path.read_bytes() == before
    again = tmp_path / "out.837"
    again.write_bytes(fixed.data)
    assert edits_of(checked(again, ref)) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("99213:25:25:25*", "99213:25*"),
        ("99213:25:24:25:24*", "99213:25:24*"),
        ("99213:25:25:24*", "99213:25:24*"),
        ("99213:25:25:::A VISIT*", "99213:25::::A VISIT*"),
        ("99213:25::25:24:A VISIT*", "99213:25::24::A VISIT*"),
        ("99213:25:25::*", "99213:25:::*"),
    ],
)
def test_repeated_modifiers_go_and_nothing_else_moves(tmp_path: Path, ref: Reference, before: str, after: str) -> None:
    path = tmp_path / "in.837"
    path.write_text(file(claim("A1", (before + "145*UN*1***1",), "ABK:L700")))
    assert fix(path, checked(path, ref)).data == path.read_bytes().replace(before.encode(), after.encode())


def test_a_gzipped_file_is_refused_as_such(tmp_path: Path, ref: Reference) -> None:
    path = tmp_path / "in.837.gz"
    path.write_bytes(gzip.compress(faulty("\n").encode()))
    with pytest.raises(InputError, match="is gzipped"):
        fix(path, checked(path, ref))


def test_a_count_that_is_not_there_has_no_place_to_write_to(tmp_path: Path, ref: Reference) -> None:
    path = tmp_path / "in.837"
    path.write_text(re.sub(r"SE\*[^~]*", "SE", faulty("\n")))
    assert b"SE~" in fix(path, checked(path, ref)).data


def test_the_diff_shows_the_segments(tmp_path: Path, ref: Reference) -> None:
    path = tmp_path / "in.837"
    path.write_text(faulty("\n"))
    text = diff_text(path, fix(path, checked(path, ref)))
    assert "-SV1*HC:99213:25:25*145*UN*1***1\n+SV1*HC:99213:25*145*UN*1***1\n" in text


def test_needs_chart_is_never_applied(ref: Reference) -> None:
    """Of the whole day only the modifier written twice is touched."""
    fixed = fix(EXAMPLE, checked(EXAMPLE, ref))
    assert fixed.data == EXAMPLE.read_bytes().replace(b"99213:25:25*", b"99213:25*")


def test_a_file_that_changed_since_is_refused(tmp_path: Path, ref: Reference) -> None:
    path = tmp_path / "in.837"
    path.write_text(faulty("\n"))
    report = checked(path, ref)
    path.write_text(faulty("\n").replace("99213:25:25", "99213:25:24"))
    with pytest.raises(InputError, match="not the one that was checked"):
        fix(path, report)


def test_the_page_is_whole_and_safe(ref: Reference, tmp_path: Path) -> None:
    text = EXAMPLE.read_text().replace("CLM*CD015*", "CLM*<script>x*")
    report = check(io.BytesIO(text.encode()), Options(), ref)
    out = io.StringIO()
    html.write(report, out)
    page = out.getvalue()
    assert "&lt;script&gt;x" in page
    assert "<script>x" not in page
    assert not re.search(r"(?:src|href)=[\"']?(?:https?:)?//", page)
    assert f"{report.summary.claims_read} claims read" in page
    assert page.count('class="finding"') == report.findings.height
    assert "FERN" not in page


def test_a_long_report_says_what_it_leaves_out(ref: Reference) -> None:
    report = check(EXAMPLE, Options(), ref)
    out = io.StringIO()
    html.write(report, out, most=5)
    assert f"{report.findings.height - 5} more" in out.getvalue()


def test_a_third_of_the_example_day_is_clear_and_most_rules_of_lines_fire(ref: Reference) -> None:
    report = check(EXAMPLE, Options(), ref)
    assert report.summary.claims_clear == 18
    assert report.problems == []
    fired = set(report.findings["rule"])
    assert len(fired) >= 60
