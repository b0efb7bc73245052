"""One act told in several sentences: a heading names it, the narrative says how it was done; it is still one act."""

import re
from typing import Final

from cutis.coding.notes.acts import Act
from cutis.coding.notes.attributes import nature
from cutis.coding.notes.context import DONE
from cutis.coding.notes.document import Document

# Families whose words a narrative repeats. Of counted lesions only a sentence that counts and names nothing is a repeat.
_TOLD_AGAIN: Final = frozenset(
    {"excision", "mohs", "flap", "graft", "shave", "biopsy", "nail", "pdt", "drain", "toxin", "repair", "intralesional"}
)
_COUNTED: Final = frozenset({"destroy", "tag", "pare"})
_ANOTHER: Final = frozenset(
    {"second", "another", "additional", "other", "also", "different", "next", "likewise", "new", "more", "third"}
)
_BACK: Final = 40  # acts looked back over
_SIZES: Final = ("lesion_cm", "excised_cm", "repair_cm", "area_sqcm", "defect_cm")
_BROAD: Final = frozenset({"removal", "biopsy", "excision", "shave", "adjacent tissue transfer", "i&d", "destruction"})


def once(document: Document, acts: list[Act]) -> list[Act]:
    """The acts, each told once; what later sentences add is added to the first.

    Args:
        document: the note.
        acts: in order, before their technique is settled.
    """
    kept: list[Act] = []
    for act in acts:
        first = next((a for a in reversed(kept[-_BACK:]) if _repeats(document, a, act)), None)
        if first is None and _stops_bleeding(act, kept):
            continue
        if first is None:
            kept.append(act)
        else:
            _add(first, act)
    return kept


def _repeats(document: Document, first: Act, act: Act) -> bool:
    """Whether an act only tells the first again."""
    if first.family == "shave" and act.technique == "tangential biopsy" and not _own(act, first, "site"):
        return act.sentence != first.sentence  # "#15 blade, tangential" says how it was shaved
    if act.entry:
        return False
    if (
        act.family == "remove"
        and act.technique == "removal"
        and (first.family in _TAKEN_OUT or first.technique == "punch biopsy")
        and first.status == act.status == DONE
    ):
        return not (
            _own(act, first, "site") or _own(act, first, "dx") or act.get("count")
        )  # "the specimen was removed"
    tool = (
        first.family == "excision"
        and act.technique == "punch biopsy"
        and not re.search(r"bx|biops", document.text[act.start : act.end], re.IGNORECASE)
    )
    if tool and not _own(act, first, "site") and first.status == act.status == DONE:
        return act.sentence != first.sentence  # "punch excision ... 5 mm punch used"
    if first.family != act.family or first.status != DONE or act.status != DONE or act.sentence == first.sentence:
        return False
    if act.family not in _TOLD_AGAIN | _COUNTED or _names_another(document, act):
        return False
    if act.family in _COUNTED:
        return not (_own(act, first, "site") or _own(act, first, "dx") or act.get("count"))
    if _places_differ(first, act) or _diagnoses_differ(first, act):
        return False
    if act.technique != first.technique and not {act.technique, first.technique} & _BROAD:
        return False
    same_place = bool(_own(act, first, "site"))
    clash = any(act.get(n) and first.get(n) and act.get(n) != first.get(n) for n in _SIZES)
    counted = act.get("count") and first.get("count") and act.get("count") != first.get("count")
    return not ((clash or counted) and (same_place or act.family == "repair"))


def _stops_bleeding(act: Act, before: list[Act]) -> bool:
    """Whether a cautery without a lesion of its own only stops the bleeding of the cut before it."""
    methods = set(act.get("methods") or ())
    if (
        act.family != "destroy"
        or act.technique != "destruction"
        or not methods
        or not methods <= {"electro", "chemical"}
    ):
        return False
    if not before or act.get("site") or act.get("count") or act.get("lesion_cm"):
        return False
    last = before[-1]
    if last.status != DONE or last.family not in _BLEED or act.get("dx") not in {None, last.get("dx")}:
        return False
    return act.sentence - last.sentence <= 1 or methods == {"electro"}


_BLEED: Final = frozenset({"biopsy", "shave", "excision", "tag", "drain", "mohs"})


def _names_another(document: Document, act: Act) -> bool:
    at = document.token_at(act.start)
    return any(t.norm in _ANOTHER for t in document.tokens[max(0, at - 4) : at + 3])


def _own(act: Act, first: Act, name: str) -> object:
    """A fact of the later act that is not the very words of the first."""
    fact, other = act.facts.get(name), first.facts.get(name)
    return None if fact is None or (other is not None and other.start == fact.start) else fact.value


def _places_differ(first: Act, act: Act) -> bool:
    """Whether the later act names a place of its own that is not within the words for the first."""
    mine = _own(act, first, "site")
    if mine is None:
        return False
    held = str(first.get("site") or "")
    if not held:
        return False
    one, other = set(str(mine).split()), set(held.split())
    return not (one <= other or other <= one)


def _diagnoses_differ(first: Act, act: Act) -> bool:
    mine, held = _own(act, first, "dx"), first.get("dx")
    if mine is None or held is None or mine == held:
        return False
    return (
        nature(str(mine)) not in {"generic", "acute"}
        and nature(held) not in {"generic", "acute"}
        and not act.get("pathology")
    )


def _add(first: Act, act: Act) -> None:
    for name, fact in act.facts.items():
        if name == "repair" and first.get("repair") and _RANK.get(fact.value, 0) > _RANK.get(first.get("repair"), 0):
            first.put(name, *fact, over=True)
        first.put(name, *fact)
    if act.technique not in _BROAD and first.technique in _BROAD and act.family == first.family:
        first.technique = act.technique
    first.ranges += act.ranges


_TAKEN_OUT: Final = frozenset({"excision", "mohs", "shave", "nail", "drain", "foreign", "tag"})
_RANK: Final = {"simple": 1, "intermediate": 2, "complex": 3}
