"""Money is whole cents (Int64 columns, int values); this is where it is rounded and printed."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def to_cents(amount: Decimal) -> int:
    """Round dollars to whole cents, half up, as CMS does."""
    return int((amount * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def dollars(cents: int) -> str:
    """Whole cents as a decimal string with two places: `9553` is `95.53`."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"
