"""What a published case's context says of its lines, as chart columns of the line frame.

Cases come from many hands: a fact may be a number, a text ("6 separate", "1.2 cm"), a list, a nested object or yes and
no, under keys that nobody agreed on. Keys are read by the words in them; what no reader below takes is kept as the
chart's words. A fact about one kind of service (a repair's length) goes only to lines of that kind.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from score_items import NO, WORDS, is_earlier, number, of_line, truth
from score_items import name as _name
from score_past import RELATED, UNRELATED, earlier

from cutis.model import columns as c
from cutis.reference.families import load_families

_FAMILIES = load_families()
COUNTED = re.compile(
    r"lesion|tumou?r|\bak|keratos|wart|verruc|mollus|tag|specimen|allergen|area|nail|patch|biops|\btests?\b|site|defect"
    r"|count|number|quantity|stain"
)
STAINS = frozenset({"88312", "88313"})
OF_OTHER_LINES = {
    "nail": _FAMILIES.codes("nail"),
    "specimen": _FAMILIES.codes("pathology") - STAINS,
    "stain": STAINS,
    "allergen": _FAMILIES.codes("prick_test") | _FAMILIES.codes("patch_test"),
    "patch": _FAMILIES.codes("patch_test"),
    "tag": _FAMILIES.codes("skin_tag"),
    "tumo": _FAMILIES.codes("mohs_first"),
    "keratos": _FAMILIES.codes("premalignant_destruction"),
    "ak": _FAMILIES.codes("premalignant_destruction"),
    "wart": _FAMILIES.codes("benign_destruction"),
    "mollus": _FAMILIES.codes("benign_destruction"),
    "biops": _FAMILIES.codes("biopsy"),
}
REMOVALS = _FAMILIES.codes("excision") | _FAMILIES.codes("shave") | _FAMILIES.codes("malignant_destruction")
REPAIRS = _FAMILIES.codes("repair")
VISITS = _FAMILIES.codes("em")
ALONE = (
    *(_FAMILIES.codes(f) for f in ("biopsy", "premalignant_destruction", "benign_destruction", "skin_tag", "intralesional")),
    *(_FAMILIES.codes(f) for f in ("mohs", "surgical_pathology")),
)  # fmt: skip
KEPT_WHOLE = re.compile(r"global|post ?op|(?:prior|previous|earlier|last) (?:proc|surg|op)")
BLOCKS = "blocks per stage: "
TOLD = re.compile(
    rf"\b(\d+|{'|'.join(WORDS)})\s+(?:[\w-]+\s+){{0,2}}?(actinic kerato|aks?\b|wart|verruc|mollusc|seborrheic|kerato|lesion|(?:skin )?tag|specimen|nail)"
)


class Fact(NamedTuple):
    """One fact of a context and the line that it is read for."""

    key: str
    value: Any
    code: str
    position: int
    codes: list[str]


def chart_facts(context: dict[str, Any], code: str, position: int, codes: list[str]) -> dict[str, Any]:
    """Chart columns of one line.

    Args:
        context: as in the case.
        code: of the line.
        position: of the line in its claim, 1-based.
        codes: of all lines of the claim.
    """
    facts: dict[str, Any] = {}
    said: list[str] = []
    context, lesion = of_line(context, position, codes)
    for key, value in _flat(context):
        for reader in READERS:
            taken = reader(Fact(key, value, code, position, codes))
            if taken is not None:
                said += [taken.pop("_said")] if "_said" in taken else []
                facts |= taken
                break
        else:
            said += _words(key, value)
    _finish_sizes(facts, code)
    if lesion is not None:
        facts.setdefault(c.DOC_LESION, lesion)
    _finish_words(facts, said)
    return {k: v for k, v in facts.items() if v is not None}


def _finish_sizes(facts: dict[str, Any], code: str) -> None:
    """Lesion and margin to the size that the code goes by."""
    size, margin = facts.pop("_lesion_cm", None), facts.pop("_margin_cm", None)
    if size is not None and c.DOC_SIZE_CM not in facts:
        if code in _FAMILIES.codes("excision"):
            facts |= {c.DOC_SIZE_CM: round(size + 2 * margin, 4)} if margin is not None else {}
        else:
            facts[c.DOC_SIZE_CM] = size


def _finish_words(facts: dict[str, Any], said: list[str]) -> None:
    """The chart's words as one text, and what only all of them together tell."""
    stains, specimens = facts.pop("_stains", None), facts.pop("_specimens", 1)
    blocks = [s.removeprefix(BLOCKS) for s in said if s.startswith(BLOCKS)]
    if len(blocks) > 1:
        said = [s for s in said if not s.startswith(BLOCKS)] + [BLOCKS + ", ".join(blocks)]
    if stains:
        # each stain counts once a block, or a specimen where blocks are not told
        facts[c.DOC_COUNT] = stains * (sum(int(b) for b in re.findall(r"\d+", " ".join(blocks))) or specimens)
    # a count of its own says more than one in a sentence about something else
    told = facts.pop("_told", None)
    facts.setdefault(c.DOC_COUNT, told)
    if said:
        facts[c.DOC_METHOD] = "; ".join(said)
    if c.DOC_GLOBAL_CODE in facts and facts.get(c.DOC_GLOBAL_RELATED) is None:
        words = " ".join(said)
        facts[c.DOC_GLOBAL_RELATED] = False if UNRELATED.search(words) else True if RELATED.search(words) else None


