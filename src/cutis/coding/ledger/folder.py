"""The papers of a folder: notes, pathology reports, specimen logs and encounters, and what of it could not be read."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

from cutis.coding.encounter import Encounter
from cutis.coding.ledger.heading import Heading, dates, read_heading
from cutis.coding.notes.pdf import note_text
from cutis.model.errors import ConfigError, InputError

INDEX: Final = "index.json"
TEXT: Final = frozenset({".txt", ".md", ".text", ".note", ".pdf"})
DATA: Final = frozenset({".json", ".jsonl", ".ndjson"})
MOST_BYTES: Final = 4_000_000
MOST_PDF_BYTES: Final = 50_000_000
_REPORT: Final = re.compile(r"(?P<stem>.+?)[._-](?:path(?:ology)?(?:[._-]?\d+)?|report(?:[._-]?\d+)?)$", re.IGNORECASE)
_LOG: Final = re.compile(r"(?P<stem>.+?)[._-]specimens?$", re.IGNORECASE)
_DATED: Final = re.compile(r"(?P<patient>.+?)[._ -]+(?P<day>\d{4}-?\d{2}-?\d{2})$")


@dataclass(slots=True)
class Paper:
    """One paper of a chart.

    Attributes:
        name: of the file, from the folder on; a line of JSON lines adds its number.
        kind: note, report, log or encounter.
        text: as written.
        head: what its head says it belongs to.
        stem: name of the file without its ending and kind: the claim, or patient and day, that it is named by.
        encounter: of a structured encounter.
    """

    name: str
    kind: str
    text: str
    head: Heading = field(default_factory=Heading)
    stem: str = ""
    encounter: Encounter | None = None

    @property
    def dated_stem(self) -> tuple[str, date] | None:
        """Patient and day of a file named by both, as P1_2026-03-02.txt."""
        match = _DATED.fullmatch(self.stem)
        found = dates(match["day"]) if match else []
        return (match["patient"], found[0][0]) if match and found else None


class Unread(NamedTuple):
    """A file that could not be read, and why."""

    name: str
    why: str


def read_folder(folder: Path) -> tuple[list[Paper], list[Unread]]:
    """Every paper of a folder and the folders in it, in the order of their names.

    With an `index.json` only what it names is read: claim id to `notes`, `pathology` and `specimens`, each a list of file
    names or of texts. Files of other kinds, and hidden ones, are left alone.

    Returns:
        Papers, and the files that could not be read; a file that is damaged stops no other.

    Raises:
        InputError: the folder or its index cannot be read.
    """
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder of notes")
    papers: list[Paper] = []
    unread: list[Unread] = []
    index = folder / INDEX
    items = _indexed(folder, index) if index.is_file() else _files(folder)
    for name, read in items:
        try:
            papers += read()
        except (InputError, ConfigError) as error:
            unread.append(Unread(name, str(error)))
    return papers, unread


def _files(folder: Path) -> Iterator[tuple[str, Any]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if any(part.startswith(".") for part in name.split("/")) or not path.is_file():
            continue
        if path.suffix.lower() in TEXT:
            yield name, lambda p=path, n=name: [_paper(n, p.stem, _text(p))]
        elif path.suffix.lower() in DATA:
            yield name, lambda p=path, n=name: _encounters(p, n)


def _text(path: Path) -> str:
    """The text of a file.

    Raises:
        InputError: it is empty, far too large for a note, or no text.
        ConfigError: what reads its kind is not installed.
    """
    try:
        with path.open("rb") as file:
            head = file.read(4096)
        size = path.stat().st_size
    except OSError as error:
        raise InputError(f"it cannot be read: {error.strerror}") from None
    pdf = head[:5] == b"%PDF-"
    most = MOST_PDF_BYTES if pdf else MOST_BYTES
    if size > most:
        raise InputError(f"it has {size / 1e6:,.0f} MB; a note has at most {most / 1e6:,.0f}")
    if not pdf and (b"\x00" in head or sum(b < 9 for b in head) > len(head) // 20):
        raise InputError("it holds binary data, no text")
    try:
        text = note_text(path)
    except InputError as error:
        raise InputError(str(error).removeprefix(f"note {path.name} ")) from None
    if not text.strip():
        raise InputError("it is empty")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _paper(name: str, stem: str, text: str) -> Paper:
    head = read_heading(text)
    kind = head.kind or "note"
    if match := _REPORT.fullmatch(stem):
        kind, stem = "report", match["stem"]
    elif match := _LOG.fullmatch(stem):
        kind, stem = "log", match["stem"]
    return Paper(name, kind, text, head, stem)


def _encounters(path: Path, name: str) -> list[Paper]:
    """Encounters of a JSON file, or of one with an encounter a line."""
    text = _text(path)
    if path.suffix.lower() == ".json":
        return [_encounter(name, path.stem, _loaded(text, "it"))]
    lines = [(n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
    return [_encounter(f"{name}:{n}", "", _loaded(line, f"line {n}")) for n, line in lines]


def _loaded(text: str, what: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(f"{what} is not valid JSON: {error.msg} at character {error.pos + 1}") from None
    except RecursionError:
        raise InputError(f"{what} is nested too deeply to be an encounter") from None


def _encounter(name: str, stem: str, data: Any) -> Paper:
    """A structured encounter, or a note with the claim it belongs to beside it."""
    if not isinstance(data, dict):
        raise InputError("an encounter is a JSON object with procedures, em, payer and date")
    inner = data["structured"] if isinstance(data.get("structured"), dict) else data
    head = Heading()
    for key in ("claim", "claim_id", "claim_number"):
        head.claims += [str(v) for d in (data, inner)[: 1 if inner is data else 2] if (v := d.get(key))]
    for key in ("patient_id", "mrn", "member_id", "patient"):
        head.patients += [str(v) for v in (data.get(key), inner.get(key)) if isinstance(v, str | int) and v != ""]
    note = data.get("note")
    if isinstance(note, str) and note.strip() and inner is data and not {"procedures", "em"} & set(data):
        told = read_heading(note)
        head.spans, head.days = told.spans, [d for d, _ in dates(str(data.get("date", "")))[:1]] or told.days
        return Paper(name, "note", note, head, str(data.get("id") or stem))
    encounter = Encounter.read(inner)
    head.days = [encounter.date] if encounter.date else [d for d, _ in dates(str(data.get("date", "")))[:1]]
    return Paper(name, "encounter", "", head, str(encounter.id or data.get("id") or stem), encounter)


def _indexed(folder: Path, index: Path) -> Iterator[tuple[str, Any]]:
    try:
        data = json.loads(index.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{index.name} is not readable JSON: {error}") from None
    if not isinstance(data, dict):
        raise InputError(f"{index.name} must be an object: claim id to its notes, pathology and specimens")
    for claim, entry in data.items():
        yield from _entry(folder, claim, entry)


def _entry(folder: Path, claim: str, given: Any) -> Iterator[tuple[str, Any]]:
    entry = {"notes": given} if isinstance(given, str | list) else given
    if not isinstance(entry, dict) or not set(entry) <= {"notes", "note", "pathology", "specimens"}:
        raise InputError(f"{INDEX}: the entry of claim {claim} may have notes, pathology and specimens only")
    for key, kind in (("note", "note"), ("notes", "note"), ("pathology", "report"), ("specimens", "log")):
        for source in _listed(entry.get(key)):
            yield _source(folder, claim, str(source), kind)


def _listed(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _source(folder: Path, claim: str, source: str, kind: str) -> tuple[str, Any]:
    """A file of the folder by its name, or the text itself."""

    def named(name: str, text: str) -> list[Paper]:
        head = read_heading(text)
        head.claims = [claim]
        return [Paper(name, kind, text, head)]

    if "\n" not in source and len(source) < 200 and Path(source).suffix.lower() in TEXT:
        path = folder / source
        if not path.resolve().is_relative_to(folder.resolve()):
            raise InputError(f"{INDEX}: the file of claim {claim} lies outside the folder of notes")
        return source, lambda: named(source, _text(path))
    name = {"note": "note", "report": "report", "log": "specimen log"}[kind] + f" of {claim}"
    return name, lambda: named(name, source)
