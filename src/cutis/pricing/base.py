"""The fee schedule formula in whole numbers: RVU x GPCI x conversion factor, rounded once, half up, to cents."""

from functools import cache
from typing import Final

import polars as pl

from cutis.reference.dated import in_force
from cutis.reference.store import Reference

NONFACILITY: Final = "nonfacility_cents"
FACILITY: Final = "facility_cents"
STATUS: Final = "price_status"

# What the status code of the relative value file means for a price (CMS, PFS relative value file documentation).
STATUS_WORDS: Final = {
    "A": "priced", "R": "priced", "T": "priced", "D": "deleted", "F": "deleted", "G": "not-for-medicare", "H": "deleted",
    "B": "bundled", "P": "bundled", "C": "carrier-priced", "E": "other-fee-schedule", "X": "other-fee-schedule",
    "I": "not-for-medicare", "J": "anesthesia", "L": "carrier-priced", "M": "measurement", "N": "not-covered",
    "Q": "functional", "U": "carrier-priced",
}  # fmt: skip

# hundredths of RVU x thousandths of GPCI x ten-thousandths of a dollar = billionths of a dollar
_PER_CENT: Final = 10_000_000
NATIONAL: Final = {"gpci_work": 1000, "gpci_pe": 1000, "gpci_mp": 1000}
DRUG_LIMIT: Final = 1000  # a payment limit is kept in thousandths of a dollar
QUALIFYING_APM: Final = "qualifying-apm"


def cents(pe: str) -> pl.Expr:
    """Allowable in cents from integer RVU, GPCI and conversion factor columns; exact until the one rounding."""
    rvu = (
        pl.col("work").cast(pl.Int64) * pl.col("gpci_work")
        + pl.col(pe).cast(pl.Int64) * pl.col("gpci_pe")
        + pl.col("mp").cast(pl.Int64) * pl.col("gpci_mp")
    )
    return (rvu * pl.col("cf").cast(pl.Int64) + _PER_CENT // 2) // _PER_CENT


def allowables(frame: pl.DataFrame, reference: Reference, *, track: str = "standard") -> pl.DataFrame:
    """Put prices on rows.

    Args:
        frame: code, modifier ("" or 26, TC, 53), date, gpci_work, gpci_pe, gpci_mp (thousandths).
        reference: has tables fee and, for the track `qualifying-apm`, the value conversion_factor.
        track: `standard` takes the file's own factor.

    Returns:
        `frame` in its order with the fee row's columns, `nonfacility_cents`, `facility_cents` (Int64; null is not
        priced), `price_status` and `fee_release`. Codes of no fee row in force are `not-in-force` or `unknown-code`.
    """
    # only the rows asked for: a join with the whole file is most of the time of a small call
    codes = frame["code"].unique()
    one = len(codes) == 1 and codes[0] is not None
    wanted = pl.col("code") == codes[0] if one else pl.col("code").is_in(codes.implode())
    fee = reference.table("fee").filter(wanted)
    priced = in_force(frame, fee, on=["code", "modifier"], date="date", prefix="").rename({"release": "fee_release"})
    if track != "standard":
        priced = priced.with_columns(_track_factor(priced, reference, track))
    found = fee["code"].unique()
    known_codes = pl.lit(value=len(found) == 1) if one else pl.col("code").is_in(found.implode())
    done = priced.with_columns(*_amounts(), _status(known_codes).alias(STATUS))
    return _drugs(done, reference)


@cache
def _amounts() -> tuple[pl.Expr, pl.Expr]:
    """Both settings; kept, because making the expressions takes as long as one price."""
    return (
        pl.when(paid() & ~pl.col("na_nonfac")).then(cents("pe_nonfac")).alias(NONFACILITY),
        pl.when(paid() & ~pl.col("na_fac")).then(cents("pe_fac")).alias(FACILITY),
    )


def _status(known_codes: pl.Expr) -> pl.Expr:
    placed = pl.col("gpci_work").is_not_null()
    return (
        pl.when(pl.col("known") & (placed | ~paid()))
        .then(_word())
        .when(pl.col("known"))
        .then(pl.lit("no-gpci"))
        .when(known_codes)
        .then(pl.lit("not-in-force"))
        .otherwise(pl.lit("unknown-code"))
    )


def _word() -> pl.Expr:
    said = pl.col("status").replace_strict(STATUS_WORDS, default="not-priced", return_dtype=pl.String)
    return pl.when((said == "priced") & ~paid()).then(pl.lit("carrier-priced")).otherwise(said)


def paid() -> pl.Expr:
    """Whether the fee schedule itself pays the row; a restricted code (R) without values is the contractor's to price."""
    valued = pl.sum_horizontal("work", "pe_nonfac", "pe_fac", "mp") > 0
    return pl.col("status").is_in(["A", "R", "T"]) & valued


def _drugs(priced: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Drug codes, which the fee schedule leaves to another, at their payment limits where these are imported."""
    drug = pl.col("code").str.contains(r"^[JQ]\d{4}$|^A9\d{3}$") & ~pl.col(STATUS).is_in(["priced", "bundled"])
    if not reference.has("asp"):
        unlimited = drug & pl.col(STATUS).is_in(["other-fee-schedule", "unknown-code"])
        return priced.with_columns(
            pl.when(unlimited).then(pl.lit("drug-without-limit")).otherwise(STATUS).alias(STATUS)
        )
    columns = priced.columns
    joined = in_force(priced, reference.table("asp"), on=["code"], date="date", prefix="asp_")
    limit = pl.when(~pl.col(STATUS).is_in(["priced", "bundled"])).then(pl.col("asp_limit"))
    per_unit = (limit + DRUG_LIMIT // 200) // (DRUG_LIMIT // 100)
    return joined.with_columns(
        limit.alias("drug_limit"),
        *(pl.when(limit.is_not_null()).then(per_unit).otherwise(n).alias(n) for n in (NONFACILITY, FACILITY)),
        pl.when(limit.is_not_null()).then(pl.lit("drug")).when(drug).then(pl.lit("drug-without-limit"))
        .otherwise(STATUS).alias(STATUS),
        pl.when(limit.is_not_null()).then("asp_release").otherwise("fee_release").alias("fee_release"),
    ).select(*columns, "drug_limit")  # fmt: skip


def _track_factor(priced: pl.DataFrame, reference: Reference, track: str) -> pl.Expr:
    """The conversion factor of another track, by date; null (not priced) where none is in force."""
    factors = {
        day: int(reference.value("conversion_factor", on=day, track=track) * 10_000)
        for day in priced.filter("known")["date"].unique()
    }
    return pl.col("date").replace_strict(factors, default=None, return_dtype=pl.Int32).alias("cf")
