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


def person_key(frame: pl.DataFrame, parts: Sequence[pl.Expr]) -> pl.Series:
    """UInt64 key of a person a row, of the texts and dates in `parts`.

    Blanks around a text and its case do not count; an absent part is not the same as an empty one. The key stands in
    for the person (it groups lines); it is a pseudonym, not a secret: who knows all the parts can make it again.

    Args:
        frame: rows.
        parts: texts or dates, in an order that never changes.
    """
    texts = [p.cast(pl.String).str.strip_chars().str.to_uppercase().fill_null(_ABSENT) for p in parts]
    joined = frame.select(pl.concat_str(texts, separator=_BETWEEN).alias("t"))["t"]
    if joined.is_empty():
        return pl.Series([], dtype=pl.UInt64)
    return pl.Series(_mixed(_hashed(joined)))


def _hashed(text: pl.Series) -> npt.NDArray[np.uint64]:
    """A polynomial of each text's bytes modulo 2**64, all texts in one pass over the joined bytes."""
    raw = np.frombuffer(text.str.join("").item().encode(), np.uint8)
    ends = np.cumsum(text.str.len_bytes().to_numpy().astype(np.int64))
    starts = ends - np.diff(ends, prepend=0)
    room = 1 << len(raw).bit_length()
    sums = np.empty(len(raw) + 1, np.uint64)
    sums[0] = 0
    np.multiply(_powers(_FACTOR, room)[: len(raw)], raw, out=sums[1:])
    np.cumsum(sums, out=sums)
    own: npt.NDArray[np.uint64] = (sums[ends] - sums[starts]) * _powers(_INVERSE, room)[starts]
    own ^= (ends - starts).astype(np.uint64)
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
