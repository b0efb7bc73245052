"""Small expressions that most rules need; each is a Polars expression over the line frame."""

from collections.abc import Iterable
from functools import cache

import polars as pl

from cutis.model import columns as c


def has_modifier(modifier: str) -> pl.Expr:
    """True where the line carries `modifier` in any of its four places; never null."""
    return _has(modifier)


@cache
def _has(modifier: str) -> pl.Expr:
    return pl.any_horizontal(pl.col(m).eq_missing(pl.lit(modifier)) for m in c.MODIFIERS)


def any_modifier(modifiers: Iterable[str]) -> pl.Expr:
    """True where the line carries at least one of `modifiers`; never null."""
    return _any(tuple(sorted(modifiers)))


@cache
def _any(wanted: tuple[str, ...]) -> pl.Expr:
    # one list for all four places: to make it takes longer than to look into it
    values, no = pl.lit(pl.Series([wanted])), pl.lit(value=False)
    return pl.any_horizontal(pl.col(m).is_in(values).fill_null(no) for m in c.MODIFIERS)


def some_diagnosis(prefixes: Iterable[str]) -> pl.Expr:
    """True where a diagnosis that the line points to starts with one of `prefixes` (without dots); never null."""
    starts = [p.replace(".", "") for p in prefixes]
    return pl.any_horizontal(
        pl.any_horizontal(pl.col(d).str.starts_with(p).fill_null(value=False) for p in starts) for d in c.DIAGNOSES
    )


def is_like(values: pl.Series, pattern: str) -> pl.Expr:
    """True where the column of that name matches, null where it is null; the pattern is tried once a distinct value."""
    distinct = values.unique().drop_nulls()
    return pl.col(values.name).is_in(distinct.filter(distinct.str.contains(pattern)).implode())


def past() -> pl.Expr:
    """True on lines of history: they inform and are never found, so that of two lines they are the first."""
    return pl.col(c.CLAIM_INDEX) >= c.PAST_FROM


def modifier_list() -> pl.Expr:
    """The line's modifiers as one string, `"25 59"`, empty where there are none."""
    return pl.concat_str([pl.col(m) for m in c.MODIFIERS], separator=" ", ignore_nulls=True)


def edit(segment: str, element: int, component: int, old: pl.Expr, new: pl.Expr) -> pl.Expr:
    """One mechanical edit as the struct of `EDIT_DTYPE`; put edits together with `pl.concat_list`.

    Args:
        segment: column that holds the number of the segment to change.
        element: 1-based element of that segment.
        component: 1-based component, 0 for the whole element.
        old: text that must stand there; the writer refuses otherwise.
        new: text to write.
    """
    return pl.struct(
        pl.col(segment).cast(pl.UInt32).alias("segment"),
        pl.lit(element, dtype=pl.UInt8).alias("element"),
        pl.lit(component, dtype=pl.UInt8).alias("component"),
        old.alias("old"),
        new.alias("new"),
    )
