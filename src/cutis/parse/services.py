"""SV1 segments and their days: each different one typed once, whatever number of lines say it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from cutis.model import columns as c
from cutis.parse.diagnoses import MAX_DIAGNOSES
from cutis.parse.elements import Elements, Ints
from cutis.parse.numbers import amount, day, filled, number
from cutis.parse.ordinals import attach
from cutis.parse.segments import Segments

POINTERS: Final = ("p1", "p2", "p3", "p4", "p5")  # the fifth is one too many
PLACES: Final = tuple(f"place{i}" for i in range(1, len(c.DIAGNOSES) + 1))


@dataclass(frozen=True, slots=True)
class Services:
    """Lines as they stand in the file.

    Attributes:
        lines: one row per SV1 in a line: ordinals `clm` and `lx`, its number, its rows in `kinds` (`kind`) and, null
            where there is none, in `days` (`day`), and the number of the DTP.
        kinds: the different SV1, typed beside the raw texts; `place1` to `place4` are the pointers as numbers, 0 where
            one is none that a claim can have, `last_place` is the highest; `doubtful` where something in it may be wrong.
        days: the different dates of service, `from` and `to` beside the raw texts.
    """

    lines: pl.DataFrame
    kinds: pl.DataFrame
    days: pl.DataFrame


def services(segments: Segments, dated: Ints) -> Services:
    """The services of a piece's claims.

    Args:
        segments: of the piece.
        dated: places of the DTP segments that tell dates of service.
    """
    rows = segments.within(segments.kept("SV1"), "in_line")
    read = segments.marks.read(rows, repeated=True)
    kind = np.arange(len(rows), dtype=np.uint32) if read.which is None else read.which
    places = {n: pl.Series(v) for n, v in segments.places(rows, ("clm", "lx")).items()}
    on_line, days = dates_of(segments, segments.within(dated, "in_line"), "lx")
    lines = pl.DataFrame({**places, "kind": kind})
    return Services(attach(lines, on_line, "lx"), _kinds(read.different), days)


def dates_of(segments: Segments, rows: Ints, key: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Dates of service at `rows`: per ordinal `key` the row of the first one in the second frame, the different dates."""
    rows, keys = segments.first(rows, key)
    read = segments.marks.read(rows, repeated=True)
    at = np.arange(len(rows), dtype=np.uint32) if read.which is None else read.which
    texts = pl.DataFrame([s.alias(n) for n, s in read.different.elements((2, 3)).items()])
    text = pl.col("date_text")
    ends = pl.when(pl.col("date_form") == "RD8").then(text.str.slice(9, 8)).otherwise(text)
    days = texts.rename({"e2": "date_form", "e3": "date_text"}).with_columns(
        day(text.str.head(8)).alias("from"), day(ends).alias("to"), day(text.str.slice(-8)).alias("last")
    )
    return pl.DataFrame({key: keys, "day": at, "date_segment": segments.number[rows]}), days


def _kinds(segments: Elements) -> pl.DataFrame:
    names = {"e2": "charge_text", "e3": c.UNIT_BASIS, "e4": "units_text", "e5": "line_pos", "e7": "pointer_text"}
    texts = segments.elements((2, 3, 4, 5, 7))
    parts = segments.components(1, ("qualifier", c.CODE, *c.MODIFIERS, "described"))
    parts |= segments.components(7, POINTERS)
    raw = pl.DataFrame([s.alias(names.get(n, n)) for n, s in (texts | parts).items()])
    typed = raw.with_columns(
        pl.col(c.CODE).str.to_uppercase(),
        *(filled(n) for n in (*c.MODIFIERS, "described", *POINTERS)),
        amount("charge_text").alias(c.CHARGE),
        number("units_text").alias(c.UNITS),
    ).with_columns(_place(p).alias(n) for p, n in zip(POINTERS[:-1], PLACES, strict=True))
    return typed.with_columns(pl.max_horizontal(PLACES).alias("last_place"), _doubtful().alias("doubtful"))


def _place(pointer: str) -> pl.Expr:
    place = pl.col(pointer).cast(pl.Int8, strict=False)
    return pl.when(place.is_between(1, MAX_DIAGNOSES)).then(place).otherwise(0).fill_null(0).cast(pl.Int8)


def _doubtful() -> pl.Expr:
    """True wherever a fault of the line may be; what is true of none of a piece's lines need not be looked at again."""
    pointers = [pl.col(p).is_not_null() & (pl.col(n) == 0) for p, n in zip(POINTERS[:-1], PLACES, strict=True)]
    return ~(
        (pl.col(c.CHARGE) >= 0) & (pl.col(c.UNITS) > 0)
        & pl.col("pointer_text").is_not_null() & pl.col("p5").is_null() & ~pl.any_horizontal(pointers)
        & (pl.col("qualifier") == "HC") & pl.col(c.CODE).str.contains(r"^[0-9A-Z]{5}$")
    ).fill_null(value=False)  # fmt: skip
