"""A refusal told in a sentence of its own: "I recommended a biopsy today; the patient declined"."""

import re
from typing import Final

from cutis.coding.notes.acts import Act
from cutis.coding.notes.context import DONE, NEGATED, REQUESTED
from cutis.coding.notes.document import Clause, Document

_WHO: Final = (
    r"(?:the\s+)?(?:pt|patient|he|she|they|family|mother|father|mom|dad|parents?|daughter|son|wife|husband|guardian)"
)
# A refusal with an object of its own ("declined Mohs") is of that object.
_REFUSES: Final = re.compile(
    rf"^\W*(?:but\s+|however,?\s+)?(?:{_WHO}\s+)?(?:has\s+|politely\s+|again\s+)?"
    r"(?:(?:declin|refus)(?:ed|es|ing)|said no|says no|not interested|prefers not to|would rather not|does not want (?:it|this|that)|"
    r"(?:wants|wishes|prefers|would like|asked|asks) (?:to|for time to) (?:think|wait|hold off|defer|postpone|watch|consider|discuss))\b"
    r"(?:\s+(?:it|this|that|both|for now|today|at this time|to proceed|the procedure))*\s*(?:$|[,.;(]|\bit over\b|\babout\b|\band\b|\bbecause\b|\bas\b|\bdue\b|\bfor\b|\buntil\b)",
    re.IGNORECASE,
)


def withdraw(document: Document, clause: Clause, acts: list[Act]) -> None:
    """Take back what was told as done or asked for just before, where a clause without an act says no to it.

    Args:
        document: the note.
        clause: one of its clauses.
        acts: of the clauses before it; changed in place.
    """
    if clause.section != "now" or not _REFUSES.match(document.words(clause.first, clause.last)):
        return
    for act in acts:
        if act.status in {DONE, REQUESTED} and clause.sentence - act.sentence <= 1:
            act.status = NEGATED
