"""Phrases of the field looked up in free text: the longest phrase wins, plural, case and hyphens do not matter."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

TABLES: Final = Path(__file__).parent / "tables"
# libyaml reads the same ten times as fast; a build of PyYAML without it still works.
LOADER: Final[type] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORD: Final = re.compile(r"[a-z0-9]+|[/,;+&]")
_SEPARATORS: Final = frozenset({"/", ",", ";", "+", "&", "and"})
_SHORT: Final = frozenset({"aks", "sks", "fbs"})
_KEPT: Final = frozenset({"pus", "is", "his", "mos", "anus", "pubis", "penis", "nevus", "herpes", "plus", "axis"})


class Found(NamedTuple):
    """A phrase in a text: its value, its first word and the word after its last."""

    value: str
    first: int
    last: int


@lru_cache(maxsize=16)
def table(name: str) -> Any:
    """A table of the coder (`tables/NAME.yaml`)."""
    return yaml.load((TABLES / f"{name}.yaml").read_text(encoding="utf-8"), LOADER)  # noqa: S506 - a safe loader


def singular(word: str) -> str:
    """A word without its plural ending, so that "warts" is "wart"."""
    if word in _SHORT:
        return word[:-1]
    if len(word) < 4 or word in _KEPT or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("xes", "shes", "ches", "sses")):
        return word[:-2]
    return word[:-1]


def words(text: str) -> list[str]:
    """Words of a text in lower case and singular, with the marks that separate a list."""
    return [singular(w) for w in _WORD.findall(text.lower().replace("'", "")) if w != "the"]


class Phrases:
    """A dictionary of phrases.

    Args:
        entries: value to its phrases; the value is itself a phrase.
    """

    def __init__(self, entries: dict[str, list[str]]) -> None:
        self._by_words: dict[tuple[str, ...], str] = {}
        for value, phrases in entries.items():
            for phrase in (value, *phrases):
                self._by_words.setdefault(tuple(w for w in words(str(phrase)) if w not in _SEPARATORS), value)
        self._longest = max(map(len, self._by_words))

    def exact(self, text: str) -> str | None:
        """The value of a text that is a phrase as a whole."""
        return self._by_words.get(tuple(w for w in words(text) if w not in _SEPARATORS))

    def find(self, tokens: list[str]) -> list[Found]:
        """Every phrase in the words, left to right, longest first, without overlap."""
        found: list[Found] = []
        at, end = 0, len(tokens)
        while at < end:
            for last in range(min(end, at + self._longest), at, -1):
                value = self._by_words.get(tuple(tokens[at:last]))
                if value is not None:
                    found.append(Found(value, at, last))
                    at = last
                    break
            else:
                at += 1
        return found

    def longest(self, text: str) -> str | None:
        """The value of the longest phrase in a text; of equal ones the first."""
        exact = self.exact(text)
        if exact is not None:
            return exact
        found = self.find([w for w in words(text) if w not in _SEPARATORS])
        return max(found, key=lambda f: f.last - f.first).value if found else None


def separated(tokens: list[str], one: Found, other: Found) -> bool:
    """Whether a mark of listing stands between two phrases."""
    return any(t in _SEPARATORS for t in tokens[one.last : other.first])
