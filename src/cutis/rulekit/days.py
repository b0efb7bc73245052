"""Lines of one day found by their place: lines of a day stand together, so no hashing is needed.

A rule's lines come sorted by `DAY`, which is the place of the day's first line; filtering keeps them so.
"""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import polars as pl

from cutis.model import columns as c
from cutis.rulekit.rule import DAY


def not_alone() -> pl.Expr:
    """True where another line of the frame is of the same day; never null. The frame is sorted by `DAY`."""
    before, after = pl.col(DAY) == pl.col(DAY).shift(1), pl.col(DAY) == pl.col(DAY).shift(-1)
    return before.fill_null(value=False) | after.fill_null(value=False)


def narrow(lines: pl.DataFrame, columns: Iterable[str | pl.Expr], *where: pl.Expr) -> pl.DataFrame:
    """Of the lines that meet every condition, these columns only: the others are not copied."""
    return lines.lazy().filter(*where).select(*columns).collect()


def on_days(lines: pl.DataFrame, days: pl.Series) -> pl.DataFrame:
    """Lines whose `DAY` is one of `days`, in their order.

    Args:
        lines: has `DAY`.
        days: values of `DAY`, repeated or not.
    """
    if days.is_empty() or lines.is_empty():
        return lines.clear()
    return lines.filter(is_on_days(lines, days))


def is_on_days(lines: pl.DataFrame, days: pl.Series) -> pl.Series:
    """Boolean, a value a line: whether its `DAY` is one of `days`."""
    own = lines[DAY].to_numpy()
    wanted = np.zeros(max(own.max(initial=0), days.to_numpy().max(initial=0)) + 1, dtype=np.bool_)
    wanted[days.to_numpy()] = True
    return pl.Series(wanted[own])


def seen_by_others(lines: pl.DataFrame) -> pl.Series:
    """`DAY` of the days on which the patient was seen by another rendering provider too; `lines` are sorted by `DAY`."""
    head = (pl.col(DAY) != pl.col(DAY).shift(1)).fill_null(value=True)
    days = lines.select(DAY, c.PATIENT_KEY, c.SERVICE_FROM).filter(head)
    return days.filter(pl.struct(c.PATIENT_KEY, c.SERVICE_FROM).is_duplicated())[DAY]


def code_repeated(lines: pl.DataFrame) -> pl.Series:
    """Boolean, a value a line: whether its code stands on another line of its day. `lines` are sorted by `DAY`."""
    day = lines[DAY].to_numpy()
    code = lines[c.CODE].hash(seed=1).to_numpy()
    known = lines[c.CODE].is_not_null().to_numpy()
    found: npt.NDArray[np.bool_] = np.zeros(len(day), dtype=np.bool_)
    for step in range(1, len(day)):
        same = day[step:] == day[:-step]
        if not same.any():
            break
        same &= (code[step:] == code[:-step]) & known[step:] & known[:-step]
        found[step:] |= same
        found[:-step] |= same
    return pl.Series(found)
