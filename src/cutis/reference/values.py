"""Hand-kept dated values: one YAML file each, every value with its citation; after `until` they are unknown."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from cutis.model.errors import DataError
from cutis.reference.shipped import load_shipped

FOLDER: Final = Path(__file__).parent / "values"


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A value with the dates it holds for and the citation behind it."""

    name: str
    track: str
    first: date
    last: date | None
    value: Decimal
    cite: str


class Values:
    """Values by name, track and date."""

    def __init__(self, values: list[DatedValue]) -> None:
        self._values = values

    def at(self, name: str, on: date, track: str = "all") -> Decimal:
        """The value in force on a date.

        Raises:
            DataError: none is.
        """
        return self.row(name, on, track).value

    def row(self, name: str, on: date, track: str = "all") -> DatedValue:
        """The value in force with its citation.

        Raises:
            DataError: none is.
        """
        hits = [
            v
            for v in self._values
            if v.name == name and v.track == track and v.first <= on and (v.last is None or on <= v.last)
        ]
        if not hits:
            raise DataError(f"no value {name!r} ({track}) in force on {on}")
        return max(hits, key=lambda v: v.first)

    def all(self) -> list[DatedValue]:
        """Every value, for the manual and for tests."""
        return list(self._values)


def _dated(name: str, entry: dict[str, Any], until: date | None) -> DatedValue:
    return DatedValue(
        name=name,
        track=str(entry.get("track", "all")),
        first=entry["from"],
        last=entry.get("to", until),
        value=Decimal(str(entry["value"])),
        cite=str(entry["cite"]),
    )


def load_values(folder: Path = FOLDER) -> Values:
    """Read all value files (those with a `values:` list that has `value`).

    Raises:
        DataError: a file is not well formed.
    """
    found: list[DatedValue] = []
    for path in sorted(folder.glob("value_*.yaml")):
        content: dict[str, Any] = load_shipped(path)
        name = path.stem.removeprefix("value_")
        try:
            until = content.get("until")
            found += [_dated(name, entry, until) for entry in content["values"]]
        except (KeyError, TypeError, ValueError) as error:
            raise DataError(f"value file {path.name} is not well formed: {error}") from None
    return Values(found)
