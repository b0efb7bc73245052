"""What the head of a note says it belongs to: claim, patient, member, birth, day of service, and what kind of paper it is."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Final

_HEAD_LINES: Final = 40
_HEAD_CHARACTERS: Final = 4_000
_PARTED: Final = re.compile(r"\t+| {2,}|\s*[|;]\s*")
_NO: Final = r"(?:\s*(?:id|no\.?|number|nbr|#))?"
_FIELD: Final = re.compile(
    r"^[\s#*>_-]*(?:"
    rf"(?P<claim>(?:claim|patient control|account){_NO})"
    rf"|(?P<patient>(?:patient|pt|mrn|chart){_NO}(?:\s*name)?|name)"
    rf"|(?P<member>(?:member|subscriber|insurance|policy){_NO})"
    r"|(?P<birth>dob|d\.o\.b\.|date of birth|birth\s?date|born)"
    r"|(?P<day>dos|d\.o\.s\.|date of (?:service|visit|procedure|surgery|collection)|(?:service|visit|encounter|procedure|surgery|"
    r"collection|specimen) date|(?:date )?(?:collected|obtained|taken)|date)"
    r"|(?P<kind>(?:document )?type|document)"
    r")[\s*_]*[:=#]\s*[*_]*\s*(?P<value>\S.*?)[\s*_]*$",
    re.IGNORECASE,
)
_TITLE: Final = re.compile(r"^#*\s*claim\s+(?P<value>[A-Za-z0-9._/-]*\d[A-Za-z0-9._/-]*)\s*$", re.IGNORECASE)
_REPORT: Final = re.compile(
    r"^[\s#*]*(?:final\s+)?(?:surgical |dermato|histo)?path(?:ology)?(?:\s+report)?\b", re.IGNORECASE
)
_ID: Final = re.compile(r"[A-Za-z0-9._/-]*\d[A-Za-z0-9._/-]*")
_NAME: Final = re.compile(r"(?P<last>[A-Z][\w'\u2019-]+),\s*(?P<first>[A-Z][\w'\u2019-]+)(?:\s+[A-Z]\.?)?")
_FULL_NAME: Final = re.compile(r"(?P<first>[A-Z][\w'\u2019-]+)(?:\s+[A-Z]\.?)?\s+(?P<last>[A-Z][\w'\u2019-]+)")
_MONTHS: Final = {
    m: n for n, m in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)
}
_DATES: Final = (
    (re.compile(r"\b(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})\b"), ""),
    (re.compile(r"\b(?P<m>\d{1,2})[/.-](?P<d>\d{1,2})[/.-](?P<y>\d{4}|\d{2})\b"), ""),
    (re.compile(r"\b(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})\b"), ""),
    (re.compile(r"\b(?P<m>[a-z]{3})[a-z]*\.?\s+(?P<d>\d{1,2}),?\s+(?P<y>\d{4})\b", re.IGNORECASE), "word"),
    (re.compile(r"\b(?P<d>\d{1,2})\s+(?P<m>[a-z]{3})[a-z]*\.?\s+(?P<y>\d{4})\b", re.IGNORECASE), "word"),
)


@dataclass(slots=True)
class Heading:
    """What the head of a paper says.

    Attributes:
        claims: claim ids.
        patients: ids of the patient, as the practice or the payer gives them.
        names: (last, first).
        birth: date of birth.
        days: days of service, or on which tissue was taken.
        kind: "note", "report", "log", or None where it does not say.
        spans: characters that say so; they are no part of what was done.
    """

    claims: list[str] = field(default_factory=list)
    patients: list[str] = field(default_factory=list)
    names: list[tuple[str, str]] = field(default_factory=list)
    birth: date | None = None
    days: list[date] = field(default_factory=list)
    kind: str | None = None
    spans: list[tuple[int, int]] = field(default_factory=list)

    def body(self, text: str) -> str:
        """The text with the head's own words blanked; every other character stays where it is."""
        for start, end in self.spans:
            text = text[:start] + re.sub(r"\S", " ", text[start:end]) + text[end:]
        return text


def read_heading(text: str) -> Heading:
    """Read front matter and lines such as `Claim: A1`, `MRN: 77`, `DOS: 03/02/2026`, in the first lines of a paper.

    Args:
        text: of the paper.
    """
    head = Heading()
    at = 0
    matter = text.startswith("---")
    for number, line in enumerate(text[:_HEAD_CHARACTERS].splitlines(keepends=True)):
        if number >= _HEAD_LINES:
            break
        if matter and line.strip() == "---":
            head.spans.append((at, at + len(line)))
        elif title := _TITLE.match(line.rstrip()):
            head.claims.append(title["value"])
            head.spans.append((at, at + len(line.rstrip())))
        else:
            for start, part in _parts(line):
                _field(head, part, at + start)
        if head.kind is None and line.strip() and number < 3 and _REPORT.match(line) and len(line) < 80:
            head.kind = "report"
        at += len(line)
    return head


def _parts(line: str) -> list[tuple[int, str]]:
    """Several fields that stand side by side on one line."""
    found, begin = [], 0
    for gap in _PARTED.finditer(line):
        found.append((begin, line[begin : gap.start()]))
        begin = gap.end()
    return [*found, (begin, line[begin:].rstrip("\r\n"))]


def _field(head: Heading, part: str, at: int) -> None:
    match = _FIELD.match(part)
    if match is None:
        return
    value = match["value"]
    end = _KINDS[_named(match)](head, value)
    if end:
        head.spans.append((at, at + match.start("value") + end))


def _named(match: re.Match[str]) -> str:
    return next(name for name, text in match.groupdict().items() if text and name != "value")


def _claim(head: Heading, value: str) -> int:
    found = _ID.match(value)
    if found:
        head.claims.append(found[0])
    return found.end() if found else 0


def _patient(head: Heading, value: str) -> int:
    if found := _ID.match(value):
        head.patients.append(found[0])
        return found.end()
    for form in (_NAME, _FULL_NAME):
        if name := form.fullmatch(value.rstrip()):
            head.names.append((name["last"], name["first"]))
            return len(value)
    return 0


def _birth(head: Heading, value: str) -> int:
    found = dates(value)
    head.birth = found[0][0] if found else head.birth
    return found[0][1] if found else 0


def _day(head: Heading, value: str) -> int:
    found = dates(value)
    head.days += [day for day, _ in found[:1] if day not in head.days]
    return found[0][1] if found else 0


def _kind(head: Heading, value: str) -> int:
    said = value.lower()
    head.kind = "log" if "specimen" in said else "report" if "path" in said else "note" if "note" in said else None
    return len(value) if head.kind else 0


_KINDS: Final = {"claim": _claim, "patient": _patient, "member": _patient, "birth": _birth, "day": _day, "kind": _kind}


def dates(text: str) -> list[tuple[date, int]]:
    """The dates of a text, each with the character after it, in order; months come before days, as in the United States."""
    found: list[tuple[int, date, int]] = []
    for form, words in _DATES:
        for match in form.finditer(text):
            month = _MONTHS.get(match["m"].lower(), 0) if words else int(match["m"])
            year = int(match["y"]) + (2000 if len(match["y"]) == 2 else 0)
            try:
                found.append((match.start(), date(year, month, int(match["d"])), match.end()))
            except ValueError:
                continue
    return [(day, end) for _, day, end in sorted(found)]
