"""The one technique of an act, once its diagnosis, site and purpose are known."""

import re
from collections.abc import Callable
from typing import Final

from cutis.coding.notes.acts import Act
from cutis.coding.notes.attributes import nature
from cutis.coding.notes.context import NEGATED
from cutis.coding.notes.document import Document
from cutis.coding.notes.measures import WORDS
from cutis.coding.notes.wounds import closure, cover, spread_out, words_of

TAG: Final = "skin tag"
_DEEP: Final = frozenset({"lipoma", "soft tissue tumor"})
_DESTROYED: Final = frozenset(
    {
        "wart",
        "common wart",
        "plantar wart",
        "flat wart",
        "mosaic wart",
        "condyloma",
        "molluscum",
        "lentigo",
        "AK",
        "SK",
        "inflamed SK",
        "milia",
        "angioma",
    }
)
_MEDICAL_TOXIN_SITES: Final = ("axilla", "hand", "foot", "palm", "sole")


def settle(document: Document, act: Act) -> None:
    """Replace the technique as written by the one the coder knows, and drop what was not an act at all."""
    if rule := _RULES.get(act.family):
        rule(document, act)
    closure(document, act)
    if act.get("dx") == "condyloma" and "perianal" in (act.get("site") or ""):
        site = act.facts["site"]
        act.put("site", "anus", site.start, site.end, over=True)  # the anal codes include the skin around it
    if (act.get("sites") and len(act.get("sites")) > 1) and act.family == "biopsy" and act.get("count") is None:
        act.put("count", 1, act.start, act.end)


def _dx(act: Act) -> str:
    return act.get("pathology") or act.get("dx") or ""


def _destroy(_document: Document, act: Act) -> None:
    if _chemical(_document, act):
        return
    places = act.get("sites") or ()
    if (
        act.get("count") is None
        and len(places) > 1
        and re.search(r"\b(?:one|1|single)\W+(?:on\W+)?each\b", words_of(_document, act))
    ):
        act.put("count", len(places), act.start, act.end)
    dx, sure = _dx(act), act.get("dx_sure")
    kind = nature(dx) if dx else ""
    if dx == TAG:
        act.technique, act.family = "skin tag removal", "tag"
    elif kind == "malignant" and sure != "suspected":
        act.technique = "malignant destruction"
    elif kind in {"benign", "premalignant", "disease", "acute"}:
        act.technique = "destruction"
    methods = act.get("methods") or ()
    if act.technique == "destruction" and {"curettage", "electro"} <= set(methods) and not dx:
        act.technique = "malignant destruction"


def _tag(_document: Document, act: Act) -> None:
    dx, site = _dx(act), act.get("site") or ""
    if "nail" in site and dx != TAG:
        act.technique, act.family = "nail clipping", "nail"
    elif act.technique == "snip" and dx in {"", TAG, "lesion"}:
        act.technique = "skin tag removal" if dx == TAG else "snip"
    elif act.technique == "snip":
        act.technique, act.family = "shave removal", "shave"
        act.put("snipped", True, act.start, act.end)


def _shave(_document: Document, act: Act) -> None:
    dx = _dx(act)
    if dx == TAG:
        act.technique, act.family = "skin tag removal", "tag"
        act.put("method", "shave", act.start, act.end)
    elif act.technique == "shave":
        sampled = act.get("purpose") in {"diagnosis", "partial"} or act.get("dx_sure") == "suspected"
        removed = act.get("purpose") == "removal" or act.get("lesion_cm") is not None or nature(dx) == "benign"
        if sampled and act.get("purpose") != "removal":
            act.technique, act.family = "tangential biopsy", "biopsy"
        elif removed:
            act.technique = "shave removal"


_ONE_CUT: Final = re.compile(
    r"\b(?:single|one)\s+(?:elliptical\s|fusiform\s)?(?:excision|ellipse|wound|incision|specimen)\b"
)


_NOT_SAMPLED: Final = re.compile(
    r"\b(?:not|no|never|rather than|instead of)\s+(?:as\s+|for\s+)?(?:an?\s+)?(?:sampl\w+|biops\w+|bx)\b"
)


