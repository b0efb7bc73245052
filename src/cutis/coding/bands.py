"""Code series by group and size: which band a measure falls into (tables/codes.yaml)."""

from bisect import bisect_left
from decimal import ROUND_CEILING, Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from cutis.coding.phrases import table


class Series(NamedTuple):
    """Codes of one series for one group of sites.

    Attributes:
        limits: upper limits of the bands.
        codes: one more than limits.
        more: add-on code for what goes beyond `over`.
        over: measure above which the add-on begins.
        each: measure of one unit of the add-on.
    """

    limits: tuple[Decimal, ...]
    codes: tuple[str, ...]
    more: str | None = None
    over: Decimal = Decimal(0)
    each: Decimal = Decimal(1)

    def at(self, size: Decimal | int) -> int:
        """The band of a size."""
        return bisect_left(self.limits, size)

    def further(self, size: Decimal) -> int:
        """Units of the add-on: each further measure or part of it."""
        if self.more is None or size <= self.over:
            return 0
        return int(((size - self.over) / self.each).to_integral_value(ROUND_CEILING))

    def words(self, at: int, unit: str = "cm") -> str:
        """A band in words."""
        if not self.limits:
            return f"any size in {unit}"
        if at == 0:
            return f"{plain(self.limits[0])} {unit} or less"
        if at == len(self.limits):
            return f"over {plain(self.limits[-1])} {unit}"
        return f"over {plain(self.limits[at - 1])} and up to {plain(self.limits[at])} {unit}"

    def neighbour(self, size: Decimal | int, unit: str = "cm", what: str = "the size") -> tuple[str, str] | None:
        """The code of the nearest band, and what the size would have to be."""
        at = self.at(size)
        below = (size - self.limits[at - 1], at - 1) if at else None
        above = (self.limits[at] - size, at + 1) if at < len(self.limits) else None
        nearest = min((n for n in (below, above) if n), default=None)
        if nearest is None or self.codes[nearest[1]] == self.codes[at]:
            return None
        return self.codes[nearest[1]], f"{what} is {self.words(nearest[1], unit)}"


def plain(number: Decimal | int) -> str:
    """A number as people write it: 1.0 stays 1.0, 30 stays 30, no exponent."""
    return f"{number:f}" if isinstance(number, Decimal) else str(number)


@lru_cache(maxsize=256)
def series(name: str, group: str = "any") -> Series:
    """The series of a group.

    Args:
        name: of the series, as "benign excision".
        group: of sites; "any" where the site plays no part.
    """
    entry: dict[str, Any] = table("codes")["series"][name][group]
    return Series(
        tuple(Decimal(str(n)) for n in entry["to"]),
        tuple(entry["codes"].split()),
        entry.get("more"),
        Decimal(str(entry.get("over", 0))),
        Decimal(str(entry.get("each", 1))),
    )


@lru_cache(maxsize=256)
def codes(name: str, *keys: str) -> tuple[str, ...]:
    """Codes of another table of codes.yaml, split."""
    entry: Any = table("codes")[name]
    for key in keys:
        entry = entry[key]
    return tuple(str(entry).split())
