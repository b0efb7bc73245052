"""A rule's docstring is its web page: fixed sections, read once, shown by `explain` and by the docs."""

import inspect
from dataclasses import dataclass

from cutis.model.errors import RuleError

SECTIONS = ("What it finds", "Why", "Example", "Instead", "References")


@dataclass(frozen=True, slots=True)
class RuleDoc:
    """The sections of a rule's docstring; `example` and `instead` are lines in shorthand."""

    what: str
    why: str
    example: tuple[str, ...]
    instead: tuple[str, ...]
    references: str


def parse_doc(name: str, docstring: str) -> RuleDoc:
    """Cut a docstring into its sections.

    A section starts at a line that is exactly its heading, as `What it finds` or `Example`, with or without a colon.

    Raises:
        RuleError: a section is missing or empty.
    """
    found: dict[str, list[str]] = {}
    current: str | None = None
    for line in inspect.cleandoc(docstring).splitlines():
        heading = line.strip().rstrip(":")
        if heading in SECTIONS and not line.startswith(" "):
            current = heading
            found[current] = []
        elif current is not None:
            found[current].append(line)
    missing = [s for s in SECTIONS if not "".join(found.get(s, [])).strip()]
    if missing:
        raise RuleError(f"rule {name!r}: its docstring has no section " + ", ".join(missing))
    return RuleDoc(
        what=_paragraph(found["What it finds"]),
        why=_paragraph(found["Why"]),
        example=_lines(found["Example"]),
        instead=_lines(found["Instead"]),
        references=_paragraph(found["References"]),
    )


def _paragraph(lines: list[str]) -> str:
    return " ".join(line.strip() for line in lines if line.strip())


def _lines(lines: list[str]) -> tuple[str, ...]:
    return tuple(line.strip() for line in lines if line.strip())
