"""A count of the chart that the codes do not give."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import DAY, OTHER_LINES, Evidence, FixKind, Scope, Severity, rule

FAMILY = (
    dict.fromkeys(("17000", "17003", "17004"), "ak")
    | dict.fromkeys(("17110", "17111"), "benign")
    | dict.fromkeys(("11200", "11201"), "tag")
    | dict.fromkeys(("11900", "11901"), "injected")
    | dict.fromkeys(("11055", "11056", "11057"), "pared")
    | dict.fromkeys(("11720", "11721"), "nails")
    | dict.fromkeys(("11730", "11732"), "avulsed")
    | {"95004": "95004", "95044": "95044", "95017": "95017", "95018": "95018", "95052": "95052"}
)


@rule(
    "count-differs-from-chart",
    scope=Scope.DAY,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="CPT counts of lesions, tags, nails and tests, restated; AAD coding guidance",
    carc="151",
    since="0.1.0",
    needs=(c.DOC_COUNT,),
    fix=FixKind.NEEDS_CHART,
    fix_text="For a count of {count} the codes are {right}.",
    question="Is {count} the number in the note, and does it count lesions of this kind only?",
    message="The chart counts {count}; billed is {billed}, right is {right}.",
    facts=("DS-01", "DS-05", "TG-01", "IL-01", "NL-01", "NL-03", "PT-01"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The lesions counted in the chart are not the lesions billed.

    What it finds:
        Lines whose codes and units of the day do not follow from the documented number of keratoses, warts,
        tags, injected lesions, pared lesions, nails or tests.

    Why:
        The count decides the code. Too much is denied or recovered in an audit; too little is work not paid.

    Example:
        17000 dx=L57.0 count=16
        17003 x13 dx=L57.0 count=16

    Instead:
        17004 dx=L57.0 count=16

    References:
        CPT (restated); American Academy of Dermatology, Dermatology World.
    """
    counted = lines.filter(pl.col(c.DOC_COUNT).is_not_null(), pl.col(c.CODE).is_in(list(FAMILY)))
    family = pl.col(c.CODE).replace_strict(FAMILY, return_dtype=pl.String)
    units = pl.col(c.UNITS)
    day = counted.with_columns(family.alias("family")).with_columns(
        pl.concat_str(pl.col(c.CODE), pl.lit(" x"), units.cast(pl.Int64).cast(pl.String))
        .sort()
        .str.join(", ")
        .over(DAY, "family")
        .alias("billed"),
        pl.col(c.DOC_COUNT).max().over(DAY, "family").alias("count"),
    )
    n = pl.col("count")
    right = (
        pl.when(pl.col("family") == "ak")
        .then(
            pl.when(n >= 15)
            .then(pl.lit("17004 x1"))
            .when(n == 1)
            .then(pl.lit("17000 x1"))
            .otherwise(pl.format("17000 x1, 17003 x{}", n - 1))
        )
        .when(pl.col("family") == "benign")
        .then(pl.when(n >= 15).then(pl.lit("17111 x1")).otherwise(pl.lit("17110 x1")))
        .when(pl.col("family") == "tag")
        .then(pl.when(n <= 15).then(pl.lit("11200 x1")).otherwise(pl.format("11200 x1, 11201 x{}", (n - 6) // 10)))
        .when(pl.col("family") == "injected")
        .then(pl.when(n > 7).then(pl.lit("11901 x1")).otherwise(pl.lit("11900 x1")))
        .when(pl.col("family") == "pared")
        .then(
            pl.when(n > 4).then(pl.lit("11057 x1")).when(n > 1).then(pl.lit("11056 x1")).otherwise(pl.lit("11055 x1"))
        )
        .when(pl.col("family") == "nails")
        .then(pl.when(n > 5).then(pl.lit("11721 x1")).otherwise(pl.lit("11720 x1")))
        .when(pl.col("family") == "avulsed")
        .then(pl.when(n == 1).then(pl.lit("11730 x1")).otherwise(pl.format("11730 x1, 11732 x{}", n - 1)))
        .otherwise(pl.format("{} x{}", c.CODE, n))
    )
    judged = day.filter(n > 0).with_columns(right.alias("right"))
    # a count that stands on all lines of the day is of the one kind that it fits
    owned = judged.filter(pl.col("billed") == pl.col("right")).select(DAY, "count").unique()
    wrong = judged.filter(pl.col("billed") != pl.col("right"))
    found = wrong.join(owned, on=[DAY, "count"], how="anti", maintain_order="left")
    listed = found.group_by(DAY, "family", c.CLAIM_INDEX).agg(pl.col(c.LINE).alias(OTHER_LINES))
    last = found.unique([DAY, "family"], keep="last", maintain_order=True)
    return last.join(listed, on=[DAY, "family", c.CLAIM_INDEX], how="left", maintain_order="left")
