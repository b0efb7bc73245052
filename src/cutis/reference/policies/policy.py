"""One policy of a payer, the events of its life, and where it stands on a date."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache

from cutis.reference.families import expand


class Kind(StrEnum):
    """What a policy does to a claim."""

    SHARE = "share"  # lines it matches are paid at a share of the fee
    LEVEL = "level"  # visits may be paid at a lower level, after the payer's review of the practice's pattern
    RECORDS = "records"  # records must come with the claim
    SIDE = "side"  # a modifier for the side or digit is required


class Status(StrEnum):
    """Where a policy stands."""

    ANNOUNCED = "announced"
    IN_FORCE = "in-force"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "not-known"  # nothing was said about that date, state or product


@dataclass(frozen=True, slots=True)
class Event:
    """What was said about a policy.

    Attributes:
        said: day it was said; where the page bears no day, a day by which it was known, and `undated` is true.
        first: first date of service it speaks about.
        last: the last one, None while open.
        status: from then on.
        states: only these, as `CA`; empty is everywhere.
        products: only these; empty is all the policy names.
        source: address of the page.
        note: what else must be known.
    """

    said: date
    first: date
    last: date | None
    status: Status
    states: tuple[str, ...]
    products: tuple[str, ...]
    source: str
    note: str = ""
    undated: bool = False

    def speaks_of(self, on: date, state: str | None, product: str | None) -> bool:
        """Whether it decides about that date, state and product."""
        if self.last is not None and on > self.last:
            return False
        if self.status is not Status.ANNOUNCED and on < self.first:
            return False
        here = not self.states or (state is not None and state.upper() in self.states)
        return here and (not self.products or product in self.products)


@dataclass(frozen=True, slots=True)
class Policy:
    """A published policy of a payer.

    Attributes:
        name: kebab-case, unique.
        payer: who pays.
        also: other names of the payer, as they stand on claims.
        kind: what it does.
        what: in our words.
        code_words: codes it is about, as `11102 11300-11303`.
        modifier: only lines with this modifier; empty is any.
        beside_global: only beside a line whose global period is one of these on the same day; empty is always.
        share: of the fee, for `Kind.SHARE`.
        levels: how many levels lower, for `Kind.LEVEL`.
        products: lines of business it names.
        history: events, oldest first.
    """

    name: str
    payer: str
    also: tuple[str, ...]
    kind: Kind
    what: str
    code_words: str
    modifier: str
    beside_global: tuple[str, ...]
    share: Decimal | None
    levels: int
    products: tuple[str, ...]
    history: tuple[Event, ...] = field(repr=False)

    @property
    def codes(self) -> frozenset[str]:
        """Codes it is about."""
        return _codes(self.code_words)

    def stands(
        self, on: date, *, as_of: date | None = None, state: str | None = None, product: str | None = None
    ) -> "Standing":
        """Where it stands for a date of service, by what was known on `as_of` (None: all that is on file).

        What was said last decides; of things said on one day the narrower one.
        """
        known = [e for e in self.history if as_of is None or e.said <= as_of]
        deciding = [e for e in known if e.speaks_of(on, state, product)]
        event = max(deciding, key=_weight) if deciding else None
        others = tuple(
            e
            for e in known
            if e is not event
            and (e.states or e.products)
            and not e.speaks_of(on, state, product)
            and (e.last is None or on <= e.last)
            and e.first <= on
        )
        return Standing(self, Status.UNKNOWN if event is None else event.status, event, others)


@cache
def _codes(words: str) -> frozenset[str]:
    # a range may hold all of surgery: expanded when a line of this payer is there to judge, not for each policy read
    return frozenset(expand(words))


def _weight(event: Event) -> tuple[date, int, date]:
    return event.said, bool(event.states) + bool(event.products), event.first


@dataclass(frozen=True, slots=True)
class Standing:
    """A policy on a date.

    Attributes:
        policy: which.
        status: for the date, state and product asked for; only `in-force` may change a price.
        event: what decided it; None where nothing was said.
        exceptions: events that hold on that date for other states or products.
    """

    policy: Policy
    status: Status
    event: Event | None
    exceptions: tuple[Event, ...]

    @property
    def in_force(self) -> bool:
        """Whether it may be applied."""
        return self.status is Status.IN_FORCE

    def sentence(self) -> str:
        """For people: what it is, where it stands, since when, by which page."""
        start = f"{self.policy.payer}: {self.policy.what}"
        if self.event is None:
            return f"{start} Nothing on file says where it stands on that date."
        by = "known by" if self.event.undated else "said on"
        words = {"in-force": "In force", "announced": "Announced", "paused": "Paused", "withdrawn": "Withdrawn"}
        end = f", until {self.event.last}" if self.event.last else ""
        note = f" {self.event.note}" if self.event.note else ""
        found = [
            f" {words[x.status.value]} for {', '.join((*x.states, *x.products))} from {x.first}"
            f"{f' to {x.last}' if x.last else ''}."
            for x in self.exceptions
        ]
        return (
            f"{start} {words[self.status.value]} for dates of service from {self.event.first}{end} "
            f"({by} {self.event.said}: {self.event.source}).{note}{''.join(found)}"
        )
