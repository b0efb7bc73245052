"""Notes of a laboratory: what stands in them was received and read, not cut; specimens are counted by container."""

import re
from typing import Final

from cutis.coding.notes.acts import Act
from cutis.coding.notes.attributes import nature
from cutis.coding.notes.context import DONE
from cutis.coding.notes.document import Document
from cutis.coding.notes.measures import WORDS

_CUTS: Final = frozenset({"biopsy", "excision", "shave", "tag", "nail", "mohs", "remove"})
# Words of the bench alone; with them even a named biopsy is the tissue that came in.
_BENCH: Final = re.compile(
    r"\b(?:received|accession\w*|formalin|paraffin|grossed|gross(?:ly)?(?: exam\w*)?|microscop\w+|cassettes?|inked|serially sectioned|signed out|"
    r"containers?|jars?|(?:in|separate) bottles?|(?:skin|tissue|surgical|bx|biopsy|derm\w*) specimens?|specimens? (?:received|submitted|read|processed)|"
    r"margins? (?:were |was )?(?:evaluated|examined|assessed|inked|checked)|margin specimen)\b",
    re.IGNORECASE,
)
_READ: Final = re.compile(
    r"\b(?:h\s?&\s?e|h and e|stain(?:s|ed)?|levels|tc only|technical|slides?|specimens?|surg(?:ical)? path\w*|dermpath\w*|dermatopath\w*|pas|gms|ihc|microscop\w+)\b",
    re.IGNORECASE,
)
_CLINIC: Final = re.compile(
    r"\b(?:pt|patient|lido\w*|an(?:a)?esthe\w*|h(?:a)?emosta\w*|alcl\w*|drysol|closed|closure|sutur\w*|vicryl|nylon|consent|prepped|bandage\w*|"
    r"tolerated|rtc|f/u|cryo\w*|ln2|sent|obtained|performed|taken|done|today|(?:for|to) (?:derm)?path\w*|\d\s?[cm]m margins?|punch|tangential|shave|stages?)\b",
    re.IGNORECASE,
)
_REPORT: Final = re.compile(
    r"(?:dermato|surgical |derm\s?)?path\w*(?: laboratory)? report|surgical pathology|\bgross(?: description| [a-h])?\s*:|\bmicro(?:scopic)?(?: description| [a-h])?\s*:|"
    r"\bcassettes?\b|\baccession|\bspecimens? (?:received|submitted)|\bclinical (?:history|data|info\w*)\s*:|\bfinal diagnosis\s*:|\b(?:specimen|part) [a-h]\b|\bformalin\b"
)
# a heading that says whose note it is, and words that only the one who cuts writes
_HEADED: Final = re.compile(
    r"\W*(?:(?:in[\s-]?house|our)\s+(?:derm(?:ato)?\s?)?(?:path\w*|lab\w*|read\w*|interpretation|sign[\s-]?out)(?:\s+(?:lab\w*|read\w*|case|service|work))?"
    r"|derm(?:ato)?\s?path\w*(?:\s+(?:lab\w*|read\w*|case|service|work))?)\s*[:,]",
    re.IGNORECASE,
)
_CUTTING: Final = re.compile(
    r"\b(?:lido\w*|an(?:a)?esthe\w*|h(?:a)?emosta\w*|alcl\w*|drysol|closed|closure|sutur\w*|consent|prepped|bandage\w*|tolerated)\b",
    re.IGNORECASE,
)
_CAME_IN: Final = re.compile(
    r"\breceived\b|\baccession|\bsigned out\b|\bformalin\b|\bh\s?&\s?e\b|\blevels\b|\bgross\b", re.IGNORECASE
)
_LETTER: Final = re.compile(r"(?:^|(?<=[\s;,.(]))(?:part |specimen )?([A-H])\s?[.):]\s", re.IGNORECASE)
_JAR: Final = re.compile(r"\b(?:jar|part|specimen|container|bottle|vial)\s*#?\s*(\d)\s*[.):-]", re.IGNORECASE)
_RANGE: Final = re.compile(r"\b([A-H])\s?(?:-|\u2013|to|through|thru)\s?([A-H])\b(?!\s?flap)")
_NUMBER: Final = rf"\d{{1,2}}|{'|'.join(w for w in WORDS if w not in {'once', 'twice', 'thrice', 'zero'})}"
_IN: Final = re.compile(
    rf"\b({_NUMBER})\s+(?:separate\w*\s+|different\s+|labell?ed\s+)*(?:containers?|jars?|bottles?|vials?)\b",
    re.IGNORECASE,
)
_OF: Final = re.compile(
    rf"\b({_NUMBER})\s+(?:\w+\s+){{0,3}}?(?:specimens?|parts?|biops(?:y|ies)|bx'?s?|fragments?|pieces?|cases?)\b",
    re.IGNORECASE,
)
_TIMES: Final = re.compile(r"(?:\bx\s?|\u00d7\s?)(\d{1,2})\b|\bspecimens?\s*[:=#(]\s*(\d{1,2})\b", re.IGNORECASE)
_ONE: Final = re.compile(
    r"not (?:separately |individually )?(?:identified|labell?ed|designated|differentiated)|(?:same|single|one|1) (?:container|jar|bottle)|unlabell?ed|together in",
    re.IGNORECASE,
)
_BESIDE: Final = 2  # tokens between a side and its place
_EACH: Final = re.compile(r"\b(?:each|every|both|all|per specimen|respectively|apiece)\b", re.IGNORECASE)
_KINDS: Final = (
    ("nail", re.compile(r"nail (?:plate|clip\w*)|\bnail\b(?!.{0,12}(?:bx|biops|bed|matrix|unit))|\btoenail\b|\bfingernail\b", re.IGNORECASE)),
    ("scar", re.compile(r"\bscars?\b|\bdog ears?\b|\bredundant skin\b|\bstanding cones?\b|\bplastic repair\b", re.IGNORECASE)),
    ("lymph node", re.compile(r"\b(?:lymph|sentinel) nodes?\b", re.IGNORECASE)),
    ("debridement", re.compile(r"\bdebrid\w+", re.IGNORECASE)),
    ("gross only", re.compile(r"\bgross (?:exam\w* )?only\b", re.IGNORECASE)),
)  # fmt: skip