def _punched_out(document: Document, act: Act) -> bool:
    """A punch that took the whole lesion away for good is an excision of the diameter of the punch."""
    words = _NOT_SAMPLED.sub("", words_of(document, act))
    if act.technique != "punch biopsy" or re.search(r"\b(?:bx|biops\w+|sampl\w+|p\.?bx|pbx)\b", words):
        return False
    whole = act.get("margin_cm") is not None or re.search(
        r"\b(?:remov(?:ed|al)|excis(?:ed|ion)|taken out)\b.*\b(?:in full|full|entire\w*|complete\w*|in toto|whole)\b|\b(?:complete|entire|full|total)\w*(?:\W+thickness)?\s+(?:remov|excis)|\bout\s+(?:completely|entirely|in full|in toto|whole|intact)\b",
        words,
    )
    if not whole:
        return False
    act.technique, act.family = "excision", "excision"
    if act.get("margin_cm") is not None and act.get("lesion_cm") is not None:
        return True
    tool = act.facts.get("tool_cm")
    if tool and act.get("margin_cm") is None and tool.value >= (act.get("lesion_cm") or 0):
        act.facts.pop("lesion_cm", None)
        act.put("excised_cm", *tool)
    return True


def _biopsy(document: Document, act: Act) -> None:
    if _punched_out(document, act):
        return
    if "nail" in (act.get("site") or ""):
        act.technique = "nail unit biopsy"
    elif act.technique in {"shave", "snip"}:
        act.technique = "tangential biopsy"
    if act.technique == "tangential biopsy" and act.get("purpose") == "removal" and act.get("lesion_cm") is not None:
        act.technique, act.family = "shave removal", "shave"


def _excision(_document: Document, act: Act) -> None:
    dx = _dx(act)
    if act.technique == "excisional biopsy":
        act.technique = "excision"
    if (act.get("count") or 1) > 1 and _ONE_CUT.search(words_of(_document, act)):
        act.put("count", 1, act.start, act.end, over=True)  # two nevi in one ellipse are one excision
    if "nail fold" in (act.get("site") or "") and "wedge" in words_of(_document, act):
        act.technique, act.family = "wedge excision of nail fold", "nail"
    elif dx == "hidradenitis":
        act.technique = "hidradenitis excision"
    elif dx in _DEEP and act.get("depth") not in {"full thickness", "dermis"}:
        act.technique = "soft tissue tumor excision"
    elif act.technique == "re-excision":
        act.put("re_excision", True, act.start, act.end)
        act.technique = "excision"


_THREADS_OUT: Final = re.compile(
    r"\b(?:suture|stitch|staple)\w*\W+(?:\w+\W+){0,2}(?:remov|taken out|out\b)|\bremov\w+\W+(?:\w+\W+){0,2}(?:suture|stitch|staple)"
)


def _remove(document: Document, act: Act) -> None:
    dx = _dx(act)
    words = " ".join(document.words(f, l) for f, l in act.ranges)  # noqa: E741
    if _THREADS_OUT.search(words):
        act.technique, act.family = "suture removal", "aftercare"
    elif dx == TAG:
        act.technique, act.family = "skin tag removal", "tag"
    elif dx == "foreign body":
        act.technique, act.family = "foreign body removal", "foreign"
    elif dx in _DEEP:
        act.technique, act.family = "soft tissue tumor excision", "excision"
    elif dx in _DESTROYED:
        act.technique, act.family = "destruction", "destroy"
        if not act.get("methods"):
            act.put("assumed_method", True, act.start, act.end)


def _inject(_document: Document, act: Act) -> None:
    drug, dx = act.get("drug"), _dx(act)
    if act.technique == "injection" and (
        drug in {"triamcinolone", "bleomycin", "candida", "fluorouracil"}
        or dx in {"keloid", "hypertrophic scar", "acne cyst"}
    ):
        act.technique, act.family = "intralesional injection", "intralesional"


