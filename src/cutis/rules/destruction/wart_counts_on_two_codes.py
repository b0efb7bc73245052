"""Both destruction codes for benign lesions on one day."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import DAY, OTHER_LINES, Evidence, FixKind, Scope, Severity, not_alone, rule


@rule(
    "wart-counts-on-two-codes",
    scope=Scope.DAY,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="CPT guideline on destruction of benign lesions, restated; CMS MUE of 1 for both codes",
    carc="231",
    since="0.1.0",
    codes=("17110", "17111"),
    fix=FixKind.NEEDS_CHART,
    fix_text="Count all benign lesions of the day: up to 14 is 17110 once, 15 and more is 17111 once.",
    question="How many warts or other benign lesions were destroyed on this day in all?",
    message="17110 stands beside 17111, which by itself covers the whole count.",
    facts=("DS-05",),
    supersedes=("ncci-pair-never-together", "ncci-pair-without-modifier"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Benign lesions are counted on two codes.

    What it finds:
        17110 on a day that also has 17111.

    Why:
        17111 is not an add-on: it stands for fifteen and more lesions by itself. Beside it 17110 is denied as
        mutually exclusive.

    Example:
        17110 dx=B07.8
        17111 dx=B07.8

    Instead:
        17111 dx=B07.8

    References:
        CPT, destruction of benign lesions (restated); CMS MUE table.
    """
    lines = lines.filter(not_alone())
    both = pl.col(c.CODE).n_unique().over(DAY) == 2
    listed = pl.concat_list(
        pl.col(c.LINE).filter(pl.col(c.CODE) == "17111").first().over(DAY, c.CLAIM_INDEX)
    ).list.drop_nulls()
    return lines.filter(both).with_columns(listed.alias(OTHER_LINES)).filter(pl.col(c.CODE) == "17110")