def laboratory(document: Document, acts: list[Act]) -> list[Act]:
    """The acts of a note, with tissue that was only received and read as specimens.

    Args:
        document: the note.
        acts: as read.

    Returns:
        The same acts, or those of the laboratory where the note is one of its.
    """
    text = document.text
    cuts = [a for a in acts if a.family in _CUTS and a.status == DONE]
    others = [a for a in acts if a.status == DONE and a.family not in _CUTS | {"path"}]
    if others or not _is_laboratory(text, acts, cuts):
        return acts
    stained = [a for a in acts if a.family == "path" and a.technique != "surgical pathology"]
    if any(a.technique in {"frozen section", "slide consultation", "immunofluorescence"} for a in stained) and not cuts:
        return acts
    specimens = _specimens(document, cuts)
    number = sum(s.get("count_specimen") for s in specimens)
    for act in stained:
        _times_each(document, act, number)
    return specimens + stained + [a for a in acts if a.status != DONE]


def _is_laboratory(text: str, acts: list[Act], cuts: list[Act]) -> bool:
    bench = _BENCH.search(text) is not None
    if cuts and _HEADED.match(text) and not _CUTTING.search(text) and all(_unsized(a) for a in cuts):
        return True
    if not cuts and not any(a.family == "path" for a in acts):
        return bench and not _CLINIC.search(text)
    if not cuts:
        return bench or re.search(r"nails?\b", text, re.IGNORECASE) is not None
    bare = all(
        a.technique == "biopsy" or (a.family in {"excision", "tag", "nail", "remove"} and _unsized(a)) or _of_margin(a)
        for a in cuts
    )
    if len(set(_REPORT.findall(text.lower()))) > 1:
        return True  # the words of a report: what was cut is what came in
    if _CAME_IN.search(text) and len(set(_CAME_IN.findall(text.lower()))) > 1:
        return True
    if bench:
        return (bare or "received" in text.lower()) and not _CLINIC.search(text)
    return bare and _READ.search(text) is not None and not _CLINIC.search(text)


