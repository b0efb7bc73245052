"""Reads a TOML file with every fault at once, each with its line, its key and what to do."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from cutis.rulekit.catalogue import near

Path_ = tuple[str | int, ...]

_KEY: Final = r"""(?:"[^"\n]*"|'[^'\n]*'|[A-Za-z0-9_-]+)"""
_DOTTED: Final = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_HEAD = re.compile(rf"\s*(\[\[?)\s*({_DOTTED})\s*\]")
_PAIR = re.compile(rf"\s*({_DOTTED})\s*=")
_PART = re.compile(_KEY)


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault of a file: where it stands, and a sentence that says what to do."""

    line: int
    key: str
    text: str

    def __str__(self) -> str:
        """As it is printed."""
        where = ", ".join(filter(None, (f"line {self.line}" if self.line else "", self.key)))
        return f"{where}: {self.text}" if where else self.text


def positions(text: str) -> dict[Path_, int]:
    """The line of each table and key that starts a line; keys inside inline tables are not among them."""
    found: dict[Path_, int] = {}
    counts: dict[Path_, int] = {}
    base: Path_ = ()
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        quotes = line.count('"""') + line.count("'''")
        if not inside:
            if head := _HEAD.match(line):
                base = _parts(head[2])
                if head[1] == "[[":
                    index = counts.get(base, 0)
                    counts[base] = index + 1
                    found.setdefault(base, number)
                    base = (*base, index)
                found.setdefault(base, number)
            elif pair := _PAIR.match(line):
                found.setdefault((*base, *_parts(pair[1])), number)
        inside ^= quotes % 2 == 1
    return found


def _parts(dotted: str) -> Path_:
    return tuple(p.strip("\"'") for p in _PART.findall(dotted))


@dataclass
class Reader:
    """A parsed file, its faults so far, and checked access to its values.

    Every method notes a fault and gives None (or nothing) where the value is not as it must be.
    """

    text: str
    content: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    lines: dict[Path_, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.lines = positions(self.text)
        try:
            self.content = tomllib.loads(self.text)
        except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
            message, _, place = str(error).partition(" (at ")
            line = re.search(r"line (\d+)", place)
            last = max(1, len(self.text.splitlines()))
            said = f"this is not TOML: {message}; the rest is read once this is put right"
            self.faults.append(Fault(int(line[1]) if line else last, "", said))

    def line(self, path: Path_) -> int:
        """The line of a key, else of the nearest table around it; 0 where none is known."""
        while path:
            if path in self.lines:
                return self.lines[path]
            path = path[:-1]
        return 0

    def fault(self, path: Path_, text: str) -> None:
        """Note a fault."""
        key = "".join(f"[{p + 1}]" if isinstance(p, int) else f".{p}" for p in path).lstrip(".")
        self.faults.append(Fault(self.line(path), key, text))

    def table(self, table: Mapping[str, Any], path: Path_, keys: Iterable[str]) -> None:
        """Note the keys of a table that there are none of, with the nearest."""
        keys = tuple(keys)
        for key in table:
            if key not in keys:
                self.fault((*path, key), f"there is no such key{near(key, keys)}; keys here are {', '.join(keys)}")

    def part(self, name: str, keys: Iterable[str] | None = None) -> dict[str, Any]:
        """A table of the top level; empty where it is absent."""
        value = self.content.get(name, {})
        if not isinstance(value, dict):
            self.fault((name,), f"this must be a table: write [{name}] and its keys under it")
            return {}
        if keys is not None:
            self.table(value, (name,), keys)
        return value

    def word(self, value: Any, path: Path_) -> str | None:
        """A text that is not empty."""
        if isinstance(value, str) and value.strip():
            return value.strip()
        self.fault(path, "this must be a text in quotes" + (", not an empty one" if value == "" else ""))
        return None

    def words(self, value: Any, path: Path_) -> tuple[str, ...]:
        """A text, or a list of texts."""
        items = value if isinstance(value, list) else [value]
        if items and all(isinstance(i, str) and i.strip() for i in items):
            return tuple(i.strip() for i in items)
        self.fault(path, 'this must be a list of texts, as ["mohs", "units"]')
        return ()

    def day(self, value: Any, path: Path_) -> date | None:
        """A date, bare or in quotes."""
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            self.fault(path, f"{_shown(value)} is not a date; write it as 2026-12-31")
            return None

    def amount(self, value: Any, path: Path_, what: str, *, most: Decimal) -> Decimal | None:
        """An exact number from 0 to `most`, in quotes or whole: a binary fraction would not be exact."""
        number = None
        if isinstance(value, str | int) and not isinstance(value, bool):
            try:
                number = Decimal(value)
            except InvalidOperation:
                number = None
        if number is None or not number.is_finite() or not 0 <= number <= most:
            self.fault(path, f"{_shown(value)} is no {what}")
            return None
        return number


def _shown(value: Any) -> str:
    return repr(value) if len(repr(value)) < 60 else repr(value)[:57] + "..."
