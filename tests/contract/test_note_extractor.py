"""The example of a reader of notes as a plug-in: built, installed into a folder, found by its entry point, and used."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "examples" / "note_extractor"
NOTE = "Seen today. @did punch biopsy @site left cheek @dx BCC\n@did excision @site back @size 0.9 cm @margin 2 mm @dx nevus"
CODE = """
import json, sys
from cutis.coding.coder import code_encounter
from cutis.coding.notes.extract import extractor, extractors, read_note
from cutis.reference.store import Reference

note = sys.argv[1]
read = read_note(note, extractor_name="tagged")
spans = [{k: note[a:b] for k, (a, b) in p.spans.items()} for p in read.procedures]
lines = [line["code"] for line in code_encounter(read, Reference.default()).as_dict()["lines"]]
plain = [p.technique for p in read_note("Shave bx L cheek.").procedures]
print(json.dumps({"names": extractors(), "is": extractor("tagged").name, "spans": spans, "lines": lines, "plain": plain}))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package in it as an installer would lay it out."""
    out = tmp_path_factory.mktemp("plug_in")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    subprocess.run(build, cwd=PACKAGE, check=True, capture_output=True)
    (wheel,) = out.glob("*.whl")
    folder = out / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def run(folder: Path | None, code: str, *words: str) -> subprocess.CompletedProcess[str]:
    path = f"import sys; sys.path.insert(0, {str(folder)!r})\n" if folder else ""
    return subprocess.run([sys.executable, "-c", path + code, *words], capture_output=True, text=True, check=False)


def test_the_reader_is_found_by_its_entry_point_and_used_where_it_is_named(installed: Path) -> None:
    done = run(installed, CODE, NOTE)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["names"] == ["built-in", "tagged"]
    assert told["is"] == "tagged"
    assert told["spans"][0] == {"technique": "punch biopsy", "site": "left cheek", "pathology": "BCC"}
    assert told["spans"][1]["margin_cm"] == "2 mm"
    assert sorted(told["lines"]) == ["11104", "11402"]
    assert told["plain"] == ["tangential biopsy"], "the built-in reader stays the default"


MAIN = "from cutis.cli.app import main; main()"


def test_the_command_takes_it_by_name(installed: Path, tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text(NOTE)
    done = run(installed, MAIN, "code", str(note), "--reader", "tagged", "--format", "json")
    assert sorted(line["code"] for line in json.loads(done.stdout)["lines"]) == ["11104", "11402"], done.stderr
    none = run(None, MAIN, "code", str(note), "--reader", "tagged")
    assert (none.returncode, none.stdout) == (2, "")
    assert "there is no note reader 'tagged'" in none.stderr
    many = run(installed, MAIN, "code", str(tmp_path), "--reader", "tagged")
    assert many.returncode == 2
    assert "--reader reads one note" in many.stderr


@pytest.mark.parametrize(
    ("body", "words"), [("raise KeyError(text)", "failed on the note: KeyError"), ("return {}", "gave no encounter")]
)
def test_a_reader_that_fails_says_nothing_of_the_note(tmp_path: Path, body: str, words: str) -> None:
    (tmp_path / "failing.py").write_text(
        f"class Reader:\n    name = 'failing'\n    def extract(self, text):\n        {body}\n"
    )
    entry = tmp_path / "failing-1.0.dist-info"
    entry.mkdir()
    (entry / "METADATA").write_text("Metadata-Version: 2.1\nName: failing\nVersion: 1.0\n")
    (entry / "entry_points.txt").write_text("[cutis.note_extractors]\nfailing = failing:Reader\n")
    note = tmp_path / "note.txt"
    note.write_text("Jane Doe, shave biopsy of the nose.")
    done = run(tmp_path, MAIN, "code", str(note), "--reader", "failing")
    assert done.returncode == 2
    assert words in done.stderr
    assert "Jane" not in done.stderr


def test_without_the_package_there_is_no_such_reader() -> None:
    code = "from cutis.coding.notes.extract import read_note\nread_note('x', extractor_name='tagged')"
    assert "there is no note reader 'tagged'; there are: built-in" in run(None, code).stderr


def test_a_package_that_cannot_be_loaded_is_refused_in_a_sentence(installed: Path, tmp_path: Path) -> None:
    entry = tmp_path / "broken-1.0.dist-info"
    entry.mkdir()
    (entry / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n")
    (entry / "entry_points.txt").write_text(
        "[cutis.note_extractors]\nbroken = no_such_module:Reader\nhollow = json:JSONDecoder\n"
    )
    code = """
from cutis.coding.notes.extract import extractor
from cutis.model.errors import ConfigError
for name in ("broken", "hollow"):
    try:
        extractor(name)
    except ConfigError as error:
        print(error)
"""
    said = run(tmp_path, code).stdout.splitlines()
    assert said == [
        "note reader 'broken' cannot be loaded: No module named 'no_such_module'",
        "note reader 'hollow' has no name and extract(text)",
    ]


def test_the_manual_shows_the_package_as_it_is() -> None:
    page = (ROOT / "docs" / "extractors.md").read_text(encoding="utf-8")
    for file in (PACKAGE / "pyproject.toml", PACKAGE / "tagged_notes" / "__init__.py"):
        assert file.read_text(encoding="utf-8") in page, f"docs/extractors.md differs from {file.name}"
