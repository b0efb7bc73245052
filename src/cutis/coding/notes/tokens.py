"""Tokens of a note: words, numbers and marks with their character positions, and the one normal form of a word."""

import re
from functools import lru_cache
from typing import NamedTuple

_TOKEN = re.compile(r"\d+(?:\.\d+)?|\.\d+|[^\W\d_]+(?:['’][^\W\d_]+)?|[^\s\w]|_")  # noqa: RUF001
# "(s)" and a hyphen inside a compound say nothing of their own: keloid(s), full-thickness, Kenalog-40.
_SILENT = re.compile(r"\(s\)|(?<=[^\W\d_])[-‐‑](?=\w)|(?<=\d)[-‐‑](?=[^\W\d_])", re.IGNORECASE)  # noqa: RUF001
_KEEP_S = ("ss", "us", "is", "as", "os")


class Token(NamedTuple):
    """A word, number or mark: its text, its normal form and its place."""

    raw: str
    norm: str
    start: int
    end: int


@lru_cache(maxsize=50_000)
def normal(word: str) -> str:
    """Lower case and singular, so that one phrase of the lexicon serves all its forms.

    The singular is by rule, not by dictionary: what matters is that lexicon and note take the same path.
    """
    if len(word) > 2 and word.endswith("s") and word[:-1].isupper():
        return word[:-1].lower()  # AKs, SKs
    low = word.lower().replace("’", "'")  # noqa: RUF001
    low = low.removesuffix("'s")
    if len(low) < 4 or not low.endswith("s") or low.endswith(_KEEP_S):
        return low
    if low.endswith("ies"):
        return low[:-3] + "y"
    if low.endswith("oses"):
        return low[:-4] + "osis"
    if low.endswith(("ches", "shes", "xes", "sses")):
        return low[:-2]
    return low[:-1]


def tokenise(text: str) -> list[Token]:
    """The tokens of a text in order; hyphens inside compounds are left out.

    Returns:
        Tokens whose `start` and `end` are positions in `text`, so `text[start:end] == raw`.
    """
    silent = {i for m in _SILENT.finditer(text) for i in range(m.start(), m.end())}
    found = []
    for match in _TOKEN.finditer(text):
        if silent and match.start() in silent:
            continue
        raw = match.group()
        found.append(Token(raw, normal(raw), match.start(), match.end()))
    return found
