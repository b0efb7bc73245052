"""Lines of one day found by their place: lines of a day stand together, so no hashing is needed.

A rule's lines come sorted by `DAY`, which is the place of the day's first line; filtering keeps them so.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl

from cutis.model import columns as c
from cutis.rulekit.alike import MANY
from cutis.rulekit.rule import DAY


@cache
def not_alone() -> pl.Expr:
    """True where another line of the frame is of the same day; never null. The frame is sorted by `DAY`."""
    before, after = pl.col(DAY) == pl.col(DAY).shift(1), pl.col(DAY) == pl.col(DAY).shift(-1)
    return before.fill_null(value=False) | after.fill_null(value=False)


def narrow(lines: pl.DataFrame, columns: Sequence[str | pl.Expr], *where: pl.Expr) -> pl.DataFrame:
    """Of the lines that meet every condition, these columns only: the others of many lines are not copied."""
    if lines.height > MANY:
        return lines.lazy().filter(*where).select(*columns).collect()
    # of few lines the plan would take longer than the copy
    kept = lines.filter(*where)
    named = [n for n in columns if isinstance(n, str)]
    return kept[named] if len(named) == len(columns) else kept.select(*columns)


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
    days = narrow(lines, (DAY, c.PATIENT_KEY, c.SERVICE_FROM), head)
    days = days.filter(pl.col(c.PATIENT_KEY).is_duplicated())
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


def together(lines: pl.DataFrame, one: pl.Series, two: pl.Series) -> pl.DataFrame:
    """Lines of one day whose codes are a pair; each neighbour of the day is one lookup, and nothing is joined.

    Args:
        lines: sorted by `DAY`.
        one: a code of each pair.
        two: the other; pairs are distinct.

    Returns:
        `one` and `two` (row numbers in `lines`) and `pair` (row number in the arguments), sorted by `two`, then `one`.
    """
    codes = pl.concat([one, two]).unique().sort()
    number = {code: i for i, code in enumerate(codes)}
    # of the code of a line and that of a later one: the pair they are, and the pair they are the other way round
    forward = np.full((len(codes), len(codes)), -1, dtype=np.int32)
    for pair, (a, b) in enumerate(zip(one, two, strict=True)):
        forward[number[a], number[b]] = pair
    ways = (forward.ravel(), forward.T.ravel())
    of_line = lines[c.CODE].cast(pl.Enum(codes), strict=False).to_physical().cast(pl.Int64)
    row = of_line.is_not_null().arg_true().to_numpy()
    day, code = lines[DAY].to_numpy()[row], of_line.fill_null(0).to_numpy()[row]
    found = [(row[:0], row[:0], np.zeros(0, dtype=np.int32))]
    for step in range(1, len(row)):
        left = np.flatnonzero(day[step:] == day[:-step])
        if not len(left):
            break
        of_both = code[left] * len(codes) + code[left + step]
        for way, pairs in enumerate(known.take(of_both) for known in ways):
            hit = np.flatnonzero(pairs >= 0)
            earlier, later = row[left[hit]], row[left[hit] + step]
            found.append((later, earlier, pairs[hit]) if way else (earlier, later, pairs[hit]))
    ones, twos, pairs = (np.concatenate(each) for each in zip(*found, strict=True))
    order = np.lexsort((ones, twos))
    return pl.DataFrame({"one": ones[order], "two": twos[order], "pair": pairs[order]})