def _flat(context: dict[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Keys in lower-case words with their values; nested objects are taken apart, but for those of the global period."""
    for raw, value in context.items():
        key = f"{before} {_name(raw)}".strip()
        if isinstance(value, dict) and not KEPT_WHOLE.search(key) and not is_earlier(value):
            yield from _flat(value, key)
        else:
            yield key, value


Taken = dict[str, Any] | None


def _lesions(fact: Fact) -> Taken:
    """Same lesion or separate ones, with their number where it is said."""
    key, value = fact.key, fact.value
    if not re.search(r"lesion|tumou?r|\bsites?\b|defect|wound|digit|location", key) or re.search(
        r"\bcm|size|kind|type", key
    ):
        return None
    text = str(value).lower()
    yes = truth(value)
    apart = re.search(r"separat|differ|distinct|another|other|noncontig", key) and yes is True
    one = re.search(r"same|single", key) and yes is True
    apart = apart or (re.search(r"same", key) and yes is False)
    one = one or (re.search(r"separat|differ|distinct", key) and yes is False)
    if isinstance(value, list):
        apart = len(set(map(str, value))) > 1 and len(value) >= len(fact.codes)
        one = False
    elif isinstance(value, str):
        apart = apart or re.search(r"separat|differ|distinct|another|noncontig|contralateral", text)
        one = one or (re.search(r"\bsame\b|\bone lesion|single lesion|^single ", text) and not apart)
    if not (apart or one):
        return None
    facts: dict[str, Any] = {c.DOC_LESION: f"lesion-{fact.position}" if apart else "a"}
    if re.search(r"\bcm\b", text):
        facts["_said"] = text
    n = None if isinstance(value, list) else number(value)
    # a number of lesions speaks of one kind of service only where the claim has no other
    if n is not None and any(set(fact.codes) <= kind for kind in ALONE):
        facts[c.DOC_COUNT] = int(n)
    if isinstance(value, list) and len(value) == len(fact.codes) and all(isinstance(v, str) for v in value):
        facts[c.DOC_SITE] = value[fact.position - 1]
    return facts


def _count(fact: Fact) -> Taken:
    key, value = fact.key, fact.value
    if not COUNTED.search(key) or re.search(r"\bcm\b|sq|size|per stage|block|global|days|\bmin", key):
        return None
    whole = isinstance(value, int) and not isinstance(value, bool)
    listed = isinstance(value, list) and re.search(r"specimen|nails|patch|allergen|biops|stains", key)
    told = isinstance(value, str) and re.fullmatch(r"\s*(?:\d+|[a-z]+)(?:\s+[a-z-]+){0,3}\s*", value.lower())
    n = number(value)
    if (
        n is None
        or not (whole or listed or told)
        or (told and not re.search(r"\d", value) and value.lower().split()[0] not in WORDS)
    ):
        return None
    for word, own in OF_OTHER_LINES.items():
        if re.search(rf"\b{word}", key) and fact.code not in own and not (word == "specimen" and fact.code in STAINS):
            return {}
    if fact.code in STAINS and re.search(r"stain|specimen", key):
        return {"_stains" if "stain" in key else "_specimens": int(n)}
    if int(n) == 1 and re.search(r"tumou?r|wound|ulcer|defect|cyst", key):
        return {c.DOC_LESION: "a"}
    return {c.DOC_COUNT: int(n)}


def _size(fact: Fact) -> Taken:
    key, value = fact.key, fact.value
    text = str(value).lower()
    metric = re.search(r"\bcm\b|\bmm\b", key) or re.fullmatch(r"[^\d]*[\d.]+ ?(?:cm|mm)\b.*", text)
    n = number(value)
    several = len(re.findall(r"\d+(?:\.\d+)?", text)) > 1
    # a whole sentence of the chart says more than the size that it begins with
    sentence = len(text.split()) > 4 and re.search(r"document|note|technique|method|procedure|descri|perform|done", key)
    sentence = sentence or re.search(r"\bsite|where|location", key)
    if not metric or several or n is None or sentence or re.search(r"sq|area|\^2|cm2", f"{key} {text}"):
        return None
    n = n / 10 if re.search(r"\bmm\b", key + " " + text) else n
    if re.search(r"margin", key):
        return {"_margin_cm": n}
    if re.search(r"repair|closure|wound|defect|length|lacerat", key):
        telling = {"_said": f"{key}: {text}"} if re.search(r"[a-z]{5}", text) else {}
        return {c.DOC_SIZE_CM: n} | telling if fact.code in REPAIRS else telling or {}
    if re.search(r"excis|total|diameter with|including|incl|with margin", key):
        return {c.DOC_SIZE_CM: n} if fact.code in REMOVALS or fact.code in REPAIRS else {}
    return {"_lesion_cm": n} if fact.code in REMOVALS else {}


def _area(fact: Fact) -> Taken:
    key, value = fact.key, fact.value
    text = f"{key} {value}".lower()
    n = number(value)
    if n is None or not re.search(r"sq|cm2|cm\^2|square", text):
        return None
    return {c.DOC_AREA_SQCM: n}


def _mohs(fact: Fact) -> Taken:
    """Stages and blocks of Mohs surgery, in the words that the rules read."""
    key, value = fact.key, fact.value
    n = number(value)
    if re.search(r"block", key) and value is not None:
        each = value if isinstance(value, list) else [int(v) for v in re.findall(r"\d+", str(value))]
        return {"_said": f"blocks per stage: {', '.join(str(v) for v in each)}"} if each else None
    if re.search(r"stage", key) and n is not None and "block" in str(value).lower():
        return {"_said": f"blocks per stage: {', '.join(re.findall(r'([0-9]+) block', str(value).lower())) or int(n)}"}
    if re.search(r"stage", key) and n is not None and not isinstance(value, list):
        return {"_said": f"{int(n)} stages"}
    if re.search(r"stage", key) and isinstance(value, list):
        return {"_said": f"blocks per stage: {', '.join(str(int(number(v) or 0)) for v in value)}"}
    yes = truth(value)
    by_surgeon = re.search(
        r"surgeon.*patholog|patholog.*surgeon|same (?:physician|doctor|provider).*(?:read|path)|surgeon read", key
    )
    if by_surgeon and yes is not None:
        return {"_said": "surgeon is the pathologist" if yes else "slides read by another pathologist"}
    if re.search(r"read|interpret|patholog(?:ist|y by)|\bslides?\b", key) and isinstance(value, str) and yes is None:
        own = re.search(r"surgeon|same|self", value.lower()) and not re.search(r"not |other|another", value.lower())
        return {
            "_said": "surgeon is the pathologist" if own else f"slides read by another pathologist: {value.lower()}"
        }
    return None


def _visit(fact: Fact) -> Taken:
    """Whether the visit was separate or the decision for surgery; when the patient was last seen."""
    key, value = fact.key, fact.value
    text = str(value).lower()
    yes = truth(value)
    if re.search(r"new patient|last seen|last visit|seen within|seen in|prior visit|previous visit|established", key):
        return _seen(key, value, fact.code)
    if re.search(
        r"(?:came|seen|here|presents?|scheduled|visit) (?:only|solely|just)|only (?:came|for)|no other (?:problem|complaint|concern)",
        text,
    ):
        return {c.DOC_SEPARATE_VISIT: False, "_said": text}
    if re.search(r"other (?:problem|complaint|concern|issue|diagnos)", key):
        return None if yes is None else {c.DOC_SEPARATE_VISIT: yes}
    if not re.search(r"\be ?m\b|visit|evaluation|25|signific|chief|reason|complaint", key):
        return None
    if re.search(r"decision|57", key) and yes:
        return {c.DOC_DECISION: True}
    if yes is not None and re.search(r"separat|signific|distinct|25|support|unrelated|document", key):
        return {c.DOC_SEPARATE_VISIT: yes}
    if re.search(r"decision for (?:major )?surg|decision to operate|decided on surg", text):
        return {c.DOC_DECISION: True}
    if re.search(
        r"not (?:significant|separate)|insignificant|only|same (?:problem|complaint|condition|lesions?|warts?)|scheduled|planned (?:procedure|treatment|removal|excision|injections?|cryo\w*)|minor|inherent",
        text,
    ) or (re.fullmatch(r"e ?m|visit", key) and text.strip() in NO):
        return {c.DOC_SEPARATE_VISIT: False}
    if re.search(r"separate|significant|unrelated|distinct|full (?:skin|body)|other problem|different problem", text):
        return {c.DOC_SEPARATE_VISIT: True}
    return None


def _seen_before(fact: Fact) -> Taken:
    """An earlier visit in a sentence: "seen here by a partner two years ago"."""
    text = str(fact.value).lower()
    told = re.search(r"\bseen (?:here|by|in this|last)\b.*?(\w+ (?:years?|months?|weeks?|days?) ago)", text)
    if told is None or fact.code not in VISITS or "different special" in text:
        return None
    return (_seen(fact.key, told[1], fact.code) or {}) | {"_said": text}


def _seen(key: str, value: Any, code: str) -> Taken:
    if code not in VISITS:
        return {}
    yes, n = truth(value), number(value)
    text = f"{key} {value}".lower()
    if re.match(r"none|no\b|never", str(value).lower()):
        return {}
    if yes is True and re.search(r"seen|prior|previous|established", key):
        return {c.DOC_LAST_SEEN_DAYS: 365}
    if yes is not None or n is None:
        return {}
    scale = 365 if "year" in text else 30 if "month" in text else 7 if "week" in text else 1 if "day" in text else None
    return {c.DOC_LAST_SEEN_DAYS: int(n * scale)} if scale else {}


def _told(fact: Fact) -> Taken:
    """A count in a sentence ("five actinic keratoses in all"), for lines of that kind of lesion."""
    text = str(fact.value).lower()
    if not isinstance(fact.value, str) or re.search(
        r"histor|previous|prior|earlier|\bago\b|\d ?(?:-|to|or) ?\d|each", text
    ):
        return None
    found = TOLD.findall(text)
    if len(found) != 1 or (n := number(found[0][0])) is None:
        return None
    own = next((kind for word, kind in OF_OTHER_LINES.items() if re.search(rf"\b{word}", found[0][1])), None)
    fits = fact.code in own if own else any(set(fact.codes) <= kind for kind in ALONE)
    return {"_told": int(n), "_said": text} if fits else None


def _drug(fact: Fact) -> Taken:
    key, value = fact.key, fact.value
    n = number(value)
    if re.search(r"discard|wast|vial", key):
        return None
    if re.search(
        r"dose|\bgrams?\b|drug (?:units|mg|amount|given)|\bmg\b|administered|units given|units injected|amount given",
        key,
    ):
        # amounts are in the unit of the code, milligrams or units
        scale = 1000 if re.search(r"\bgrams?\b|\d ?g\b", f"{key} {value}") else 1
        return None if n is None else {c.DOC_DRUG_AMOUNT: n * scale} if fact.code[0] in "JQ" else {}
    if re.fullmatch(r"drug|medication|biologic|agent", key) and isinstance(value, str):
        return {c.DOC_DRUG: value}
    return None


def _plain(fact: Fact) -> Taken:
    """Body site, intent, an earlier pathology result."""
    key, value = fact.key, fact.value
    text = str(value).lower()
    yes = truth(value)
    if re.search(r"(?:prior|previous|earlier).*(?:path|biops|result|diagnos)|path.*(?:on file|available|before)", key):
        return {c.DOC_PRIOR_PATHOLOGY: yes} if yes is not None else {c.DOC_PRIOR_PATHOLOGY: True}
    if re.search(r"cosmetic", key) and yes is not None:
        return {c.DOC_INTENT: "cosmetic" if yes else "medical"}
    if re.search(r"symptom|inflam|irritat|bleed|itch|medical(?:ly)? necess", key):
        none = yes is False or re.search(r"asymptomatic|no symptom|none", text)
        return {c.DOC_INTENT: None if none else f"medical: {text}", "_said": "asymptomatic" if none else text}
    if re.search(r"intent|purpose|reason|indication", key) and isinstance(value, str):
        if re.search(r"cosmetic|appearance|patient request", text) and not re.search(
            r"not cosmetic|non-?cosmetic", text
        ):
            return {c.DOC_INTENT: "cosmetic"}
        return {c.DOC_INTENT: text, "_said": f"{key}: {text}"}
    if re.fullmatch(r"(?:[a-z]+ ){0,2}(?:sites?|locations?|area)|where|place on (?:the )?body", key):
        if isinstance(value, list):
            return {c.DOC_SITE: str(value[fact.position - 1])} if len(value) == len(fact.codes) else None
        return {c.DOC_SITE: value} if isinstance(value, str) else None
    return None


def _words(key: str, value: Any) -> list[str]:
    """What is left, as the chart's words: `technique punch` is `punch`, `layered: true` is `layered`."""
    if re.search(r"\bpast\b|histor|previous|prior|earlier|years? ago", key):
        return []  # what was once is not what was done today
    yes = truth(value)
    if yes is True:
        return [key]
    if yes is False or value is None:
        return [f"no {key}"] if value is False else []
    if isinstance(value, list):
        return [", ".join(str(v).lower() for v in value)]
    text = str(value).lower()
    telling = re.search(r"closure|repair|read|appl|perform|depth|stain|lab|vial|discard|method|undermin|flap", key)
    return [f"{key}: {text}" if telling else text]


READERS: tuple[Callable[..., Taken], ...] = (
    earlier, _mohs, _seen_before, _visit, _area, _size, _drug, _plain, _lesions, _count, _told,
)  # fmt: skip
