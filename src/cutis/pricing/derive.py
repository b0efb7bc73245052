"""One price with its derivation, line by line, in decimal strings."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from cutis.model.money import dollars
from cutis.pricing.base import FACILITY, NONFACILITY, STATUS, allowables
from cutis.pricing.locality import NATIONAL_KEY, Locality, gpcis
from cutis.reference.dated import in_force
from cutis.reference.store import Reference

STATUS_SENTENCES = {
    "priced": "payable under the fee schedule",
    "bundled": "always bundled into another service; no payment of its own",
    "carrier-priced": "priced by the contractor; the fee schedule has no amount",
    "other-fee-schedule": "not on the physician fee schedule; another schedule (drugs, laboratory) prices it",
    "not-for-medicare": "not valid for Medicare; another code is used",
    "anesthesia": "anesthesia is priced by base units and time, not by relative values",
    "measurement": "a quality measure without payment",
    "not-covered": "excluded from Medicare by law",
    "functional": "a report of function without payment",
    "deleted": "deleted",
    "not-priced": "without a price",
    "not-in-force": "in no fee schedule in force on that date",
    "unknown-code": "in no fee schedule that is loaded",
    "drug": "a drug, paid by its payment limit (ASP)",
    "drug-without-limit": "a drug; CMS's payment limits (ASP) are not imported or have none on that date",
    "no-such-part": "this modifier has no price of its own in CMS's file; cutis estimate tells what it does to a line",
    "no-gpci": "in no table of GPCIs that is loaded for that date",
    "not-in-contract": "not in the contract's table",
}
# NA in the file: CMS, addendum A of the fee schedule's final rules
NOT_THERE = {
    "non-facility": "not valued there (NA in CMS's file); a contractor that accepts it there pays the facility amount",
    "facility": "not paid there by the fee schedule (NA in CMS's file); the facility is paid for it",
}


@dataclass(frozen=True, slots=True)
class Price:
    """What one unit of a code is allowed; amounts in cents, None where there is no price."""

    code: str
    modifier: str
    locality: Locality
    on: date
    nonfacility: int | None
    facility: int | None
    status: str
    release: str | None
    derivation: tuple[str, ...]
    drug_limit: int | None = None  # thousandths of a dollar a unit, where it is a drug with a limit in force

    def as_dict(self) -> dict[str, Any]:
        """The promised shape; dollars as decimal strings."""
        return {
            "code": self.code,
            "modifier": self.modifier,
            "mac": self.locality.mac,
            "locality": self.locality.locality,
            "name": self.locality.name,
            "date": self.on.isoformat(),
            "nonfacility": None if self.nonfacility is None else dollars(self.nonfacility),
            "facility": None if self.facility is None else dollars(self.facility),
            "status": self.status,
            "release": self.release,
            "derivation": list(self.derivation),
        }


def price(
    reference: Reference, code: str, locality: Locality, on: date, *, modifier: str = "", track: str = "standard"
) -> Price:
    """The Medicare allowable of one unit, derived.

    Raises:
        DataError: a table or value that the price needs is not loaded or not in force.
    """
    mac, _, number = locality.key.partition("-")
    key = pl.DataFrame(
        {"code": [code.upper()], "modifier": [modifier], "date": [on], "mac": [mac], "locality": [number]},
        schema_overrides={"date": pl.Date},
    )
    if locality.key == NATIONAL_KEY:
        placed = key.hstack(gpcis(reference, locality.key))
    else:
        placed = in_force(key, reference.table("gpci"), on=["mac", "locality"], date="date", prefix="gpci_")
    row = allowables(placed, reference, track=track).row(0, named=True)
    if modifier and row[STATUS] == "not-in-force" and _in_force_whole(reference, row["code"], on):
        row[STATUS] = "no-such-part"
    return Price(
        code=code.upper(),
        modifier=modifier,
        locality=locality,
        on=on,
        nonfacility=row[NONFACILITY],
        facility=row[FACILITY],
        status=row[STATUS],
        release=row["fee_release"],
        derivation=tuple(_derivation(row, locality, track)),
        drug_limit=row.get("drug_limit"),
    )


def _in_force_whole(reference: Reference, code: str, on: date) -> bool:
    """Whether the code itself is in a fee schedule of that day."""
    key = pl.DataFrame({"code": [code], "modifier": [""], "date": [on]}, schema_overrides={"date": pl.Date})
    return bool(in_force(key, reference.table("fee"), on=["code", "modifier"], date="date")["known"][0])


def _derivation(row: dict[str, Any], locality: Locality, track: str) -> list[str]:
    steps = [
        f"{row['code']}{'-' + row['modifier'] if row['modifier'] else ''} on {row['date']}: {STATUS_SENTENCES[row[STATUS]]}"
    ]
    if row[STATUS] == "drug":
        limit = _scaled(row["drug_limit"], 3)
        return [
            *steps,
            f"payment limit of {row['fee_release']}: ${limit} a unit, everywhere alike; units are multiplied first",
        ]
    if row[STATUS] != "priced":
        return steps
    steps.append(
        f"relative values of {row['fee_release']}: work {_scaled(row['work'], 2)}, practice expense {_scaled(row['pe_nonfac'], 2)} non-facility and {_scaled(row['pe_fac'], 2)} facility, malpractice {_scaled(row['mp'], 2)}"
    )
    release = f" ({row['gpci_release']}; a work index below 1.000 is raised to it)" if row.get("gpci_release") else ""
    steps.append(
        f"GPCI {locality.name}: work {_scaled(row['gpci_work'], 3)}, practice expense {_scaled(row['gpci_pe'], 3)}, malpractice {_scaled(row['gpci_mp'], 3)}{release}"
    )
    steps.append(f"conversion factor {_scaled(row['cf'], 4)} ({track})")
    for label, pe, na, cents in (
        ("non-facility", "pe_nonfac", "na_nonfac", NONFACILITY),
        ("facility", "pe_fac", "na_fac", FACILITY),
    ):
        if row[na]:
            steps.append(f"{label}: {NOT_THERE[label]}")
            continue
        parts = [
            f"{_scaled(row[v], 2)} x {_scaled(row[g], 3)}"
            for v, g in (("work", "gpci_work"), (pe, "gpci_pe"), ("mp", "gpci_mp"))
        ]
        total = (
            sum(
                (Decimal(row[v]) * row[g] for v, g in (("work", "gpci_work"), (pe, "gpci_pe"), ("mp", "gpci_mp"))),
                Decimal(0),
            )
            / 100_000
        )
        steps.append(
            f"{label}: ({' + '.join(parts)}) = {total.normalize():f} RVU; x {_scaled(row['cf'], 4)} = ${dollars(row[cents])}"
        )
    return steps


def _scaled(value: int, places: int) -> str:
    return f"{Decimal(value).scaleb(-places):.{places}f}"
