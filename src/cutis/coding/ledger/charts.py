"""The chart of each claim: notes, specimen logs and pathology reports found in a folder."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from cutis.coding.notes.pdf import note_text
from cutis.model.errors import InputError

INDEX: Final = "index.json"
_TEXT: Final = frozenset({".txt", ".md", ".text", ".note", ".pdf"})
_REPORT: Final = re.compile(r"(?P<claim>.+?)[._-](?:path(?:ology)?(?:[._-]?\d+)?|report(?:[._-]?\d+)?)$", re.IGNORECASE)
_LOG: Final = re.compile(r"(?P<claim>.+?)[._-]specimens?$", re.IGNORECASE)
_PART: Final = re.compile(r"(?P<claim>.+?)[._-](?:note)?[._-]?\d{1,2}$", re.IGNORECASE)


@dataclass(slots=True)
class Chart:
    """What the chart holds for one claim; texts, with the names of their files for the report."""

    notes: list[tuple[str, str]] = field(default_factory=list)
    reports: list[tuple[str, str]] = field(default_factory=list)
    specimens: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The notes as one text."""
        return "\n\n".join(text for _, text in self.notes)


def read_charts(folder: Path) -> dict[str, Chart]:
    """Charts by claim id.

    A folder has either an `index.json` (claim id to `notes`, `pathology` and `specimens`, each a list of file names or
    of texts), or files named by claim id: `CLAIM.txt`, `.md` or `.pdf` for the note, `CLAIM.path.txt` for a pathology
    report, `CLAIM.specimens.txt` for the specimen log, one specimen a line.

    Raises:
        InputError: the folder or a file named in the index cannot be read.
    """
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder of notes")
    index = folder / INDEX
    return _indexed(folder, index) if index.is_file() else _named(folder)


def _named(folder: Path) -> dict[str, Chart]:
    charts: dict[str, Chart] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in _TEXT or not path.is_file():
            continue
        text, stem = note_text(path), path.stem
        if match := _REPORT.fullmatch(stem):
            charts.setdefault(match["claim"], Chart()).reports.append((path.name, text))
        elif match := _LOG.fullmatch(stem):
            charts.setdefault(match["claim"], Chart()).specimens += _lines(text)
        else:
            charts.setdefault(stem, Chart()).notes.append((path.name, text))
    return _gathered(charts)


def _gathered(charts: dict[str, Chart]) -> dict[str, Chart]:
    """Join the parts of one note, CLAIM-1 and CLAIM-2, where CLAIM itself is known too."""
    for name in sorted(charts):
        match = _PART.fullmatch(name)
        if match and match["claim"] in charts:
            charts[match["claim"]].notes += charts.pop(name).notes
    return charts


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _indexed(folder: Path, index: Path) -> dict[str, Chart]:
    try:
        data = json.loads(index.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{index.name} is not readable JSON: {error}") from None
    if not isinstance(data, dict):
        raise InputError(f"{index.name} must be an object: claim id to its notes, pathology and specimens")
    return {str(claim): _entry(folder, str(claim), entry) for claim, entry in data.items()}


def _entry(folder: Path, claim: str, entry: Any) -> Chart:
    if isinstance(entry, str | list):
        entry = {"notes": entry}
    if not isinstance(entry, dict) or not set(entry) <= {"notes", "note", "pathology", "specimens"}:
        raise InputError(f"{INDEX}: the entry of claim {claim} may have notes, pathology and specimens only")
    notes = [_source(folder, claim, s) for key in ("note", "notes") for s in _listed(entry.get(key))]
    reports = [_source(folder, claim, s) for s in _listed(entry.get("pathology"))]
    return Chart(notes, reports, [str(s) for s in _listed(entry.get("specimens"))])


def _listed(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _source(folder: Path, claim: str, source: Any) -> tuple[str, str]:
    """A file of the folder by its name, or the text itself."""
    text = str(source)
    if "\n" not in text and len(text) < 200 and Path(text).suffix.lower() in _TEXT:
        path = folder / text
        if not path.resolve().is_relative_to(folder.resolve()):
            raise InputError(f"{INDEX}: the file of claim {claim} lies outside the folder of notes")
        return path.name, note_text(path)
    return f"note of {claim}", text
