"""Amounts, numbers and days of an X12 file, from their texts."""

from typing import Final

import polars as pl

NUMBER_PATTERN: Final = r"^[+-]?(\d+(\.\d*)?|\.\d+)$"
# the largest amount, and more units, than a claim has places for (eight digits before the point)
MOST: Final = 99_999_999.99


def amount(text: str) -> pl.Expr:
    """A decimal string of dollars as whole cents; null where it is not a number."""
    return (number(text) * 100).round(0).cast(pl.Int64, strict=False)


def number(text: str) -> pl.Expr:
    """A decimal string as a number; null where it is none, or none that a claim can hold."""
    value = pl.when(pl.col(text).str.contains(NUMBER_PATTERN)).then(pl.col(text).cast(pl.Float64, strict=False))
    return pl.when(value.abs() <= MOST).then(value)


def day(text: pl.Expr) -> pl.Expr:
    """A date of eight digits; null where it is none."""
    return text.str.to_date("%Y%m%d", strict=False)


def filled(text: str) -> pl.Expr:
    """Null in place of an empty text."""
    return pl.when(pl.col(text) != "").then(pl.col(text)).alias(text)
