"""The vocabulary of dermatology notes, and the search that finds its phrases in one pass over the tokens."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

from cutis.coding.notes.tokens import Token, tokenise
from cutis.model.errors import DataError

FOLDER: Final = Path(__file__).parent / "lexicon"
_END: Final = ""  # no token is this, so a node may hold both followers and the senses of a phrase that ends here

# Kinds that share a layer compete (the longest phrase wins); layers do not, so "plantar wart" is a diagnosis
# and keeps its site.
_LAYERS: Final = {
    "act": (
        "technique",
        "method",
        "closure",
        "complex_reason",
        "contaminated",
        "hemostasis",
        "anesthesia_freeze",
        "encounter_mark",
        "wound",
    ),
    "where": ("site", "nail_site", "nowhere"),
    "side": ("side", "noside"),
    "ctx": ("neg_pre", "neg_post", "hist_pre", "hist_post", "plan_pre", "plan_post", "done", "stop"),
}
_LAYER_OF: Final = {kind: layer for layer, kinds in _LAYERS.items() for kind in kinds}


class Mention(NamedTuple):
    """A phrase of the lexicon found in a note.

    `first` and `last` are token positions (last excluded), `start` and `end` character positions.
    """

    kind: str
    value: str
    first: int
    last: int
    start: int
    end: int


class _Sense(NamedTuple):
    layer: str
    kind: str
    value: str
    exact: tuple[str, ...] | None  # the words as they must be written, where case decides


class Lexicon:
    """Phrases as a tree of tokens.

    Args:
        entries: kind, value and phrase of each entry.
    """

    def __init__(self, entries: Iterable[tuple[str, str, str]]) -> None:
        self._root: dict[str, Any] = {}
        for kind, value, phrase in entries:
            self._add(kind, value, phrase)

    def _add(self, kind: str, value: str, phrase: str) -> None:
        exact = phrase.startswith("=") and len(phrase) > 1
        tokens = tokenise(phrase[1:] if exact else phrase)
        if not tokens:
            raise DataError(f"lexicon: {kind} {value!r} has an empty phrase")
        node = self._root
        for token in tokens:
            node = node.setdefault(token.norm, {})
        sense = _Sense(_LAYER_OF.get(kind, kind), kind, value, tuple(t.raw for t in tokens) if exact else None)
        node.setdefault(_END, []).append(sense)

    def find(self, tokens: Sequence[Token]) -> list[Mention]:
        """All mentions in order of place; per layer the longest phrase, without overlap.

        Args:
            tokens: of one note.
        """
        found: list[Mention] = []
        free: dict[str, int] = {}
        root = self._root
        for first, token in enumerate(tokens):
            node = root.get(token.norm)
            if node is None:
                continue
            best: dict[str, tuple[int, list[_Sense]]] = {}
            last = first + 1
            while node is not None:
                for sense in node.get(_END, ()):
                    if sense.exact and sense.exact != tuple(t.raw for t in tokens[first:last]):
                        continue
                    if first < free.get(sense.layer, 0):
                        continue
                    held = best.get(sense.layer)
                    if held is None or held[0] != last:
                        best[sense.layer] = (last, [sense])
                    else:
                        held[1].append(sense)
                node = node.get(tokens[last].norm) if last < len(tokens) else None
                last += 1
            for layer, (end, senses) in best.items():
                free[layer] = end
                found.extend(
                    Mention(s.kind, s.value, first, end, token.start, tokens[end - 1].end)
                    for s in dict.fromkeys(senses)
                )
        return found


def _entries(folder: Path) -> Iterable[tuple[str, str, str]]:
    for path in sorted(folder.glob("*.yaml")):
        for kind, values in _load(path).items():
            if kind == "nature":
                continue
            for value, phrases in values.items():
                for phrase in phrases:
                    yield kind, str(value), str(phrase)


def _load(path: Path) -> dict[str, dict[str, list[str]]]:
    # The C loader is ten times as fast; the pure one is the same language.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data: dict[str, dict[str, list[str]]] = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506
    return data


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lexicon that Cutis ships, built once in a process."""
    return Lexicon(_entries(FOLDER))


@lru_cache(maxsize=1)
def natures() -> dict[str, str]:
    """Diagnosis to its nature: malignant, premalignant, benign, acute, generic; a skin disease has none."""
    table = _load(FOLDER / "diagnosis.yaml")["nature"]
    return {dx: nature for nature, names in table.items() for dx in names}
