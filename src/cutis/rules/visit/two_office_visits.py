"""More than one office visit of a day by one physician."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import DAY, OTHER_LINES, Evidence, FixKind, Scope, Severity, past, rule
from cutis.rules._shared.visits import ESTABLISHED, NEW


@rule(
    "two-office-visits",
    scope=Scope.DAY,
    severity=Severity.ERROR,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 12, section 30.6.7 (one visit a day by one physician)",
    carc="97",
    since="0.1.0",
    codes=(*NEW, *ESTABLISHED),
    fix=FixKind.NEEDS_CHART,
    fix_text="Combine the day's work into one visit code at the level that the whole of it supports.",
    question="Was there one encounter or were there two for unrelated problems, and which level does the sum support?",
    message="{code} is a second office visit of the day by the same physician.",
    facts=("EM-07",),
    supersedes=("line-repeated",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Two office visits of one day by one physician.

    What it finds:
        A second code of 99202-99205 or 99211-99215 for the same patient, day and rendering provider.

    Why:
        One physician reports one office visit a day; the second is denied unless for an unrelated problem that could not
        be dealt with in the same encounter.

    Example:
        99203 dx=L40.0
        99213 dx=L70.0

    Instead:
        99204 dx=L40.0,L70.0

    References:
        CMS, Medicare Claims Processing Manual, chapter 12, section 30.6.7.
    """
    many = lines.filter(pl.len().over(DAY) > 1)
    listed = many.group_by(DAY, c.CLAIM_INDEX).agg(pl.col(c.LINE).alias(OTHER_LINES))
    # the highest level stays, of two of one level the new patient's, whatever the order of the lines
    level = pl.col(c.CODE).str.tail(1)
    ranked = many.sort(past(), level, c.CODE, *c.MODIFIERS, descending=[True, True, *[False] * 5], maintain_order=True)
    lesser = ranked.filter(~pl.col(DAY).is_first_distinct())
    return lesser.join(listed, on=[DAY, c.CLAIM_INDEX], how="left", maintain_order="left")
