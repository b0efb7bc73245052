"""Code families: named sets of codes that rules, prices and the coder share, kept once in `values/families.yaml`."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from cutis.model.errors import DataError
from cutis.reference.shipped import load_shipped

FILE: Final = Path(__file__).parent / "values" / "families.yaml"


@dataclass(frozen=True, slots=True)
class Families:
    """Named code sets."""

    sets: MappingProxyType[str, frozenset[str]]

    def codes(self, family: str) -> frozenset[str]:
        """Codes of a family.

        Raises:
            DataError: there is no such family.
        """
        if family not in self.sets:
            raise DataError(f"there is no code family {family!r}; families are {', '.join(sorted(self.sets))}")
        return self.sets[family]


def expand(text: str) -> list[str]:
    """`11102 11300-11303` as codes; a range runs over the number in its five characters."""
    return [code for span in spans(text) for code in _written(*span)]


def spans(text: str) -> list[tuple[str, int, range]]:
    """The words of `text`, not yet written out: letters before the number, its width (0: a code as it stands), numbers.

    Raises:
        ValueError: a range is none of numbers.
    """
    found: list[tuple[str, int, range]] = []
    for word in text.split():
        first, _, last = word.partition("-")
        if not last:
            found.append((first, 0, range(1)))
            continue
        head = first.rstrip("0123456789") if not first[0].isdigit() else ""
        found.append((head, len(first) - len(head), range(int(first[len(head) :]), int(last[len(head) :]) + 1)))
    return found


@cache
def _written(head: str, width: int, numbers: range) -> tuple[str, ...]:
    if not width:
        return (head,)
    # a range may hold all of surgery: without zeros in front the plain text of the number will do, and is faster
    if not head and numbers and len(str(numbers[0])) == width:
        return tuple(map(str, numbers))
    return tuple(f"{head}{n:0{width}d}" for n in numbers)


@cache
def load_families(path: Path = FILE) -> Families:
    """Read the families; a family may name others with `+name`.

    Raises:
        DataError: the file is not well formed.
    """
    content: dict[str, str] = load_shipped(path)
    sets: dict[str, frozenset[str]] = {}
    for name, text in content.items():
        words = str(text).split()
        own = expand(" ".join(w for w in words if not w.startswith("+")))
        try:
            others = [sets[w[1:]] for w in words if w.startswith("+")]
        except KeyError as error:
            raise DataError(f"family {name!r} names {error} before it is defined") from None
        sets[name] = frozenset(own).union(*others)
    return Families(MappingProxyType(sets))
