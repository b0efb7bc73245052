"""The note reader: text in, acts and visit out, each fact with its place in the text."""

from dataclasses import dataclass
from typing import Final

from cutis.coding.notes.acts import Act
from cutis.coding.notes.assemble import Assembler
from cutis.coding.notes.context import DONE
from cutis.coding.notes.document import Document, read_document
from cutis.coding.notes.laboratory import laboratory
from cutis.coding.notes.visit import Visit, read_visit

_CLOSING: Final = frozenset({"repair", "strips", "aftercare"})


@dataclass(slots=True)
class NoteFacts:
    """What a note says.

    Attributes:
        document: the note with its tokens.
        acts: everything named, done or not, in order; see `done`.
        visit: the facts of the visit.
    """

    document: Document
    acts: list[Act]
    visit: Visit

    @property
    def done(self) -> list[Act]:
        """The acts that the note says were done today."""
        return [a for a in self.acts if a.status == DONE]

    @property
    def not_done(self) -> list[Act]:
        """Acts that were negated, planned, asked for, or are history."""
        return [a for a in self.acts if a.status != DONE]

    def quote(self, start: int, end: int) -> str:
        """The words of the note between two characters."""
        return self.document.text[start:end]


def read_facts(text: str) -> NoteFacts:
    """Read a note.

    Deterministic and offline: the same text gives the same facts on every machine.

    Args:
        text: the note, plain text.
    """
    document = read_document(text)
    reading = Assembler(document).read()
    if not any(a.family not in _CLOSING or a.status != DONE for a in reading.acts):
        reading = Assembler(document, imply=True).read()
    reading.acts = laboratory(reading.document, reading.acts)
    return NoteFacts(reading.document, reading.acts, read_visit(reading))
