"""YAML as texts with their lines: every scalar stays as written, so that 00100 is a code and not sixty-four."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import yaml

from cutis.rulekit.catalogue import near

MOST_DEPTH: Final = 12


@dataclass(frozen=True, slots=True)
class Node:
    """A value and the line it stands on."""

    value: "str | list[Node] | dict[str, Node]"
    line: int

    @property
    def text(self) -> str | None:
        """The scalar, or None where it is a list or a table."""
        return self.value.strip() if isinstance(self.value, str) else None


@dataclass
class Notes:
    """Faults of one file, each with its line."""

    name: str
    faults: list[tuple[int, str]] = field(default_factory=list)

    def fault(self, line: int, text: str) -> None:
        """Note a fault."""
        self.faults.append((line, text))

    def sentences(self) -> list[str]:
        """All faults in the order of the file."""
        return [f"{self.name}, line {line}: {text}" for line, text in sorted(set(self.faults))]

    def keys(self, table: dict[str, Node], known: Iterable[str], where: str) -> None:
        """Note keys that there are none of, with the nearest."""
        known = tuple(known)
        for key, node in table.items():
            if key not in known:
                self.fault(node.line, f"{where} has no key {key!r}{near(key, known)}; keys are {', '.join(known)}")

    def words(self, node: Node, what: str) -> list[str]:
        """A text (parted at commas) or a list of texts."""
        if isinstance(node.value, dict):
            self.fault(node.line, f"{what} must be a list, as [11102, 11104]")
            return []
        if isinstance(node.value, str):
            return [w.strip() for w in node.value.split(",") if w.strip()]
        bad = [n for n in node.value if n.text is None]
        for item in bad:
            self.fault(item.line, f"{what} must be a list of single values")
        return [n.text for n in node.value if n.text]

    def one_of(self, node: Node, what: str, allowed: Iterable[str]) -> str | None:
        """A text out of a closed list."""
        allowed = tuple(allowed)
        if node.text in allowed:
            return node.text
        self.fault(
            node.line, f"{node.text!r} is no {what}{near(node.text or '', allowed)}; it is one of {', '.join(allowed)}"
        )
        return None

    def table(self, node: Node, what: str) -> dict[str, Node]:
        """A table, empty where it is none."""
        if isinstance(node.value, dict):
            return node.value
        self.fault(node.line, f"{what} must be a table: put its keys under it, indented")
        return {}


def parse(text: str, notes: Notes) -> dict[str, Node] | None:
    """The table at the top of a file, or None where there is none; faults go to `notes`."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        said = getattr(error, "problem", None) or "it cannot be read"
        notes.fault(mark.line + 1 if mark else 1, f"this is not YAML: {said}; look at the quotes and the indentation")
        return None
    if root is None:
        notes.fault(1, "the file is empty; cutis new-rule --yaml NAME writes one to start from")
        return None
    top = _convert(root, notes, set(), 0)
    if not isinstance(top.value, dict):
        notes.fault(1, "the file must be a table: name:, what:, when: and so on")
        return None
    return top.value


def _convert(node: yaml.Node, notes: Notes, seen: set[int], depth: int) -> Node:
    line = node.start_mark.line + 1
    # an alias is the same node met twice; a file of nested aliases would never end
    if depth > MOST_DEPTH or id(node) in seen:
        notes.fault(line, "aliases (*name) and deep nesting are not read; write the value out")
        return Node("", line)
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        return Node([_convert(n, notes, seen, depth + 1) for n in node.value], line)
    if isinstance(node, yaml.MappingNode):
        table: dict[str, Node] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else ""
            if not name or name in table:
                notes.fault(
                    key.start_mark.line + 1, f"{name!r} stands twice" if name else "a key must be a single word"
                )
            else:
                table[name] = _convert(value, notes, seen, depth + 1)
        return Node(table, line)
    return Node(str(node.value), line)
