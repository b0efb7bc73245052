"""What the assembler hands on: the acts of a note, and the facts that found none."""

from dataclasses import dataclass, field

from cutis.coding.notes.acts import Act
from cutis.coding.notes.attributes import Facts
from cutis.coding.notes.context import Scopes
from cutis.coding.notes.document import Clause, Document


@dataclass(slots=True)
class Reading:
    """The acts of a note in order, with the document they were read from and facts that found no act."""

    document: Document
    acts: list[Act] = field(default_factory=list)
    loose: list[tuple[Clause, Facts]] = field(default_factory=list)
    scopes: dict[int, Scopes] = field(default_factory=dict)
