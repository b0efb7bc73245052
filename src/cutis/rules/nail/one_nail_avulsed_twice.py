"""One nail with two avulsions."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import DAY, OTHER_LINES, Evidence, FixKind, Scope, Severity, any_modifier, not_alone, rule
from cutis.rules._shared.modifiers import DIGITS, first_of

AVULSION = ("11730", "11732")


@rule(
    "one-nail-avulsed-twice",
    scope=Scope.DAY,
    severity=Severity.WARNING,
    evidence=Evidence.PUBLISHED,
    authority="Published guidance on nail avulsion (one unit a nail, whether one border or both); NCCI policy manual, chapter I, section E",
    url="https://oregonbillingservice.com/nail-avulsion-cpt-codes/",
    carc="97",
    since="0.1.0",
    codes=AVULSION,
    fix=FixKind.NEEDS_CHART,
    fix_text="Report each nail once; where {code} was of another digit, name that one.",
    question="Which nails were avulsed?",
    message="{code} names {modifier} again: a nail is avulsed once a day, with one border or both.",
    facts=("NL-03", "AN-01"),
    supersedes=("line-repeated",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The avulsion of one nail stands on two lines.

    What it finds:
        11730 and 11732 of a day that name the same digit.

    Why:
        The code is for the nail, not for its border. A second line for the same digit is denied, or recovered.

    Example:
        11730 TA dx=L60.0
        11732 TA dx=L60.0

    Instead:
        11730 TA dx=L60.0

    References:
        Published guidance on nail avulsion; CPT (restated).
    """
    avulsed = lines.filter(not_alone()).filter(pl.col(c.CODE).is_in(AVULSION), any_modifier(DIGITS))
    named = avulsed.with_columns(first_of(DIGITS).alias("modifier"))
    key = [DAY, "modifier"]
    earlier = pl.col(c.LINE).first().over(*key, c.CLAIM_INDEX)
    listed = pl.when(earlier != pl.col(c.LINE)).then(pl.concat_list(earlier)).alias(OTHER_LINES)
    return named.with_columns(listed).filter(~pl.struct(*key).is_first_distinct())
