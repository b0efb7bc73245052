"""A contract's own reductions: several procedures, both sides, assistants, practitioners, reduced services."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Final

from cutis.model.errors import InputError

MULTIPLE: Final = "multiple"
# name in a contract: the share of a price that it replaces
NAMES: Final = {
    MULTIPLE: MULTIPLE, "bilateral": "bilateral", "assistant": "assistant", "assistant-npp": "assistant-npp",
    "co-surgeon": "co-surgeon", "npp": "npp", "reduced": "52", "discontinued": "53",
}  # fmt: skip
_MOST: Final = 300


def read_reductions(entries: Mapping[str, object], where: str) -> dict[str, tuple[Decimal, ...]]:
    """Shares of the fee by name, as factors.

    Args:
        entries: percentages by name: one, or for `multiple` those of the first, second, ... procedure, as a list or as
            text with strokes (`100/50/25`; the last holds for all after it). `none` is no reduction.
        where: the file, for the sentence of an error.

    Raises:
        InputError: a name is unknown, or a value is not a percentage.
    """
    if unknown := sorted(str(k) for k in entries if k not in NAMES):
        raise InputError(f"{where}: unknown reduction {', '.join(unknown)}; reductions are {', '.join(NAMES)}")
    return {NAMES[name]: _factors(name, value, where) for name, value in entries.items()}


def _factors(name: str, value: object, where: str) -> tuple[Decimal, ...]:
    parts = list(value) if isinstance(value, list | tuple) else str(value).split("/")
    if str(value).strip().lower() == "none":
        return (Decimal(2 if name == "bilateral" else 1),)
    if not parts or (len(parts) > 1 and name != MULTIPLE):
        raise InputError(f"{where}: {name} is one percentage of the fee, as 50; only {MULTIPLE} has several")
    factors = tuple(_percent(name, p, where) / 100 for p in parts)
    # one number for several procedures is that of the second and later ones
    return (Decimal(1), *factors) if name == MULTIPLE and len(factors) == 1 else factors


def _percent(name: str, value: object, where: str) -> Decimal:
    try:
        percent = Decimal(str(value).strip().removesuffix("%"))
    except InvalidOperation:
        percent = Decimal(-1)
    if not (percent.is_finite() and 0 <= percent <= _MOST):
        raise InputError(
            f"{where}: {name} {value!r} is not a percentage of the fee, as 50 (or 100/50/25 for {MULTIPLE})"
        )
    return percent