def _toxin(_document: Document, act: Act) -> None:
    site = act.get("site") or ""
    medical = _dx(act) == "hyperhidrosis" or any(s in site for s in _MEDICAL_TOXIN_SITES)
    act.technique = "chemodenervation" if medical and act.get("intent") != "cosmetic" else "botulinum toxin"
    if act.technique == "botulinum toxin" and act.get("drug") is None:
        act.put("drug", "onabotulinumtoxinA", act.start, act.end)


def _smear(document: Document, act: Act) -> None:
    before = document.text[max(0, act.start - 12) : act.start].lower()
    sent = re.search(r"\b(?:for|to|send|sent)\s+(?:\w+\s+){0,1}$", before)
    after = document.text[act.end : act.end + 60].lower()
    read = re.search(r"positive|negative|seen|\+|neg\b|pos\b|hyphae|mite|read|show", after)
    if act.technique == "KOH exam" and sent and not read:
        act.technique = "sent for KOH"


def _debride(_document: Document, act: Act) -> None:
    spread_out(_document, act)
    dx, site = _dx(act), act.get("site") or ""
    if "nail" in site or dx in {"onychomycosis", "dystrophic nail"} or "count_nail" in act.facts:
        trimmed = "dystrophic nail trimming" if dx in {"dystrophic nail", "onychomycosis"} else "nail trimming"
        act.technique = trimmed if act.technique == "trimming" else "nail debridement"
        act.family = "nail"
        _nail(_document, act)
    elif dx == "callus":
        act.technique, act.family = "paring", "pare"


def _photo(_document: Document, act: Act) -> None:
    spans = [r for r in act.ranges if r[0] < r[1]]
    for time in _document.measures:
        if (
            time.kind == "minutes"
            and time.value >= 60
            and any(a <= _document.token_at(time.start) < b for a, b in spans)
        ):
            act.put("hours", time.value / 60, time.start, time.end)
    if act.technique in {"puva", "goeckerman"}:
        act.put("light", "UVA" if act.technique == "puva" else "UVB", act.start, act.end, over=True)
        act.put("agent", "psoralen" if act.technique == "puva" else "tar", act.start, act.end, over=True)


_ALLERGENS: Final = re.compile(
    r"=\s*(\d{1,3})\b|\btotal(?:\s+of)?[:\s]+(\d{1,3})\b|\b(\d{1,3})\s+(?:in\s+)?total\b|\b(\d{1,3})\s+(?:tests|allergens|antigens|patches)\b"
)


def _allergy(document: Document, act: Act) -> None:
    if total := _ALLERGENS.search(words_of(document, act)):
        number = next(int(n) for n in total.groups() if n)
        act.put("count_allergen", number, act.start, act.end, over=True)
        act.facts.pop("count", None)
    kind = act.get("allergen")
    if (counted := act.facts.get("count_allergen")) is not None:
        after = [m for m in document.mentions if m.kind == "allergen" and 0 <= m.start - counted.end <= 20]
        kind = (
            next((m.value for m in after if m.value != "allergen"), kind)
            if not after or after[0].value != "allergen"
            else kind
        )
    if act.technique == "prick test" and kind in {"venom", "drug"}:
        act.technique = f"{kind} test"


def _stains(document: Document, act: Act) -> None:
    """How many stains: the markers named, where no number is given; blocks of frozen tissue."""
    if act.technique == "frozen section":
        _frozen_blocks(document, act)
    if act.technique == "immunofluorescence":
        named_sera = set(_SERA.findall(words_of(document, act)))
        if len(named_sera) > 1:
            act.put("stains", len(named_sera), act.start, act.end)
    if act.technique in {"immunohistochemistry", "special stain"}:
        spans = [r for r in act.ranges if r[0] < r[1]]
        named = {
            document.words(m.first, m.last)
            for m in document.mentions
            if m.kind == "technique" and m.value == act.technique and any(a <= m.first < b for a, b in spans)
        }
        known = sorted(named - _STAIN_WORDS)
        act.put("stains", max(len(known), act.get("count_stain") or 1), act.start, act.end)
        if known and act.technique == "special stain":
            frozen = "frozen " if "frozen" in words_of(document, act) else ""
            act.put("method", ", ".join(frozen + k for k in known), act.start, act.end, over=True)
            blocks = _EACH_BLOCK.search(words_of(document, act))
            if frozen and blocks:
                number = int(blocks.group(1)) if blocks.group(1).isdecimal() else WORDS.get(blocks.group(1), 1)
                act.put("blocks", (number,), act.start, act.end, over=True)


