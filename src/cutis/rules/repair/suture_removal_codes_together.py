"""Both codes of removing sutures and staples on a day."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import DAY, OTHER_LINES, Evidence, FixKind, Scope, Severity, rule

ONE, BOTH = "15853", "15854"


@rule(
    "suture-removal-codes-together",
    scope=Scope.DAY,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="CPT add-ons for removing sutures or staples, and both, restated; AAPC coding guidance of 2023",
    carc="97",
    since="0.1.0",
    codes=(ONE, BOTH),
    fix=FixKind.NEEDS_CHART,
    fix_text="Sutures or staples alone are 15853; both kinds taken out are 15854 alone.",
    question="What was taken out: sutures, staples, or both?",
    message="15853 stands beside 15854, which already stands for sutures and staples.",
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The add-on for sutures or staples stands beside that for both.

    What it finds:
        15853 on a day with 15854.

    Why:
        One speaks of either kind, the other of both; they cannot both be true, and one is denied.

    Example:
        99213 dx=Z48.02
        15853 dx=Z48.02
        15854 dx=Z48.02

    Instead:
        99213 dx=Z48.02
        15854 dx=Z48.02

    References:
        CPT, removal of sutures and staples (restated).
    """
    both = lines.filter(pl.col(c.CODE) == BOTH).select(
        DAY, pl.col(c.LINE).alias("_line"), pl.col(c.CLAIM_INDEX).alias("_claim")
    )
    both = both.unique(DAY, keep="first", maintain_order=True)
    found = lines.filter(pl.col(c.CODE) == ONE).join(both, on=DAY, how="inner", maintain_order="left")
    same = pl.col("_claim") == pl.col(c.CLAIM_INDEX)
    return found.with_columns(pl.when(same).then(pl.concat_list("_line")).alias(OTHER_LINES))
