"""What rules read off a line and its chart facts in the same way: words, diagnoses, lesions, sizes."""

from collections.abc import Collection
from functools import cache
from typing import Final

import polars as pl

from cutis.model import columns as c
from cutis.model.finding import OTHER_LINES
from cutis.rulekit import DAY
from cutis.rules._shared.diagnoses import dotted

PARTNER: Final = "partner"


def said(column: str = c.DOC_METHOD) -> pl.Expr:
    """The chart's words in lower case; null where the chart says nothing."""
    return pl.col(column).str.to_lowercase()


def affirmed(column: str = c.DOC_METHOD) -> pl.Expr:
    """The chart's words in lower case without those that it denies: of "no suture, shaved" remains "shaved"."""
    denied = (
        r"\b(?:no|not|never|without|neither|nor|denies)\s+(?:an? |any |the |further )?[\w-]+(?:(?: or |, or |/)[\w-]+)?"
    )
    return said(column).str.replace_all(denied, " ")


def treated(column: str = c.DOC_METHOD) -> pl.Expr:
    """The chart's words in lower case without the clauses on what was left untreated: "warts not treated"."""
    left = r"[^.;,]*\b(?:not (?:treated|destroyed|frozen|removed|excised|biopsied)|untreated|deferred|declined|left alone)\b[^.;,]*"
    return said(column).str.replace_all(left, " ")


@cache
def pointed() -> pl.Expr:
    """The diagnoses that the line points to as one string without dots, `"C44311 L570"`, empty where there are none."""
    return pl.concat_str(*(pl.col(d) for d in c.DIAGNOSES), separator=" ", ignore_nulls=True)


@cache
def shown() -> pl.Expr:
    """The diagnoses that the line points to as people write them, `"C44.311, L57.0"`."""
    return pl.concat_str(*(dotted(d) for d in c.DIAGNOSES), separator=", ", ignore_nulls=True)


@cache
def only(pattern: str) -> pl.Expr:
    """True where the line points to a diagnosis and each one begins with `pattern`; never null."""
    each = [pl.col(d).str.contains(f"^(?:{pattern})").fill_null(value=True) for d in c.DIAGNOSES]
    return pl.col(c.DX_1).is_not_null() & pl.all_horizontal(each)


def one_on_each_lesion(lines: pl.DataFrame, of: Collection[str], beside: Collection[str]) -> pl.DataFrame:
    """Lines with a code of `of` that treat the lesion of an earlier or other line with a code of `beside`, same day.

    Args:
        lines: has `CORE` and `doc_lesion`.
        of: codes of the lines that are returned.
        beside: codes of the line that they share the lesion with.

    Returns:
        Those lines with `partner`, the code of the other line, and `other_lines` where it is on the same claim. Two lines
        of both sets are one row: the later.
    """
    known = lines.filter(pl.col(c.DOC_LESION).is_not_null()).select(*lines.columns).with_row_index("_at")
    other = known.filter(pl.col(c.CODE).is_in(sorted(beside))).select(
        DAY,
        c.DOC_LESION,
        pl.col("_at").alias("_other"),
        pl.col(c.CODE).alias(PARTNER),
        pl.col(c.CLAIM_INDEX).alias("_claim"),
        pl.col(c.LINE).alias("_line"),
    )
    mine = known.filter(pl.col(c.CODE).is_in(sorted(of)))
    pairs = mine.join(other, on=[DAY, c.DOC_LESION], how="inner", maintain_order="left")
    # of two lines that could each be the other's partner, the later one is superfluous
    mutual = pl.col(c.CODE).is_in(sorted(beside)) & pl.col(PARTNER).is_in(sorted(of))
    pairs = pairs.filter(pl.col("_other") != pl.col("_at")).filter(~mutual | (pl.col("_other") < pl.col("_at")))
    listed = pl.when(pl.col("_claim") == pl.col(c.CLAIM_INDEX)).then(pl.concat_list(pl.col("_line")))
    first = pairs.unique("_at", keep="first", maintain_order=True).with_columns(listed.alias(OTHER_LINES))
    return first.drop("_at", "_other", "_claim", "_line")


def band(value: pl.Expr, codes: Collection[tuple[float | None, str]]) -> pl.Expr:
    """The code whose band holds `value`.

    Args:
        value: a size.
        codes: upper end of each band (inclusive; None for the open last one) and its code, in ascending order.
    """
    *closed, (_, last) = codes
    chain = pl.lit(last)
    for end, code in reversed(closed):
        chain = pl.when(value <= end).then(pl.lit(code)).otherwise(chain)
    return pl.when(value.is_not_null()).then(chain)


def further(value: pl.Expr, first: float, each: float) -> pl.Expr:
    """Units of an add-on: `each` or part of it beyond `first`; zero within `first`."""
    # sizes come with few decimals; rounding keeps 7.5 + 5.0 from being 12.500000001
    return ((value - first).round(6) / each).round(6).ceil().clip(0).cast(pl.Int64)
