"""The whole fee schedule at every locality in one vectorised call, to the cent."""

from collections.abc import Collection
from datetime import date
from typing import Final

import polars as pl

from cutis.model.errors import DataError
from cutis.pricing.base import FACILITY, NONFACILITY, cents, paid
from cutis.reference.store import Reference

_VALUES: Final = ("work", "pe_nonfac", "pe_fac", "mp")


def schedule(reference: Reference, on: date, *, codes: Collection[str] | None = None) -> pl.DataFrame:
    """Allowables of all codes (or of some) at all localities under the standard conversion factor.

    Args:
        reference: has tables fee and gpci.
        on: date of service.
        codes: only these; None is the whole file.

    Returns:
        code, modifier, locality, state, nonfacility_cents, facility_cents (Int64; null is not priced), a row per code,
        modifier and locality, in the order of the file and of the localities.

    Raises:
        DataError: no release of either table is in force on that date.
    """
    fee = _in_force(reference.table("fee"), on, "fee")
    gpci = _in_force(reference.table("gpci"), on, "gpci").sort("mac", "locality", "state")
    if codes is not None:
        fee = fee.filter(pl.col("code").is_in(sorted(codes)))
    rows = fee.select(
        "code", "modifier", *_VALUES, "cf",
        (paid() & ~pl.col("na_nonfac")).alias("in_office"), (paid() & ~pl.col("na_fac")).alias("in_facility"),
    )  # fmt: skip
    places = gpci.select(
        pl.concat_str("mac", "locality", separator="-").alias("locality"), "state",
        pl.col("work").alias("gpci_work"), pl.col("pe").alias("gpci_pe"), pl.col("mp").alias("gpci_mp"),
    )  # fmt: skip
    return (
        rows.lazy()
        .join(places.lazy(), how="cross")
        .select(
            "code", "modifier", "locality", "state",
            pl.when("in_office").then(cents("pe_nonfac")).alias(NONFACILITY),
            pl.when("in_facility").then(cents("pe_fac")).alias(FACILITY),
        )
        .collect()
    )  # fmt: skip


def _in_force(table: pl.DataFrame, on: date, name: str) -> pl.DataFrame:
    """Rows of the release that began last among those in force."""
    rows = table.filter(
        pl.col("effective_from") <= on, pl.col("effective_to").is_null() | (pl.col("effective_to") >= on)
    )
    if rows.is_empty():
        raise DataError(f"no {name} release in force on {on}; import CMS's file with: cutis data import FILE")
    return rows.filter(pl.col("effective_from") == pl.col("effective_from").max())
