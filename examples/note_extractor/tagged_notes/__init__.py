"""A reader of notes that are written in tags, one procedure a line: `@did punch biopsy @site left cheek @count 2`.

A reader that asks a language model has the same shape: `extract` sends the text, checks every answer against the text, and
keeps only facts whose words it finds there. What has no place in the note is left out, never filled in.
"""

import re

from cutis.coding.encounter import Encounter

TAG = re.compile(r"@(\w+) +([^@\n]+)")
FACTS = {
    "did": "technique",
    "site": "site",
    "count": "count",
    "size": "lesion_cm",
    "margin": "margin_cm",
    "dx": "pathology",
}


class TaggedNotes:
    """Reads `@did`, `@site`, `@count`, `@size`, `@margin` and `@dx`; other words of the note are left alone."""

    name = "tagged"

    def extract(self, text: str) -> Encounter:
        """The encounter that a note tells of, each fact with its characters in the note."""
        procedures: list[dict[str, str]] = []
        spans: list[dict[str, tuple[int, int]]] = []
        for tag in TAG.finditer(text):
            fact, value = FACTS.get(tag[1]), tag[2].rstrip()
            if fact is None:
                continue
            if fact == "technique":
                procedures.append({})
                spans.append({})
            if procedures:
                procedures[-1][fact] = value
                spans[-1][fact] = (tag.start(2), tag.start(2) + len(value))
        return Encounter.read({"procedures": procedures}).place_spans({"procedures": spans})
