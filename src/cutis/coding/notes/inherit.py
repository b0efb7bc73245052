"""What an act takes over from what stands elsewhere in the note: the place of the cut that it covers, the one diagnosis."""

import re
from typing import Final

from cutis.coding.notes.acts import Act
from cutis.coding.notes.attributes import Dx, Facts, nature
from cutis.coding.notes.context import DONE, HISTORICAL, NEGATED, PLANNED, REQUESTED, Scopes
from cutis.coding.notes.document import Clause, Document
from cutis.coding.notes.lexicon import Mention

_TREATS: Final = frozenset({"excision", "mohs", "destroy"})
_COVERS: Final = frozenset({"flap", "graft", "repair"})
_CUTS: Final = frozenset({"mohs", "excision"})


def inherit(act: Act, before: list[Act], earlier_acts: list[Act]) -> None:
    """A flap, graft or repair is where the cut was; a re-excision where the first excision was."""
    if act.get("same_lesion") and not act.get("site"):
        before = before or [a for a in earlier_acts if a.status == DONE and a.get("site")][-1:]
    if act.get("site") or act.family not in {
        "flap",
        "graft",
        "repair",
        "mohs",
        "excision",
        "destroy",
        "intralesional",
    }:
        return
    if _asked_for(act, earlier_acts):
        return
    pool = before or [*earlier_acts]
    reuse = act.family in {"flap", "graft", "repair", "intralesional"} or act.technique == "re-excision" or bool(before)
    for earlier in reversed(pool):
        here = act.family == "mohs" and earlier.family in {"biopsy", "path"} and earlier.status == DONE
        proven = earlier.family in {"biopsy", "shave"} and earlier.get("pathology") and act.family in _TREATS
        allowed = earlier.status == DONE or (
            earlier.status == HISTORICAL
            and (act.technique == "re-excision" or proven or (act.family in _COVERS and earlier.family in _CUTS))
        )
        if (
            (reuse or here or (proven and earlier.status == HISTORICAL))
            and allowed
            and (site := earlier.facts.get("site"))
        ):
            act.put("site", *site)
            act.put("side", earlier.get("side"), site.start, site.end)
            for name in ("dx", "pathology"):
                if (dx := earlier.facts.get(name)) and act.family != "repair":
                    act.put(name, *dx)
            return


def _asked_for(act: Act, earlier: list[Act]) -> bool:
    """A cut without a place is where the one cut of its kind was asked for: "referred for excision of BCC, L shoulder"."""
    if act.status != DONE or act.family not in _CUTS or any(a.status == DONE and a.get("site") for a in earlier):
        return False
    asked = [a for a in earlier if a.status in {PLANNED, REQUESTED} and a.family == act.family and a.get("site")]
    own = act.get("dx")
    if len(asked) != 1 or (own and nature(own) != "generic" and own != asked[0].get("dx")):
        return False
    for name in ("site", "side", "dx", "pathology"):
        if fact := asked[0].facts.get(name):
            act.put(name, *fact)
    return True


def is_broader(broad: str, narrow: str) -> bool:
    """Whether one name of a lesion only says less than another: wart and condyloma."""
    return any(broad == b and narrow in n for b, n in _NARROWER)


def share_diagnosis(
    document: Document, acts: list[Act], loose: list[tuple[Clause, Facts]], scopes: dict[int, Scopes]
) -> None:
    """A treatment without a diagnosis of its own is for the one lesion that the note diagnoses, where it is one alone.

    Args:
        document: the note.
        acts: changed in place.
        loose: clauses without an act, with their facts.
        scopes: of each clause by its number.
    """
    wanting = [
        a
        for a in acts
        if a.status == DONE
        and a.family in _FOR_LESIONS
        and not a.get("pathology")
        and (nature(a.get("dx") or "lesion") == "generic" or a.get("dx") == "skin cancer")
    ]
    if not wanting:
        return
    known = _lesions_named(document, acts, loose, scopes)
    if len(known) == 1:
        dx = next(iter(known.values()))
        for act in wanting:
            act.put("dx", dx.value, dx.start, dx.end, over=True)
            act.put("dx_sure", dx.sure, dx.start, dx.end, over=True)


def _lesions_named(
    document: Document, acts: list[Act], loose: list[tuple[Clause, Facts]], scopes: dict[int, Scopes]
) -> dict[str, Dx]:
    """The lesions that the note diagnoses today, broad names left out where a narrower one stands beside them."""
    known: dict[str, Dx] = {}
    numbers = {id(c): n for n, c in enumerate(document.clauses)}
    for clause, facts in loose:
        words = document.words(clause.first, clause.last)
        if clause.section != "now" or _LET_BE.search(words):
            continue
        for dx in facts.dxs:
            mention = Mention("dx", dx.value, dx.first, dx.last, dx.start, dx.end)
            lesion = nature(dx.value) in {"benign", "premalignant", "malignant"} and dx.sure != "suspected"
            if lesion and scopes[numbers[id(clause)]].status(mention) not in {HISTORICAL, NEGATED}:
                known.setdefault(dx.value, dx)
    for act in acts:
        if (
            act.status == DONE
            and (fact := act.facts.get("dx"))
            and nature(fact.value) != "generic"
            and act.family in _FOR_LESIONS
        ):
            known.setdefault(fact.value, Dx(fact.value, "asserted", 0, 0, fact.start, fact.end))
    for broad, narrow in _NARROWER:
        if narrow & set(known):
            known.pop(broad, None)
    return known


_NARROWER: Final = (
    ("wart", frozenset({"condyloma", "common wart", "plantar wart", "flat wart", "mosaic wart"})),
    ("SK", frozenset({"inflamed SK"})),
    ("benign nevus", frozenset({"intradermal nevus", "compound nevus", "junctional nevus", "dysplastic nevus"})),
    ("skin cancer", frozenset({"BCC", "SCC", "SCC in situ", "melanoma", "melanoma in situ"})),
    ("cyst", frozenset({"epidermal cyst", "pilar cyst", "inflamed cyst", "sebaceous cyst"})),
)
_FOR_LESIONS: Final = frozenset({"destroy", "tag", "pare", "excision", "mohs", "shave", "remove"})
_LET_BE: Final = re.compile(
    r"\b(?:not treated|left alone|left untreated|reassurance|untreated|no tx|no treatment|unchanged|stable|family|mother|father)\b"
)