_SERA: Final = re.compile(r"\b(?:igg4?|iga|igm|ige|igd|c3d?|c4d?|c1q|c5b-?9|fibrin(?:ogen)?|albumin|collagen iv)\b")
_EACH_BLOCK: Final = re.compile(
    r"(?:each|all|every)\s+(?:of\s+)?(?:the\s+)?(\w+)\s+(?:frozen\s+|tissue\s+)*(?:blocks?|sections?)"
)


def _frozen_blocks(document: Document, act: Act) -> None:
    """The first block of each specimen has its code, each further one an add-on."""
    words = words_of(document, act)
    blocks = [int(n) for n in re.findall(r"(?<![\d/.])(\d{1,2})\s*(?:tissue\s+|frozen\s+)?(?:blocks?|blks?)\b", words)]
    further = re.search(
        r"(\d{1,2})\s*(?:additional|further|more|extra|add'?l)\s*(?:tissue\s+)?(?:blocks?|blks?)", words
    )
    if further:
        blocks = [*blocks, int(further.group(1)) + (0 if blocks else 1)]
    if blocks and act.get("blocks") is None:
        act.put("blocks", tuple(blocks), act.start, act.end)


_OPENED: Final = re.compile(r"incis|stab|blade|lanc|opened|nick|i\s?&\s?d|drain")


def _drain(_document: Document, act: Act) -> None:
    dx = _dx(act)
    if act.technique == "expression":
        # What came out through an opening was drained; squeezing alone opens nothing.
        if dx in {"acne", "milia"}:
            act.technique = "acne surgery"
        elif _OPENED.search(words_of(_document, act)):
            act.technique = "i&d"
        else:
            act.status = NEGATED
        return
    if "nail" in (act.get("site") or "") and dx in {"hematoma", "subungual hematoma"}:
        act.technique, act.family = "nail trephination", "nail"
    elif dx in {"hematoma", "seroma"} and act.technique == "i&d":
        act.technique = "hematoma drainage"
    elif dx == "pilonidal cyst":
        act.technique = "pilonidal drainage"
    elif act.technique == "extraction":
        act.technique = "acne surgery"


def _chemical(_document: Document, act: Act) -> bool:
    """Silver nitrate on granulation tissue is a service of its own."""
    if _dx(act) == "granulation tissue" and "chemical" in (act.get("methods") or ()):
        act.technique, act.family = "granulation tissue cautery", "granulation"
        return True
    return False


def _nail(_document: Document, act: Act) -> None:
    """Avulsions are counted by digit."""
    digits = act.get("sites") or ()
    if act.get("count") is None and act.get("count_nail") is None and len(digits) > 1:
        act.put("count", len(digits), act.start, act.end)


_STAIN_WORDS: Final = frozenset(
    {
        "ihc",
        "special stain",
        "special stains",
        "immunohistochemistry",
        "immunostain",
        "immunostains",
        "ihc stain",
        "ihc stains",
    }
)
_RULES: Final[dict[str, Callable[[Document, Act], None]]] = {
    "destroy": _destroy,
    "tag": _tag,
    "shave": _shave,
    "biopsy": _biopsy,
    "excision": _excision,
    "remove": _remove,
    "inject": _inject,
    "toxin": _toxin,
    "smear": _smear,
    "debride": _debride,
    "photo": _photo,
    "allergy": _allergy,
    "nail": _nail,
    "drain": _drain,
    "path": _stains,
    "vascular": spread_out,
    "flap": cover,
    "graft": cover,
}
