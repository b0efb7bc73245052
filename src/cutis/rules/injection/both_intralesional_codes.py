"""Both codes of intralesional injection on one day."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import DAY, OTHER_LINES, Evidence, FixKind, Scope, Severity, not_alone, rule


@rule(
    "both-intralesional-codes",
    scope=Scope.DAY,
    severity=Severity.ERROR,
    evidence=Evidence.CMS_FILE,
    authority="CMS MUE of 1 for both codes; CPT count of injected lesions, restated",
    carc="231",
    since="0.1.0",
    codes=("11900", "11901"),
    fix=FixKind.NEEDS_CHART,
    fix_text="Up to seven lesions are 11900 once, more are 11901 once.",
    question="How many lesions were injected on this day in all?",
    message="11900 stands beside 11901, which by itself covers more than seven lesions.",
    facts=("IL-01",),
    supersedes=("ncci-pair-never-together", "ncci-pair-without-modifier"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Injected lesions are counted on two codes.

    What it finds:
        11900 on a day that also has 11901.

    Why:
        One of the two stands for the whole count of lesions, not of injections. The other is denied as mutually
        exclusive.

    Example:
        11900 dx=L91.0
        11901 dx=L91.0

    Instead:
        11901 dx=L91.0

    References:
        CPT, intralesional injection (restated).
    """
    lines = lines.filter(not_alone())
    both = pl.col(c.CODE).n_unique().over(DAY) == 2
    where = pl.col(c.LINE).filter(pl.col(c.CODE) == "11901").first().over(DAY, c.CLAIM_INDEX)
    return (
        lines.filter(both)
        .with_columns(pl.concat_list(where).list.drop_nulls().alias(OTHER_LINES))
        .filter(pl.col(c.CODE) == "11900")
    )
