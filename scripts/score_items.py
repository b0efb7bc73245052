"""A context that tells of several lesions, taken apart: which of them a line of the claim treats.

Authors write them as a list of objects, as numbered keys ("lesion 1", "second tumor"), or as an object of places with
counts. Where they are as many as the lines (or as the lines that treat lesions), they are taken in order; else no line
gets the facts of another's lesion.
"""

import re
from typing import Any

from cutis.reference.families import load_families

_FAMILIES = load_families()
_NOUN = r"lesions?|tumou?rs?|sites?|defects?|wounds?|spots?|growths?|specimens?|biops(?:y|ies)|excisions?|procedures?|surger(?:y|ies)"
_ORDINAL = r"\d+|[a-d]|one|two|three|four|first|second|third|fourth|other"
NUMBERED = re.compile(rf"(?:{_NOUN}) ?(?:{_ORDINAL})|(?:{_ORDINAL}) (?:{_NOUN})")
NAMED = re.compile(rf"(?:\w+ )?(?:{_NOUN})")
_CODE = re.compile(r"[0-9]{4}[0-9A-Z]")
NUMERALS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
WORDS = {word: n for n, word in enumerate(NUMERALS)} | {
    "single": 1, "both": 2, "pair": 2, "couple": 2, "fifteen": 15, "twenty": 20, "a": 1, "an": 1,
}  # fmt: skip
NO = ("", "none", "no", "false", "n/a", "not documented", "unknown", "null")
# lines that treat no lesion of their own
BESIDE = _FAMILIES.codes("repair") | _FAMILIES.codes("em") | _FAMILIES.codes("pathology")


def name(raw: Any) -> str:
    """A key as lower-case words."""
    return re.sub(r"[_\W]+", " ", str(raw).lower()).strip()


def number(value: Any) -> float | None:
    """The first number of a value, words included; the length of a list."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, list):
        return float(len(value))
    text = str(value).lower()
    if found := re.search(r"\d+(?:\.\d+)?", text):
        return float(found[0])
    return next((float(WORDS[w]) for w in re.findall(r"[a-z]+", text)[:3] if w in WORDS), None)


def truth(value: Any) -> bool | None:
    """Yes, no, or neither."""
    if isinstance(value, bool):
        return value
    text = str(value).lower().strip()
    if text in {"yes", "true", "y", "1", "documented"} or text.startswith("yes"):
        return True
    return False if text in {*NO, "n", "0"} or text.startswith(("no ", "not ")) else None


def is_earlier(value: Any) -> bool:
    """Whether an object tells of an earlier operation: a code, and the time since."""
    if not isinstance(value, dict):
        return False
    timed = any(re.search(r"day|week|month|since|\bago\b|offset", f"{name(k)} {v}".lower()) for k, v in value.items())
    return timed and any(_CODE.fullmatch(str(v).strip()) for v in value.values())


def of_line(context: dict[str, Any], position: int, codes: list[str]) -> tuple[dict[str, Any], str | None]:
    """The context as one line sees it, and a name of its lesion where several are told of.

    Args:
        context: as in the case.
        position: of the line in its claim, 1-based.
        codes: of all lines of the claim.
    """
    own: dict[str, Any] = {}
    lesion = None
    numbered = [
        k for k, v in context.items() if NUMBERED.fullmatch(name(k)) and isinstance(v, dict | str) and not is_earlier(v)
    ]
    groups: list[tuple[str, list[Any]]] = [("", [context[k] for k in numbered])] if len(numbered) > 1 else []
    for key, value in context.items():
        if len(numbered) > 1 and key in numbered:
            continue
        if isinstance(value, list) and len(value) > 1 and all(isinstance(v, dict) for v in value):
            groups.append((name(key), value))
        elif isinstance(value, dict) and len(value) > 1 and NAMED.fullmatch(name(key)) and _counts(value):
            own[key] = list(value)
        else:
            own[key] = value
    for key, items in groups:
        place = _place(len(items), position, codes)
        if place is None:
            continue
        lesion = f"lesion-{place + 1}"
        item = items[place]
        own |= item if isinstance(item, dict) else {f"{key} said".strip(): item}
    return own, lesion


def _counts(value: dict[Any, Any]) -> bool:
    return all(isinstance(v, int) and not isinstance(v, bool) for v in value.values())


def _place(items: int, position: int, codes: list[str]) -> int | None:
    if items == len(codes):
        return position - 1
    treating = [n for n, code in enumerate(codes, 1) if code not in BESIDE]
    return treating.index(position) if items == len(treating) and position in treating else None
