"""Claims and lines to the line frame: values typed, defaults of the claim taken over, diagnoses resolved."""

from typing import Final

import numpy as np
import polars as pl

from cutis.model import columns as c
from cutis.parse.loops import DX, PAYER_KINDS, attach
from cutis.parse.person import person_key

NUMBER_PATTERN: Final = r"^[+-]?(\d+(\.\d*)?|\.\d+)$"
# the largest amount, and more units, than a claim has places for (eight digits before the point)
MOST: Final = 99_999_999.99


def amount(text: str) -> pl.Expr:
    """A decimal string of dollars as whole cents; null where it is not a number."""
    return (_number(text) * 100).round(0).cast(pl.Int64, strict=False)


def typed(claims: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Lines joined with their claims and typed, with the raw texts still beside the values.

    Args:
        claims: from `loops.gather`, with `claim_index` added.
        lines: from `loops.gather`.

    Returns:
        One row per line in the order of the file: all columns of `LINE_SCHEMA` except the joined notes, and the raw ones.
    """
    joined = attach(lines, _of_claims(claims), "clm")
    text, day = pl.col("date_text"), pl.col("claim_date")
    starts = _day(pl.coalesce(text.str.head(8), day.str.head(8)))
    ends = _day(
        pl.coalesce(pl.when(pl.col("date_form") == "RD8").then(text.str.slice(9, 8)).otherwise(text), day.str.slice(-8))
    )
    # spans are rare: where a piece has none, a line ends on the day it begins, and one reading of the date serves both
    single = day.is_null().all() & text.str.len_bytes().eq(8).all() & (pl.col("date_form") != "RD8").all()
    once = joined.height > 0 and joined.select(single.fill_null(value=False)).item()
    return (
        joined.with_columns(
            _position(joined).alias(c.LINE),
            pl.coalesce("date_text", "claim_date").alias("date_text"),
            (_day(text) if once else starts).alias(c.SERVICE_FROM),
            amount("charge_text").alias(c.CHARGE),
            _number("units_text").alias(c.UNITS),
            pl.coalesce("line_pos", "claim_pos").alias(c.PLACE_OF_SERVICE),
            *_pointed(claims, joined),
            pl.coalesce("line_rendering", "claim_rendering").alias(c.RENDERING_NPI),
            pl.coalesce("line_taxonomy", "claim_taxonomy").alias(c.TAXONOMY),
            pl.coalesce("line_clia", "claim_clia").alias(c.CLIA),
            pl.coalesce("line_authorization", "authorization").alias(c.AUTHORIZATION),
            *([] if once else [ends.alias(c.SERVICE_TO)]),
            _note(joined).alias(c.LINE_NOTE),
        )
        .with_columns([pl.col(c.SERVICE_FROM).alias(c.SERVICE_TO)] if once else [])
    )  # fmt: skip


def _of_claims(claims: pl.DataFrame) -> pl.DataFrame:
    """What lines take over from their claims, made once a claim."""
    own = pl.col("level") == "23"
    return claims.select(
        "clm", c.CLAIM_INDEX, c.CLAIM_ID, c.CLM_SEGMENT, c.HI_SEGMENT, "dx_count", "claim_pos", c.FREQUENCY, "claim_date",
        c.CLAIM_NOTE, c.BILLING_NPI, c.PAYER_ID, c.PAYER_RANK, "claim_clia", "authorization",
        amount("total_text").alias(c.CLAIM_CHARGE),
        pl.coalesce("claim_rendering", "billing_npi").alias("claim_rendering"),
        pl.coalesce("claim_taxonomy", "billing_taxonomy").alias("claim_taxonomy"),
        "claim_date_segment",
        pl.coalesce("f_state", "state").alias(c.STATE),
        pl.coalesce("f_zip", "zip").alias(c.ZIP),
        pl.col("filing").replace_strict(PAYER_KINDS, default="other", return_dtype=pl.String).alias(c.PAYER_KIND),
        pl.when(own).then(pl.col("q_birth")).otherwise(pl.col("birth")).alias(c.PATIENT_BIRTH),
        pl.when(own).then(pl.col("q_sex")).otherwise(pl.col("sex")).alias(c.PATIENT_SEX),
        pl.concat_str(DX, separator=" ", ignore_nulls=True).alias(c.CLAIM_DX),
        _person(claims),
    )  # fmt: skip


def _position(lines: pl.DataFrame) -> pl.Series:
    """The 1-based place of each line in its claim; lines of a claim stand together."""
    claim = lines["clm"].to_numpy()
    row = np.arange(len(claim))
    begins = np.concatenate([row[:1] == 0, claim[1:] != claim[:-1]])
    return pl.Series(row - np.maximum.accumulate(row * begins) + 1).cast(pl.UInt16)


def _day(text: pl.Expr) -> pl.Expr:
    return text.str.to_date("%Y%m%d", strict=False)


def _number(text: str) -> pl.Expr:
    """A decimal string as a number; null where it is none, or none that a claim can hold."""
    number = pl.when(pl.col(text).str.contains(NUMBER_PATTERN)).then(pl.col(text).cast(pl.Float64, strict=False))
    return pl.when(number.abs() <= MOST).then(number)


def _pointed(claims: pl.DataFrame, lines: pl.DataFrame) -> list[pl.Series]:
    """The diagnoses that the lines' pointers name, pointer by pointer; null where one points outside."""
    used = [d for d in DX if claims[d].null_count() < claims.height]
    listed = pl.concat([claims[d] for d in used]) if used else pl.Series([], dtype=pl.String)
    claim = attach(lines.select("clm"), claims.select("clm").with_row_index("_at"), "clm")["_at"]
    found = []
    for number, column in enumerate(c.DIAGNOSES, 1):
        pointer = lines[f"p{number}"]
        if pointer.null_count() == lines.height or not used:
            found.append(pl.Series(column, [None], dtype=pl.String).new_from_index(0, lines.height))
            continue
        place = pointer.cast(pl.Int8, strict=False).cast(pl.Int64)
        at = pl.select(pl.when(place.is_between(1, len(used))).then((place - 1) * claims.height + claim))
        found.append(listed.gather(at.to_series().cast(pl.UInt32)).alias(column))
    return found


def _note(lines: pl.DataFrame) -> pl.Expr:
    """Notes of the line and its description, joined; null where there is neither."""
    if lines["noted"].null_count() == lines["described"].null_count() == lines.height:
        return pl.lit(None, dtype=pl.String)
    note = pl.concat_str(["noted", "described"], separator=" | ", ignore_nulls=True)
    return pl.when(note != "").then(note)


def _person(claims: pl.DataFrame) -> pl.Series:
    """Per claim a number for its patient: the member id with the patient's own name, birth date and sex."""
    own = pl.col("level") == "23"
    names = ("last", "first", "birth", "sex")
    parts = [pl.col("member"), *(pl.when(own).then(pl.col("q_" + n)).otherwise(pl.col(n)) for n in names)]
    return person_key(claims, parts).alias(c.PATIENT_KEY)


def line_frame(frame: pl.DataFrame) -> pl.DataFrame:
    """Exactly the columns of `LINE_SCHEMA`."""
    return frame.select(pl.col(n).cast(t).alias(n) for n, t in c.LINE_SCHEMA.items())
