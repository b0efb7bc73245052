"""Words of the text report: counts agree with their nouns, and nothing of a file reaches the terminal but its letters."""

import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from cutis.engine.options import Options
from cutis.engine.run import check
from cutis.model.words import counted, harmless
from cutis.output import html, text
from cutis.reference.store import Reference
from tests.support.x12 import claim, file

SINGULAR = re.compile(r"\b1 (?:claims|lines|errors|warnings|findings|rules|remarks|segments)\b")


def shown(data: bytes, tmp_path: Path, ref: Reference, **given: bool) -> str:
    path = tmp_path / "in.837"
    path.write_bytes(data)
    out = io.StringIO()
    text.write(check(path, Options(), ref), Console(file=out, width=100, highlight=False), **given)
    return out.getvalue()


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 claims"), (1, "1 claim"), (2, "2 claims"), (1234, "1,234 claims")]
)
def test_counts(number: int, words: str) -> None:
    assert counted(number, "claim") == words
    assert counted(number, "locality", "localities").endswith("y" if number == 1 else "ies")


def test_one_claim_with_one_error(tmp_path: Path, ref: Reference) -> None:
    said = shown(file(claim("A1", ("11102*165",), "ABK:Z9999")).encode(), tmp_path, ref)
    assert "1 claim read + 0 refused = 1 in the input; 1 line; 0 claims clear." in said
    assert not SINGULAR.search(said)
    page = io.StringIO()
    html.write(check(tmp_path / "in.837", Options(), ref), page)
    assert "1 claim read + 0 refused" in page.getvalue()
    assert not SINGULAR.search(re.sub(r"<[^>]*>", "", page.getvalue()))


def test_what_a_file_says_is_shown_as_letters(tmp_path: Path, ref: Reference) -> None:
    bad = file(claim("[red]A1\x1b[2J", ("11102*165",), "ABK:Z99\x07")).encode()
    said = shown(bad, tmp_path, ref, show_info=True)
    assert "Claim [red]A1\ufffd[2J" in said
    assert "\x1b" not in said
    assert "\x07" not in said
    assert harmless("a\nb\u202ec") == "a\ufffdb\ufffdc"


def test_a_message_of_several_lines_stays_beside_its_place(tmp_path: Path, ref: Reference) -> None:
    said = shown(file(claim("A1", ("11102*165*UN*9***1", "11104*165"), "ABK:D492")).encode(), tmp_path, ref)
    rows = said[: said.index("Rule  ")].splitlines()
    assert any(row.startswith(" " * 24) and row.strip() for row in rows)
    for row in rows:
        assert not row.strip() or row.startswith(("Claim ", "The file", "  ", "…"))
