"""The exceptions of Cutis: one class per kind of sentence a person must read."""

from pathlib import Path
from traceback import extract_tb


class CutisError(Exception):
    """Base of every error that Cutis raises on purpose; its text is one clear sentence."""


class InputError(CutisError):
    """A claim file cannot be read at all: not found, not X12, not a known column layout."""


class DataError(CutisError):
    """A reference file is refused, or a table is missing or damaged; the sentence names the row."""


class ConfigError(CutisError):
    """Options or `cutis.toml` contradict each other or name something unknown; all faults at once."""


class RuleError(CutisError):
    """A rule is declared wrongly (its name, its documentation, its columns)."""


def told(error: BaseException) -> str:
    """Kind and place of an error that nobody foresaw; what it says itself may quote a claim, so it is left out."""
    frames = extract_tb(error.__traceback__)
    if not frames:
        return type(error).__name__
    # the last place in Cutis says more than one deep in a library
    at = next((f for f in reversed(frames) if "cutis" in Path(f.filename).parts), frames[-1])
    return f"{type(error).__name__} in {Path(at.filename).name}, line {at.lineno}"
