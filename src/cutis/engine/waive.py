"""Waivers: findings that the practice has looked at and leaves standing, each with a reason, an author and an end.

A waived finding is never dropped: it is counted and listed apart. A waiver whose day has passed stops working, and
both that and a waiver that covers nothing are said.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from cutis.model import columns as c
from cutis.model.finding import WAIVER

SCOPES: Final = {
    "claim": (c.CLAIM_ID,),
    "code": (c.CODE,),
    "payer": (c.PAYER_ID, c.PAYER_KIND),
    "provider": (c.RENDERING_NPI, c.BILLING_NPI),
    "place": (c.PLACE_OF_SERVICE,),
}
"""What a waiver may be narrowed to, and the columns of the line that any of which must hold it."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """One waiver.

    Attributes:
        rule: name of a rule or fault, or of a family.
        reason: why the finding may stand.
        author: who says so.
        expires: last day on which it works.
        scope: per key of `SCOPES`, the values that are covered; empty covers every claim.
        line: of the configuration file, 0 where it came from elsewhere.
    """

    rule: str
    reason: str
    author: str
    expires: date
    scope: tuple[tuple[str, tuple[str, ...]], ...] = ()
    line: int = 0

    def in_force(self, day: date | None) -> bool:
        """Whether it works on a day; without a day to hold against it, it does not."""
        return day is not None and day <= self.expires

    def described(self) -> str:
        """Rule and scope in a few words."""
        scope = ", ".join(f"{key} {' or '.join(values)}" for key, values in self.scope)
        return f"{self.rule} ({scope})" if scope else f"{self.rule} (every claim)"

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "rule": self.rule,
            "scope": {key: list(values) for key, values in self.scope},
            "reason": self.reason,
            "author": self.author,
            "expires": self.expires.isoformat(),
        }


def mark(rows: pl.DataFrame, waivers: Sequence[Waiver], families: Mapping[str, str]) -> pl.DataFrame:
    """Write into `waiver` the place of the waiver that covers each finding; of several the one that ends last.

    Args:
        rows: findings beside the columns of `SCOPES` of their line (of the claim's first line where they name none).
        waivers: in the order of the configuration.
        families: family of each rule and fault by name.
    """
    number: pl.Expr = pl.lit(None, dtype=pl.UInt16)
    # the last to end is asked first; of equals, the first of the file
    order = sorted(range(len(waivers)), key=lambda i: (waivers[i].expires, -i))
    for index in order:
        number = pl.when(_covers(waivers[index], families)).then(pl.lit(index, dtype=pl.UInt16)).otherwise(number)
    return rows.with_columns(number.alias(WAIVER))


def _covers(waiver: Waiver, families: Mapping[str, str]) -> pl.Expr:
    names = [n for n, family in families.items() if waiver.rule in {n, family}]
    hit = pl.col("rule").is_in(names)
    for key, values in waiver.scope:
        hit &= pl.any_horizontal(pl.col(n).is_in(list(values)).fill_null(value=False) for n in SCOPES[key])
    return hit


@dataclass(frozen=True, slots=True)
class WaiverUse:
    """A waiver, what it covered in this run, and whether it works."""

    waiver: Waiver
    status: str  # "in force", "expired" or "no date"
    findings: int

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return self.waiver.as_dict() | {"status": self.status, "findings": self.findings}


def uses(waivers: Iterable[Waiver], counts: Mapping[int, int], day: date | None) -> list[WaiverUse]:
    """What each waiver did.

    Args:
        waivers: in the order of the configuration.
        counts: findings covered by each, by its place.
        day: that expiry is held against.
    """

    def status(waiver: Waiver) -> str:
        if day is None:
            return "no date"
        return "in force" if waiver.in_force(day) else "expired"

    return [WaiverUse(w, status(w), counts.get(i, 0)) for i, w in enumerate(waivers)]
