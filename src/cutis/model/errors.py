"""The exceptions of Cutis: one class per kind of sentence a person must read."""


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
