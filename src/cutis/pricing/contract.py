"""A payer's own fees: a percentage of Medicare's (of any date), or a table; dated, and said where it does not speak."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from cutis.model.errors import ConfigError
from cutis.model.money import dollars, to_cents
from cutis.pricing.derive import Price, price
from cutis.pricing.locality import Locality
from cutis.reference.store import Reference


@dataclass(frozen=True, slots=True)
class Row:
    """One agreed fee in cents, with the dates it holds."""

    amount: int
    facility: int
    first: date | None
    last: date | None
    reduced: bool | None = None  # among several procedures; None is as Medicare's indicator says


@dataclass(frozen=True, slots=True)
class Contract:
    """What a payer agreed to pay.

    Attributes:
        name: for people.
        payer: who pays; empty where the file does not say.
        first: first date of service, None is open.
        last: last date of service, None is open.
        percent: of Medicare's fee for codes not in the table; None where only the table speaks.
        by_code: percentages of single codes.
        medicare_date: whose fee schedule is meant; None is that of the date of service.
        table: fees by code and modifier.
        reductions: shares as factors by name (see `read_reductions`); what is not named is Medicare's.
    """

    name: str
    payer: str = ""
    first: date | None = None
    last: date | None = None
    percent: Decimal | None = None
    by_code: dict[str, Decimal] = field(default_factory=dict)
    medicare_date: date | None = None
    table: dict[tuple[str, str], tuple[Row, ...]] = field(default_factory=dict)
    reductions: dict[str, tuple[Decimal, ...]] = field(default_factory=dict)

    @property
    def authority(self) -> str:
        """What a step rests on."""
        return f"contract {self.name}"

    def reduced(self, code: str) -> bool | None:
        """Whether the contract itself says that a code is reduced among several procedures; None where it does not."""
        said = [r.reduced for (c, _), rows in self.table.items() if c == code.upper() for r in rows]
        return next((x for x in said if x is not None), None)

    def price(self, reference: Reference, code: str, locality: Locality, on: date, *, modifier: str = "") -> Price:
        """The agreed fee of one unit, derived.

        Raises:
            ConfigError: the contract is not for that date.
        """
        if (self.first and on < self.first) or (self.last and on > self.last):
            ends = f"{self.first or 'ever'} to {self.last or 'open'}"
            raise ConfigError(f"contract {self.name} is for dates of service {ends}, not for {on}")
        code = code.upper()
        rows = [
            r
            for r in self.table.get((code, modifier), ())
            if (not r.first or r.first <= on) and (not r.last or on <= r.last)
        ]
        if rows:
            row = max(rows, key=lambda r: r.first or date.min)
            step = f"{code} on {on}: agreed fee of {self.name}"
            return Price(code, modifier, locality, on, row.amount, row.facility, "priced", self.name, (step,))
        percent = self.by_code.get(code, self.percent)
        if percent is None:
            step = f"{code} on {on}: not in the table of {self.name}"
            return Price(code, modifier, locality, on, None, None, "not-in-contract", self.name, (step,))
        day = self.medicare_date or on
        base = price(reference, code, locality, day, modifier=modifier)
        share = percent / 100
        amounts = [None if c is None else to_cents(Decimal(c) * share / 100) for c in (base.nonfacility, base.facility)]
        both = " and ".join("no amount" if c is None else f"${dollars(c)}" for c in amounts)
        said = f"{percent.normalize():f} percent of Medicare's fee of {day} ({self.name}): {both} in a facility"
        return Price(
            code, modifier, locality, on, amounts[0], amounts[1], base.status, base.release, (*base.derivation, said),
            base.drug_limit,
        )  # fmt: skip