def _unsized(act: Act) -> bool:
    """Whether no length of a surgeon is told: a pathologist measures in three dimensions."""
    return not any(act.get(n) is not None for n in ("lesion_cm", "excised_cm", "margin_cm", "repair", "repair_cm"))


def _of_margin(act: Act) -> bool:
    """Tissue of Mohs surgery that went to a laboratory: no stage is told, and another physician reads."""
    return act.family == "mohs" and act.get("stages") is None and act.get("pathologist") == "separate"


def _specimens(document: Document, cuts: list[Act]) -> list[Act]:
    text = document.text
    every = list(_LETTER.finditer(text))
    marks: list[re.Match[str]] = []
    for mark in every:
        if mark.group(1).upper() == chr(65 + len(marks)):
            marks.append(mark)
    if len(marks) < 2:
        marks = [m for n, m in enumerate(_JAR.finditer(text), 1) if m.group(1) == str(n)]
        every = marks
    if len(marks) > 1:
        after = [m.start() for m in every if m.start() > marks[-1].start()]
        ends = [m.start() for m in marks[1:]] + [after[0] if after else len(text)]
        return [
            _specimen(document, m.start(), end, _within(text[m.end() : end]))
            for m, end in zip(marks, ends, strict=True)
        ]
    return [_specimen(document, 0, len(text), _number(text, cuts))]


def _within(part: str) -> int:
    """How many specimens stand under one letter: one, unless containers are told."""
    found = _IN.search(part)
    return _value(found.group(1)) if found else 1


def _value(word: str) -> int:
    return int(word) if word.isdecimal() else WORDS.get(word.lower(), 1)


def _number(text: str, cuts: list[Act]) -> int:
    """Specimens of a note without letters before each: by containers, by count, or one for each thing that was cut."""
    if span := _RANGE.search(text):
        return max(1, ord(span.group(2)) - ord(span.group(1)) + 1)
    if _ONE.search(text):
        return 1
    for pattern in (_IN, _OF):
        if found := pattern.search(text):
            return max(1, _value(found.group(1)))
    if times := _TIMES.search(text):
        return max(1, int(times.group(1) or times.group(2)))
    return max(1, sum(a.get("count") or 1 for a in cuts))


def _specimen(document: Document, start: int, end: int, number: int) -> Act:
    act = Act("surgical pathology", "path", DONE, start, end)
    inside = [m for m in document.mentions if start <= m.start < end]
    dxs = [m for m in inside if m.kind == "dx" and nature(m.value) != "generic"]
    for mention in inside:
        if mention.kind == "component":
            act.put("component", mention.value, mention.start, mention.end)
        elif mention.kind == "site":
            beside = (m for m in inside if m.kind == "side" and 0 <= mention.first - m.last <= _BESIDE)
            side = next((m.value for m in beside if m.value != "bilateral"), "")
            act.put("site", f"{side} {mention.value}".strip(), mention.start, mention.end)
    component = next((m for m in document.mentions if m.kind == "component"), None)
    if component is not None:
        act.put("component", component.value, component.start, component.end)
    if dxs:
        act.put("pathology", dxs[0].value, dxs[0].start, dxs[0].end)
    for name, pattern in _KINDS:
        if found := pattern.search(document.text, start, end):
            act.put("specimen", name, found.start(), found.end())
            break
    act.put("count_specimen", number, start, end)
    return act


def _times_each(document: Document, act: Act, number: int) -> None:
    """Stains "on each" are done for every specimen."""
    if number < 2 or not _EACH.search(document.text):
        return
    if act.technique == "special stain":
        act.put("stains", (act.get("stains") or 1) * number, act.start, act.end, over=True)
    else:
        act.put("count_specimen", number, act.start, act.end, over=True)
