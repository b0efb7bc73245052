"""What the chart's words say of stages and blocks of Mohs surgery."""

from typing import Final

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.rules._shared.chart import said

NUMBERS: Final = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "single": 1}
_COUNT: Final = r"(\d+|one|two|three|four|five|six|seven|eight|single)"
_ORDINALS: Final = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_CLEARED: Final = rf"(?:clear\w*|negative|tumou?r[- ]free)[^.;]{{0,20}} (?:on|at|after|in|by|with) (?:the )?({'|'.join(_ORDINALS)}) stage"
_LISTED: Final = r"blocks?(?: (?:per|by|in each) stage)?:? ?\[?((?:\d+ ?(?:,|/|and) ?)*\d+)"
_BEFORE: Final = r"((?:\d+/)+\d+) blocks?"
_EACH: Final = r"stage \w+[^0-9;]{1,20}\d+ (?:tissue )?blocks?"


def units_of(family: str) -> pl.Expr:
    """Units of the lines with a code of the family."""
    return pl.col(c.UNITS).filter(pl.col(c.CODE).is_in(sorted(load_families().codes(family)))).sum()


def stages_said() -> pl.Expr:
    """The number of stages in the chart's words; null where there is none or several different ones."""
    told = said().str.extract_all(_COUNT + r"[- ]stages?\b").list.eval(pl.element().str.extract(_COUNT)).list.unique()
    word = pl.when(told.list.len() == 1).then(told.list.first())
    # "clear on the second stage" tells the number too, unless something stayed positive
    cleared = pl.when(~said().str.contains("positive|residual|persist")).then(said().str.extract(_CLEARED))
    return pl.coalesce(
        word.replace_strict(NUMBERS, default=None, return_dtype=pl.Int64),
        word.cast(pl.Int64, strict=False),
        pl.when(told.list.len() == 0).then(cleared.replace_strict(_ORDINALS, default=None, return_dtype=pl.Int64)),
    )


def blocks_said() -> pl.Expr:
    """Blocks of each stage in the chart's words, in order; empty or null where they are not given."""
    each = (
        said()
        .str.extract_all(_EACH)
        .list.eval(pl.element().str.extract(r"(\d+) (?:tissue )?blocks?$").cast(pl.Int64, strict=False))
    )
    listed = pl.coalesce(said().str.extract(_BEFORE), said().str.extract(_LISTED)).str.extract_all(r"\d+")
    return (
        pl.when(each.list.len() > 0).then(each).otherwise(listed.list.eval(pl.element().cast(pl.Int64, strict=False)))
    )
