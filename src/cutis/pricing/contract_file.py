"""Contracts as people write them: YAML, TOML or CSV; what is wrong is said in one sentence with its place."""

import csv
import io
import tomllib
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

import yaml

from cutis.model.errors import InputError
from cutis.model.money import to_cents
from cutis.pricing.contract import Contract, Row
from cutis.pricing.reductions import NAMES, read_reductions
from cutis.reference.families import expand

_KEYS: Final = {"contract", "payer", "from", "to", "percent", "medicare_date", "codes", "table", "reductions"}
_COLUMNS: Final = {"code", "amount"}
MOST_BYTES: Final = 50 << 20


def load_contract(path: Path) -> Contract:
    """Read a contract: YAML or TOML, or a table as CSV with the columns code and amount.

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
        table, reductions = _table(text, path)
        return Contract(path.stem, table=table, reductions=reductions)
    return _terms(text, path)


def _terms(text: str, path: Path) -> Contract:
    form, load = ("TOML", tomllib.loads) if path.suffix.lower() == ".toml" else ("YAML", yaml.safe_load)
    try:
        content: Any = load(text)
    # a day that is none, as 2026-02-30, and nesting without end are no errors of YAML to its reader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InputError(f"{path} is not {form}: {' '.join(str(error).split())}") from None
    if not isinstance(content, dict) or set(content) - _KEYS or "contract" not in content:
        raise InputError(f"{path} is not a contract: it needs contract, and may have {', '.join(sorted(_KEYS))}")
    beside = _beside(content, path)
    try:
        days = {k: content.get(k) for k in ("from", "to", "medicare_date")}
        if wrong := [k for k, v in days.items() if v is not None and type(v) is not date]:
            raise InputError(f"{path}: {', '.join(wrong)} must be a date, as 2026-01-01")
        codes = {c: _percent(v, path) for k, v in (content.get("codes") or {}).items() for c in expand(str(k))}
        percent = _percent(content["percent"], path) if "percent" in content else None
    except (AttributeError, ValueError, TypeError, IndexError) as error:
        raise InputError(f"{path}: codes must name codes or ranges with their percentage: {error}") from None
    if percent is None and not codes and not beside.table:
        raise InputError(f"{path} agrees on nothing: give percent, codes or table")
    cuts = content.get("reductions") or {}
    if not isinstance(cuts, dict):
        raise InputError(f"{path}: reductions must name {', '.join(NAMES)}, each with its percentage")
    return Contract(
        str(content["contract"]), str(content.get("payer") or ""), days["from"], days["to"], percent, codes,
        days["medicare_date"], beside.table, beside.reductions | read_reductions(cuts, str(path)),
    )  # fmt: skip


def _beside(content: dict[str, Any], path: Path) -> Contract:
    """The table that a contract names: a CSV in the same folder."""
    if "table" not in content:
        return Contract("")
    name = Path(str(content["table"])).name
    if not name.lower().endswith(".csv"):
        raise InputError(f"{path}: table {name!r} must be a CSV beside it")
    return load_contract(path.parent / name)


def _percent(value: object, path: Path) -> Decimal:
    try:
        percent = Decimal(str(value))
    except InvalidOperation:
        percent = Decimal(-1)
    if not (percent.is_finite() and 0 <= percent <= 2000):
        raise InputError(f"{path}: {value!r} is not a percentage of Medicare's fee, as 125")
    return percent


def _table(text: str, path: Path) -> tuple[dict[tuple[str, str], tuple[Row, ...]], dict[str, tuple[Decimal, ...]]]:
    """Fees by code and modifier; and reductions, whose rows bear their name where others bear a code."""
    found: dict[tuple[str, str], tuple[Row, ...]] = {}
    cuts: dict[str, tuple[Decimal, ...]] = {}
    try:
        reader = csv.DictReader(io.StringIO(text))
        names = [n.strip().lower() for n in reader.fieldnames or []]
        if not set(names) >= _COLUMNS:
            raise InputError(
                f"{path}: the first row must name the columns code and amount (modifier, facility, from, to, reduced)"
            )
        reader.fieldnames = names
        for number, row in enumerate(reader, 2):
            name = (row["code"] or "").strip().lower()
            if name in NAMES:
                cuts |= read_reductions({name: (row["amount"] or "").strip()}, f"{path}: row {number}")
                continue
            key = (_code(row["code"], path, number), (row.get("modifier") or "").strip().upper())
            found[key] = (*found.get(key, ()), _row(row, path, number))
    except csv.Error as error:
        raise InputError(f"{path} cannot be read as a table: {error}") from None
    if not found and not cuts:
        raise InputError(f"{path} has no rows")
    return found, cuts


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

    word = (row.get("reduced") or "").strip().lower()
    if word not in {"", "yes", "no"}:
        raise InputError(f"{path}: row {number}: reduced {word!r} is neither yes nor no")
    amount, facility = money("amount"), money("facility")
    if amount is None:
        raise InputError(f"{path}: row {number}: amount is empty")
    reduced = None if not word else word == "yes"
    return Row(amount, amount if facility is None else facility, day("from"), day("to"), reduced)
