"""A payer's own fees: a percentage of Medicare's (of any date), or a table; dated, and said where it does not speak."""

import csv
import io
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

import yaml

from cutis.model.errors import ConfigError, InputError
from cutis.model.money import dollars, to_cents
from cutis.pricing.derive import Price, price
from cutis.pricing.locality import Locality
from cutis.reference.families import expand
from cutis.reference.store import Reference

_KEYS: Final = {"contract", "payer", "from", "to", "percent", "medicare_date", "codes", "table"}
_COLUMNS: Final = {"code", "amount"}
MOST_BYTES: Final = 50 << 20


@dataclass(frozen=True, slots=True)
class Row:
    """One agreed fee in cents, with the dates it holds."""

    amount: int
    facility: int
    first: date | None
    last: date | None


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
    """

    name: str
    payer: str = ""
    first: date | None = None
    last: date | None = None
    percent: Decimal | None = None
    by_code: dict[str, Decimal] = field(default_factory=dict)
    medicare_date: date | None = None
    table: dict[tuple[str, str], tuple[Row, ...]] = field(default_factory=dict)

    @property
    def authority(self) -> str:
        """What a step rests on."""
        return f"contract {self.name}"

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


def load_contract(path: Path) -> Contract:
    """Read a contract: YAML, or a table as CSV with the columns code and amount.

    Raises:
        InputError: the file is not there or not a contract; the sentence says where.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError(f"{path} is larger than any contract")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{path} is not text in UTF-8") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from None
    if path.suffix.lower() == ".csv":
        return Contract(path.stem, table=_table(text, path))
    return _yaml(text, path)


def _yaml(text: str, path: Path) -> Contract:
    try:
        content: Any = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise InputError(f"{path} is not YAML: {' '.join(str(error).split())}") from None
    if not isinstance(content, dict) or set(content) - _KEYS or "contract" not in content:
        raise InputError(f"{path} is not a contract: it needs contract, and may have {', '.join(sorted(_KEYS))}")
    table: dict[tuple[str, str], tuple[Row, ...]] = {}
    if "table" in content:
        table = load_contract(path.parent / Path(str(content["table"])).name).table
    try:
        days = {k: content.get(k) for k in ("from", "to", "medicare_date")}
        if wrong := [k for k, v in days.items() if v is not None and type(v) is not date]:
            raise InputError(f"{path}: {', '.join(wrong)} must be a date, as 2026-01-01")
        codes = {c: _percent(v, path) for k, v in (content.get("codes") or {}).items() for c in expand(str(k))}
        percent = _percent(content["percent"], path) if "percent" in content else None
    except (AttributeError, ValueError, TypeError, IndexError) as error:
        raise InputError(f"{path}: codes must name codes or ranges with their percentage: {error}") from None
    if percent is None and not codes and not table:
        raise InputError(f"{path} agrees on nothing: give percent, codes or table")
    return Contract(
        str(content["contract"]), str(content.get("payer") or ""), days["from"], days["to"], percent, codes,
        days["medicare_date"], table,
    )  # fmt: skip


def _percent(value: object, path: Path) -> Decimal:
    try:
        percent = Decimal(str(value))
    except InvalidOperation:
        percent = Decimal(-1)
    if not (percent.is_finite() and 0 <= percent <= 2000):
        raise InputError(f"{path}: {value!r} is not a percentage of Medicare's fee, as 125")
    return percent


def _table(text: str, path: Path) -> dict[tuple[str, str], tuple[Row, ...]]:
    found: dict[tuple[str, str], tuple[Row, ...]] = {}
    try:
        reader = csv.DictReader(io.StringIO(text))
        names = [n.strip().lower() for n in reader.fieldnames or []]
        if not set(names) >= _COLUMNS:
            raise InputError(
                f"{path}: the first row must name the columns code and amount (modifier, facility, from, to)"
            )
        reader.fieldnames = names
        for number, row in enumerate(reader, 2):
            key = (_code(row["code"], path, number), (row.get("modifier") or "").strip().upper())
            found[key] = (*found.get(key, ()), _row(row, path, number))
    except csv.Error as error:
        raise InputError(f"{path} cannot be read as a table: {error}") from None
    if not found:
        raise InputError(f"{path} has no rows")
    return found


def _code(value: str | None, path: Path, number: int) -> str:
    code = (value or "").strip().upper()
    if len(code) != 5 or not code.isalnum():
        raise InputError(f"{path}: row {number}: {value!r} is not a five-character code")
    return code


def _row(row: dict[str, Any], path: Path, number: int) -> Row:
    def money(name: str) -> int | None:
        text = (row.get(name) or "").strip().lstrip("$").replace(",", "")
        if not text:
            return None
        try:
            amount = Decimal(text)
        except InvalidOperation:
            amount = Decimal(-1)
        if not (amount.is_finite() and 0 <= amount <= 10_000_000):
            raise InputError(f"{path}: row {number}: {name} {row.get(name)!r} is not an amount, as 95.53")
        return to_cents(amount)

    def day(name: str) -> date | None:
        text = (row.get(name) or "").strip()
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            raise InputError(f"{path}: row {number}: {name} {text!r} is not a date, as 2026-01-01") from None

    amount, facility = money("amount"), money("facility")
    if amount is None:
        raise InputError(f"{path}: row {number}: amount is empty")
    return Row(amount, amount if facility is None else facility, day("from"), day("to"))
