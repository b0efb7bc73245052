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

PLACES: Final = tuple(f"place{i}" for i in range(1, len(c.DIAGNOSES) + 1))


@dataclass(frozen=True, slots=True)
class Services:
    """Lines as they stand in the file.

    Attributes:
        lines: one row per SV1 in a line: ordinals `clm` and `lx`, its number, its rows in `kinds` (`kind`) and, null
            where there is none, in `days` (`day`), and the number of the DTP.
        kinds: the different SV1, typed beside the raw texts; `place1` to `place4` are the pointers as numbers, 0 where
            one is none that a claim can have, `last_place` is the highest, `fifth` tells of one too many; `doubtful` where
            something in it may be wrong.
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
    if not len(rows):
        return pl.DataFrame(schema={key: pl.UInt32(), "day": pl.UInt32(), "date_segment": pl.UInt32()}), _NO_DAYS
    rows, keys = segments.first(rows, key)
    read = segments.marks.read(rows, repeated=True)
    at = np.arange(len(rows), dtype=np.uint32) if read.which is None else read.which
    days = pl.DataFrame(read.different.elements((2, 3))).select(_DAYS)
    return pl.DataFrame({key: keys, "day": at, "date_segment": segments.number[rows]}), days


def _kinds(segments: Elements) -> pl.DataFrame:
    texts = segments.elements((2, 3, 4, 5, 7)) | segments.components(
        1, ("qualifier", c.CODE, *c.MODIFIERS, "described")
    )
    raw = pl.DataFrame({_NAMES.get(n, n): s for n, s in texts.items()})
    return raw.with_columns(*_pointers(segments)).with_columns(_KINDS)


def _pointers(segments: Elements) -> list[pl.Series]:
    """Pointers as numbers, null where there is none, 0 where it is none that a claim can have; and whether there is a fifth."""
    found = []
    for start, size, there in segments.parts(7, len(PLACES) + 1):
        digits = [segments.byte(start + n).astype(np.int16) - ord("0") for n in (0, 1)]
        decimal = [(d >= 0) & (d <= 9) for d in digits]
        one, two = (size == 1) & decimal[0], (size == 2) & decimal[0] & decimal[1]
        value = np.where(one, digits[0], np.where(two, digits[0] * 10 + digits[1], 0)).astype(np.int8)
        value[value > MAX_DIAGNOSES] = 0
        column = pl.Series(value)
        found.append(column.set(pl.Series(~there | (size == 0)), None))
    fifth = found.pop().is_not_null().alias("fifth")
    return [*(s.alias(n) for s, n in zip(found, PLACES, strict=True)), fifth]


def _day_exprs() -> list[pl.Expr]:
    form, text = pl.col("e2"), pl.col("e3")
    ends = pl.when(form == "RD8").then(text.str.slice(9, 8)).otherwise(text)
    return [
        text.alias("date_text"), day(text.str.head(8)).alias("from"), day(ends).alias("to"), day(text.str.slice(-8)).alias("last"),
        text.is_not_null().alias("dated"),
    ]  # fmt: skip


def _kind_exprs() -> list[pl.Expr]:
    code, charge, units = pl.col(c.CODE).str.to_uppercase(), amount("charge_text"), number("units_text")
    # false wherever a fault of the line may be: what is good in all its parts need not be looked at again
    good = (
        (charge >= 0) & (units > 0) & pl.col("pointer_text").is_not_null() & ~pl.col("fifth")
        & pl.all_horizontal(pl.col(n).fill_null(1) > 0 for n in PLACES)
        & (pl.col("qualifier") == "HC") & code.str.contains(r"^[0-9A-Z]{5}$")
    )  # fmt: skip
    return [
        code, *(filled(n) for n in (*c.MODIFIERS, "described")), charge.alias(c.CHARGE), units.alias(c.UNITS),
        pl.max_horizontal(PLACES).fill_null(0).alias("last_place"), (~good.fill_null(value=False)).alias("doubtful"),
    ]  # fmt: skip


# made once: what is asked of each piece is the same
_NAMES: Final = {"e2": "charge_text", "e3": c.UNIT_BASIS, "e4": "units_text", "e5": "line_pos", "e7": "pointer_text"}
_KINDS: Final = _kind_exprs()
_DAYS: Final = _day_exprs()
_NO_DAYS: Final = pl.DataFrame(schema={"e2": pl.String(), "e3": pl.String()}).select(_DAYS)
