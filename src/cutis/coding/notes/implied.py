"""Acts that a clause can only mean, though it has no word for them."""

import re
from typing import Final

from cutis.coding.notes.attributes import Facts
from cutis.coding.notes.document import Clause, Document
from cutis.coding.notes.lexicon import Mention
from cutis.coding.notes.roles import EXCISED, LESION, MARGIN

_INJECTED: Final = frozenset({"triamcinolone", "candida", "bleomycin", "fluorouracil"})


def injected(document: Document, clause: Clause, facts: Facts) -> list[Mention]:
    """A drug in millilitres put into a lesion: "candida antigen 0.2 mL into wart"."""
    drug = next((m for m in clause.mentions if m.kind == "drug" and m.value in _INJECTED), None)
    dosed = any(m.kind == "dose" and m.unit in {"ml", "mg/ml", "mg/cc"} for m in clause.measures)
    lesion = any(d.sure != "suspected" for d in facts.dxs)
    inside = any(t.norm in {"into", "to", "in"} for t in document.tokens[clause.first : clause.last])
    return (
        [drug._replace(kind="technique", value="intralesional injection")]
        if drug and dosed and lesion and inside
        else []
    )


def excised(facts: Facts) -> list[Mention]:
    """A lesion with its measured margin, or an excised diameter, and no word for the cut: "BCC 1.2 cm, margins 0.4 cm"."""
    sizes = {s.role: s for s in facts.sizes}
    lesion = any(d.sure != "suspected" for d in facts.dxs)
    if not lesion or not facts.sites or not (EXCISED in sizes or {LESION, MARGIN} <= set(sizes)):
        return []
    size = sizes.get(EXCISED) or sizes[MARGIN]
    return [Mention("technique", "excision", size.first, size.first + 1, size.start, size.end)]


_THREAD = r"(?:\d\s?-\s?0|vicryl|nylon|prolene|monocryl|ethilon|pds|gut|chromic|silk|polysorb|biosyn|maxon|sutures?|stitch(?:es)?)"
_LINK = r"(?:with|closure|repair|was|were|using|by|of|layers?|sutures?|approximated|re-?approximated|apposed|brought together|over|bared|exposed|cartilage|bone|closed|interrupted|running|buried|inverted|and|the|a|in|absorbable|tissue|plane)"
_BETWEEN = rf"(?:[\s(:-]+{_LINK}){{0,5}}?[\s(:-]+"
_DEEP: Final = re.compile(
    rf"\b(?:dead space|cavity|deep(?:er)?|buried|dermal|dermis|sq|subq|sub-?q|subcut\w*|subdermal|fascia\w*|muscle|galea\w*|platysma|perichondrium|periosteum|mucosa){_BETWEEN}{_THREAD}\b"
    rf"|\b{_THREAD}{_BETWEEN}(?:deep|buried|dermal|dermis|sq|subq|sub-?q|subcut\w*|subdermal|fascia\w*|galea|perichondrium|periosteum)\b",
    re.IGNORECASE,
)
_TOP: Final = re.compile(
    rf"\b(?:skin|epiderm\w*|superficial|percutaneous|cutaneous|simple interrupted|running|interrupted){_BETWEEN}{_THREAD}\b|\b{_THREAD}\b",
    re.IGNORECASE,
)
_OUT: Final = re.compile(r"\b(?:remov\w*|out|no|taken|intact|d/c|spit\w*)\b", re.IGNORECASE)


def closed(document: Document, clause: Clause, found: list[Mention], *, wound: bool) -> list[Mention]:
    """A closure told by its threads alone: a deep layer makes it layered, threads in the skin alone a simple one.

    Args:
        document: the note.
        clause: one of its clauses.
        found: the acts named in it.
        wound: it speaks of a laceration, or of what was just cut.
    """
    told = [m.value for m in found if m.kind == "closure"]
    if not wound or set(told) - {"simple"} or clause.first >= clause.last:
        return []
    begin, end = document.tokens[clause.first].start, document.tokens[clause.last - 1].end
    text = document.text[begin:end]
    match = _DEEP.search(text) or _TOP.search(text)
    if match is None or _OUT.search(text) or (told and not _DEEP.search(text)):
        return []
    grade = "intermediate" if _DEEP.search(text) else "simple"
    start = begin + match.start()
    first = max(clause.first, document.token_at(start))
    return [Mention("closure", grade, first, first + 1, start, begin + match.end())]


def packed(document: Document, clause: Clause, facts: Facts) -> list[Mention]:
    """A wound that came open, packed and left to heal."""
    if not any(m.kind == "wound" and m.value == "dehiscence" for m in facts.others):
        return []
    token = next((i for i in range(clause.first, clause.last) if document.tokens[i].norm in _PACK), None)
    if token is None:
        return []
    place = document.tokens[token]
    return [Mention("technique", "wound packing", token, token + 1, place.start, place.end)]


_PACK: Final = frozenset({"packed", "packing", "repacked", "pack"})
_INCISED: Final = frozenset({"incised", "incision", "stabbed", "opened"})
_DRAINED: Final = frozenset({"abscess", "inflamed cyst", "paronychia", "seroma", "hematoma"})
_ISSUES: Final = re.compile(
    r"\b(?:pus|purulen\w+|drain\w*|evacuat\w+|serous|serosang\w+|blood|clot|fluid|cavity|loculat\w*)", re.IGNORECASE
)


def opened(document: Document, clause: Clause, facts: Facts) -> list[Mention]:
    """An abscess or the like that was cut open and gave pus: incision and drainage without those words."""
    if not any(d.value in _DRAINED and d.sure != "suspected" for d in facts.dxs):
        return []
    token = next((i for i in range(clause.first, clause.last) if document.tokens[i].norm in _INCISED), None)
    if token is None or not _ISSUES.search(document.words(clause.first, clause.last)):
        return []
    place = document.tokens[token]
    return [Mention("technique", "i&d", token, token + 1, place.start, place.end)]
