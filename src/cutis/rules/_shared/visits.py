"""Visits and the procedures beside them on the day."""

import polars as pl

from cutis.model import columns as c
from cutis.model.finding import REASON
from cutis.reference.dated import in_force
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import DAY, narrow, on_days

EM = load_families().codes("em")
NEW = load_families().codes("em_office_new")
ESTABLISHED = load_families().codes("em_office_established")
OFFICE = NEW | ESTABLISHED
_NOT_OF_VISITS = (c.UNITS, c.PLACE_OF_SERVICE, *c.DIAGNOSES)


def with_fee(lines: pl.DataFrame, ref: Reference, *columns: str) -> pl.DataFrame:
    """Lines with the fee schedule's row of their code (global service) in force on their day; null where none is.

    Args:
        lines: any frame with code and service date.
        ref: has the table fee.
        columns: of the schedule that are wanted; none is all.
    """
    # many rules ask for it: the rows of whole services are looked up once a part, and joined by their few codes
    table = ref.table("fee")
    fee = ref.lasting("whole services", lambda: table.filter(pl.col("modifier") == "").drop("modifier"))
    if columns:
        fee = fee[["code", *columns, "effective_from", "effective_to", "release"]]
    if not lines.is_empty():
        fee = fee.filter(pl.col("code").is_in(lines[c.CODE].unique().implode()))
    return in_force(lines, fee, on=["code"])


def visits_of(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The lines that are visits, picked out once; without units, place and diagnoses."""
    wanted = [n for n in lines.columns if n not in _NOT_OF_VISITS]
    found = ref.remember(lines, "visits", lambda: narrow(lines, wanted, pl.col(c.CODE).is_in(EM)))
    assert isinstance(found, pl.DataFrame)
    return found


def surgical(ref: Reference, *, periods: tuple[str, ...] = ("000", "010", "090")) -> pl.Series:
    """Codes that in some release have one of these global periods."""
    name = "surgical " + " ".join(periods)
    found = ref.lasting(
        name, lambda: ref.table("fee").filter(pl.col("global_days").is_in(periods)).select("code").unique()
    )
    return found["code"]


def surgery_of_day(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Per DAY: `major` (a code of 90 global days), `minor` (000 or 010), and `surgery`, the code of the longest global.

    Only days with a visit are looked at.
    """
    found = ref.remember(lines, "surgery", lambda: _surgery(lines, ref))
    assert isinstance(found, pl.DataFrame)
    return found


def _surgery(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    days = visits_of(lines, ref)[DAY]
    beside = on_days(lines.select(DAY, c.CODE, c.LINE, c.CLAIM_INDEX, c.SERVICE_FROM), days)
    beside = beside.filter(pl.col(c.CODE).is_in(surgical(ref).implode()), ~pl.col(c.CODE).is_in(EM))
    length = pl.col("global_days").replace_strict({"090": 90, "010": 10, "000": 0}, default=None, return_dtype=pl.Int32)
    known = with_fee(beside, ref, "global_days").with_columns(length.alias("length")).drop_nulls("length")
    # the longest of each day first, of two the lower code: one number says all three
    codes = known[c.CODE].unique().sort()
    place = pl.col(c.CODE).replace_strict(codes, range(len(codes)), default=0, return_dtype=pl.Int64)
    rank = (pl.col(DAY).cast(pl.Int64) * 100 + 90 - pl.col("length")) * len(codes) + place
    ordered = known.sort(rank, maintain_order=True)
    head, tail = (pl.col(DAY).ne_missing(pl.col(DAY).shift(n)) for n in (1, -1))
    first = ordered.filter(head).select(
        DAY,
        (pl.col("length") == 90).alias("major"),
        pl.col(c.CODE).alias("surgery"),
        pl.col(c.LINE).alias("surgery_line"),
        pl.col(c.CLAIM_INDEX).alias("surgery_claim"),
    )
    return first.with_columns((ordered.filter(tail)["length"] < 90).alias("minor"))


def other_line() -> pl.Expr:
    """The surgery's line, where it stands on the visit's claim."""
    same = pl.col("surgery_claim") == pl.col(c.CLAIM_INDEX)
    return pl.when(same).then(pl.concat_list(pl.col("surgery_line")))


def outside_fee(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Claim, line and reason of the lines on whose day no fee schedule is in force, so that global days are unknown."""
    day = pl.col(c.SERVICE_FROM)
    spans = [(r.effective_from, r.effective_to) for r in ref.releases("fee")]
    covered = pl.any_horizontal(
        (day >= first if first else pl.lit(value=True)) & (day <= last if last else pl.lit(value=True))
        for first, last in spans
    )
    reason = pl.lit("no fee schedule in force on the service date").alias(REASON)
    return lines.filter(~covered).select(c.CLAIM_INDEX, c.LINE, reason)
