"""Claims and lines to the line frame: values typed, defaults of the claim taken over, diagnoses resolved."""

import polars as pl

from cutis.model import columns as c
from cutis.parse.loops import DX, PAYER_KINDS, attach
from cutis.parse.person import person_key

NUMBER_PATTERN = r"^[+-]?(\d+(\.\d*)?|\.\d+)$"


def amount(text: str) -> pl.Expr:
    """A decimal string of dollars as whole cents; null where it is not a number."""
    value = pl.when(pl.col(text).str.contains(NUMBER_PATTERN)).then(pl.col(text).cast(pl.Float64, strict=False))
    return (value * 100).round(0).cast(pl.Int64, strict=False)


def typed(claims: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Lines joined with their claims and typed, with the raw texts still beside the values.

    Args:
        claims: from `loops.gather`, with `claim_index` added.
        lines: from `loops.gather`.

    Returns:
        One row per line in the order of the file: all columns of `LINE_SCHEMA` except the joined notes, and the raw ones.
    """
    joined_dx = pl.concat_str(DX, separator=" ", ignore_nulls=True).alias(c.CLAIM_DX)
    joined = attach(lines, claims.with_columns(joined_dx, _person(claims)), "clm")
    bare = [d for i, d in enumerate(c.DIAGNOSES, 1) if lines[f"p{i}"].null_count() == lines.height]
    text = pl.col("date_text")
    ranged = pl.col("date_form") == "RD8"
    start, end = text.str.head(8), pl.when(ranged).then(text.str.slice(9, 8)).otherwise(text)
    position = pl.int_range(pl.len()).over("clm") + 1
    own = pl.col("level") == "23"
    return joined.with_columns(
        position.cast(pl.UInt16).alias(c.LINE),
        pl.coalesce("date_text", "claim_date").alias("date_text"),
        _day(pl.coalesce(start, pl.col("claim_date").str.head(8))).alias(c.SERVICE_FROM),
        _day(pl.coalesce(end, pl.col("claim_date").str.slice(-8))).alias(c.SERVICE_TO),
        amount("charge_text").alias(c.CHARGE),
        amount("total_text").alias(c.CLAIM_CHARGE),
        pl.when(pl.col("units_text").str.contains(NUMBER_PATTERN))
        .then(pl.col("units_text").cast(pl.Float64, strict=False))
        .alias(c.UNITS),
        pl.coalesce("line_pos", "claim_pos").alias(c.PLACE_OF_SERVICE),
        *(_pointed(i).alias(d) for i, d in enumerate(c.DIAGNOSES, 1) if d not in bare),
        *(pl.lit(None, dtype=pl.String).alias(d) for d in bare),
        pl.coalesce("line_rendering", "claim_rendering", "billing_npi").alias(c.RENDERING_NPI),
        pl.coalesce("claim_taxonomy", "billing_taxonomy").alias(c.TAXONOMY),
        pl.coalesce("line_clia", "claim_clia").alias(c.CLIA),
        pl.coalesce("line_authorization", "authorization").alias(c.AUTHORIZATION),
        pl.coalesce("f_state", "state").alias(c.STATE),
        pl.coalesce("f_zip", "zip").alias(c.ZIP),
        pl.col("filing").replace_strict(PAYER_KINDS, default="other", return_dtype=pl.String).alias(c.PAYER_KIND),
        pl.when(own).then(pl.col("q_birth")).otherwise(pl.col("birth")).alias(c.PATIENT_BIRTH),
        pl.when(own).then(pl.col("q_sex")).otherwise(pl.col("sex")).alias(c.PATIENT_SEX),
        pl.concat_str(["noted", "described"], separator=" | ", ignore_nulls=True).alias("_note"),
    ).with_columns(pl.when(pl.col("_note") != "").then(pl.col("_note")).alias(c.LINE_NOTE))


def _day(text: pl.Expr) -> pl.Expr:
    return text.str.to_date("%Y%m%d", strict=False)


def _pointed(place: int) -> pl.Expr:
    """The diagnosis that the line's pointer in this place names; null where it points outside."""
    pointer = pl.col(f"p{place}").cast(pl.Int8, strict=False)
    expr: pl.Expr = pl.lit(None, dtype=pl.String)
    for number, column in reversed(list(enumerate(DX, 1))):
        expr = pl.when(pointer == number).then(pl.col(column)).otherwise(expr)
    return expr


def _person(claims: pl.DataFrame) -> pl.Series:
    """Per claim a number for its patient: the member id with the patient's own name, birth date and sex."""
    own = pl.col("level") == "23"
    names = ("last", "first", "birth", "sex")
    parts = [pl.col("member"), *(pl.when(own).then(pl.col("q_" + n)).otherwise(pl.col(n)) for n in names)]
    return person_key(claims, parts).alias(c.PATIENT_KEY)


def line_frame(frame: pl.DataFrame) -> pl.DataFrame:
    """Exactly the columns of `LINE_SCHEMA`."""
    return frame.select(pl.col(n).cast(t).alias(n) for n, t in c.LINE_SCHEMA.items())
