"""Specimens of a pathology report or a specimen log: label, site, technique, diagnosis, margins."""

import re
from dataclasses import dataclass
from typing import Final

from cutis.coding.notes.attributes import facts_of, nature
from cutis.coding.notes.context import Scopes
from cutis.coding.notes.document import Clause, read_document

_LABEL: Final = re.compile(
    r"^\s*(?:(?:specimen|part|container)\s+)?(?P<label>[A-Z]|\d{1,2})\s*[.):/-]\s*(?P<rest>\S.*)$", re.IGNORECASE
)
_SECTION: Final = re.compile(
    r"^\s*(?:final\s+)?(?:path\w*\s+)?diagnos[ie]s\b|^\s*(?:gross|microscopic|clinical|comment|note)\b", re.IGNORECASE
)
_SKIPPED: Final = re.compile(r"^\s*(?:gross|microscopic|clinical|history|comment)\b", re.IGNORECASE)
_MARGIN_POSITIVE: Final = re.compile(
    r"margins?\s+(?:\w+\s+){0,3}(?:positive|involved)|(?:extends?|present)\s+(?:\w+\s+){0,3}margin|transected|positive\s+margins?",
    re.IGNORECASE,
)
_MARGIN_CLEAR: Final = re.compile(
    r"margins?\s+(?:\w+\s+){0,3}(?:clear|negative|free|uninvolved)|(?:clear|negative|free)\s+(?:of\s+)?margins?",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Specimen:
    """One specimen.

    Attributes:
        label: A, B, 1, ... or "" where none is written.
        site: as the note reader names it, or None.
        diagnosis: the most telling diagnosis named, or None.
        nature: malignant, premalignant, benign, ... of that diagnosis.
        technique: of the procedure named, or None.
        margins: positive, clear or None.
        text: the words it was read from.
        reported: it has a diagnosis of a pathologist, not only an entry in a log.
    """

    label: str
    site: str | None
    diagnosis: str | None
    nature: str | None
    technique: str | None
    margins: str | None
    text: str
    reported: bool


def read_specimens(text: str, *, reported: bool = True) -> list[Specimen]:
    """The specimens of a report, or of a log with one specimen a line.

    A specimen that is named twice (submitted, then diagnosed) is one: its parts are joined by label.
    """
    parts: dict[str, list[str]] = {}
    current: str | None = None
    skipping = False
    for line in text.splitlines():
        if not line.strip():
            continue
        match = _LABEL.match(line)
        if match:
            current, skipping = match["label"].upper(), False
            parts.setdefault(current, []).append(match["rest"])
        elif _SECTION.match(line):
            skipping, current = bool(_SKIPPED.match(line)), None
        elif current is not None and not skipping:
            parts[current].append(line.strip())
    if not parts and text.strip():
        parts[""] = [text.strip()]
    return [_specimen(label, ". ".join(words), reported=reported) for label, words in parts.items()]


def _specimen(label: str, words: str, *, reported: bool) -> Specimen:
    document = read_document(words)
    whole = Clause(0, len(document.tokens), 0)
    whole.mentions, whole.measures = document.mentions, document.measures
    facts = facts_of(document, whole, Scopes(document, whole))
    named = [d for d in facts.dxs if nature(d.value) != "generic"]
    worst = min(named, key=lambda d: (_RANK.get(nature(d.value), 4), -d.start), default=None)
    techniques = [m.value for m in document.mentions if m.kind == "technique"]
    return Specimen(
        label,
        facts.sites[0].text if facts.sites else None,
        worst.value if worst else None,
        nature(worst.value) if worst else None,
        techniques[0] if techniques else None,
        "positive" if _MARGIN_POSITIVE.search(words) else "clear" if _MARGIN_CLEAR.search(words) else None,
        words,
        reported and worst is not None,
    )


_RANK: Final = {"malignant": 0, "premalignant": 1, "benign": 2}
