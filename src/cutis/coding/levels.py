"""Levels of the elements of decision making from the words of charts (tables/mdm.yaml)."""

import re
from functools import lru_cache
from typing import Final

from cutis.coding.phrases import table

LEVELS: Final = ("straightforward", "low", "moderate", "high")
_VISIT: Final = re.compile(r"\b992([01])[1-5]\b")


@lru_cache(maxsize=1)
def _patterns() -> dict[str, tuple[tuple[int, re.Pattern[str]], ...]]:
    found: dict[str, tuple[tuple[int, re.Pattern[str]], ...]] = {}
    for element, levels in table("mdm").items():
        found[element] = tuple((LEVELS.index(level), re.compile("|".join(levels[level]))) for level in reversed(LEVELS))
    return found


@lru_cache(maxsize=4096)
def level_of(element: str, text: str | None) -> int | None:
    """0 to 3 for what is said of an element; None where nothing is.

    Args:
        element: problems, data, risk or mdm.
        text: the chart's words, or for `mdm` the code of a visit.
    """
    if text is None:
        return None
    said = re.sub(r"[-_]", " ", text.lower())
    return next((rank for rank, pattern in _patterns()[element] if pattern.search(said)), None)


def kind_of_code(text: str | None) -> str | None:
    """New or established, where a visit is told by its code."""
    found = _VISIT.search(text or "")
    return None if found is None else "new" if found[1] == "0" else "established"
