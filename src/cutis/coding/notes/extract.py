"""From a note to an encounter: the built-in reader, or a plug-in that is asked for by name."""

from collections.abc import Iterable, Iterator
from importlib.metadata import entry_points
from typing import Final, Protocol, runtime_checkable

from cutis.coding.encounter import Encounter
from cutis.coding.notes.batch import each
from cutis.coding.notes.reader import read_facts
from cutis.coding.notes.structured import plain_data, structured
from cutis.model.errors import ConfigError, InputError

GROUP: Final = "cutis.note_extractors"
BUILT_IN: Final = "built-in"


@runtime_checkable
class NoteExtractor(Protocol):
    """A reader of notes that a package may register under the entry point group `cutis.note_extractors`.

    It must give each fact its place in the note (`spans`) where it can, and leave out what is not written.
    """

    name: str

    def extract(self, text: str) -> Encounter:
        """The encounter that a note tells of.

        Args:
            text: the note.
        """
        ...


class BuiltIn:
    """The deterministic reader that works offline."""

    name = BUILT_IN

    def extract(self, text: str) -> Encounter:
        """The encounter that a note tells of; only what was done is in it."""
        found = structured(read_facts(text))
        return Encounter.read(plain_data(found.data) | {"assumed": found.assumed}).place_spans(found.spans)


def extractors() -> list[str]:
    """Names of the readers that can be asked for; the built-in one first."""
    return [BUILT_IN, *sorted(e.name for e in entry_points(group=GROUP))]


def extractor(name: str = BUILT_IN) -> NoteExtractor:
    """A reader by its name. Plug-ins are loaded only here, so none runs unless it is asked for.

    Raises:
        ConfigError: there is no reader of that name, or it cannot be loaded.
    """
    if name == BUILT_IN:
        return BuiltIn()
    for entry in entry_points(group=GROUP):
        if entry.name != name:
            continue
        try:
            found = entry.load()()
        except Exception as error:
            raise ConfigError(f"note reader {name!r} cannot be loaded: {error}") from error
        if not isinstance(found, NoteExtractor):
            raise ConfigError(f"note reader {name!r} has no name and extract(text)")
        return found
    raise ConfigError(f"there is no note reader {name!r}; there are: {', '.join(extractors())}")


def read_note(text: str, *, extractor_name: str = BUILT_IN) -> Encounter:
    """Read a note into an encounter.

    Args:
        text: the note, plain text.
        extractor_name: a registered reader; the built-in one by default.

    Raises:
        ConfigError: there is no such reader.
        InputError: a plug-in failed on the note, or gave no encounter.
    """
    reader = extractor(extractor_name)
    if extractor_name == BUILT_IN:
        return reader.extract(text)
    try:
        found = reader.extract(text)
    except Exception as error:
        # what went wrong may quote the note: only its kind is said
        raise InputError(f"note reader {extractor_name!r} failed on the note: {type(error).__name__}") from error
    if not isinstance(found, Encounter):
        raise InputError(f"note reader {extractor_name!r} gave no encounter")
    return found


def read_notes(texts: Iterable[str], *, workers: int | None = None) -> Iterator[Encounter]:
    """Read many notes with the built-in reader, over the cores of the machine; in the order given."""
    return each(read_note, texts, workers=workers)
