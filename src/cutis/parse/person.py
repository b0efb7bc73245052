"""One number for a person: the same in every run, release and reader of the same facts, so that years of claims meet."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

# An odd multiplier has an inverse, by which the sum of a prefix is brought back to its own start.
_FACTOR: Final = 0x9E3779B97F4A7C15
_INVERSE: Final = pow(_FACTOR, -1, 1 << 64)
_ABSENT: Final = "\x1f"
_BETWEEN: Final = "\x1e"
_MANY: Final = 5_000
_DAYS: Final = (-25_567, 25_567)  # 1900 to 2039, in days of 1970


def person_key(frame: pl.DataFrame, parts: Sequence[pl.Expr]) -> pl.Series:
    """UInt64 key of a person a row, of the texts and dates in `parts`.

    Blanks around a text and its case do not count; an absent part is not the same as an empty one. The key stands in
    for the person (it groups lines); it is a pseudonym, not a secret: who knows all the parts can make it again.

    Args:
        frame: rows.
        parts: texts or dates, in an order that never changes.
    """
    columns = [_text(s) for s in frame.select(p.alias(str(i)) for i, p in enumerate(parts))]
    texts = [pl.col(s.name).str.strip_chars().fill_null(_ABSENT) for s in columns]
    joined = pl.DataFrame(columns).select(pl.concat_str(texts, separator=_BETWEEN).alias("t"))["t"]
    if joined.is_empty():
        return pl.Series([], dtype=pl.UInt64)
    raw = _bytes_of(joined)
    if (raw >= ord("a")).any():
        joined = joined.str.to_uppercase()
        raw = _bytes_of(joined)
    return pl.Series(_mixed(_hashed(raw, joined.str.len_bytes().to_numpy().astype(np.int64))))


def _text(column: pl.Series) -> pl.Series:
    """A column as text; of many dates each day is written once."""
    if column.dtype != pl.Date or column.len() < _MANY:
        return column.cast(pl.String)
    days = column.to_physical()
    first, last = days.min(), days.max()
    if not isinstance(first, int) or not isinstance(last, int) or not _DAYS[0] <= first <= last < _DAYS[1]:
        return column.cast(pl.String)
    return _dates().gather(days - _DAYS[0]).alias(column.name)


@lru_cache(maxsize=1)
def _dates() -> pl.Series:
    """The days of `_DAYS` as text."""
    return pl.int_range(*_DAYS, dtype=pl.Int32, eager=True).cast(pl.Date).cast(pl.String)


def _bytes_of(text: pl.Series) -> npt.NDArray[np.uint8]:
    return np.frombuffer(text.str.join("").item().encode(), np.uint8)


def _hashed(raw: npt.NDArray[np.uint8], sizes: npt.NDArray[np.int64]) -> npt.NDArray[np.uint64]:
    """A polynomial of each text's bytes modulo 2**64, all texts in one pass over the joined bytes."""
    ends = np.cumsum(sizes)
    starts = ends - sizes
    room = 1 << len(raw).bit_length()
    sums = np.empty(len(raw) + 1, np.uint64)
    sums[0] = 0
    np.multiply(_powers(_FACTOR, room)[: len(raw)], raw, out=sums[1:])
    np.cumsum(sums, out=sums)
    own: npt.NDArray[np.uint64] = (sums[ends] - sums[starts]) * _powers(_INVERSE, room)[starts]
    own ^= sizes.astype(np.uint64)
    return own


@lru_cache(maxsize=4)
def _powers(factor: int, count: int) -> npt.NDArray[np.uint64]:
    powers = np.full(count, factor, dtype=np.uint64)
    powers[0] = 1
    return np.multiply.accumulate(powers)


def _mixed(value: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Each bit of the sum spread over all bits, so that the remainder by any number parts people evenly."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))
