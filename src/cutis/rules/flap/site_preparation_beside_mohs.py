"""Preparation of a graft site beside Mohs surgery."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import DAY, OTHER_LINES, Evidence, FixKind, Scope, Severity, any_modifier, not_alone, rule

MOHS = load_families().codes("mohs_first")


@rule(
    "site-preparation-beside-mohs",
    scope=Scope.DAY,
    severity=Severity.WARNING,
    evidence=Evidence.RECALLED,
    authority="NCCI policy manual, chapter III (site preparation is not for a Mohs defect alone), recalled",
    carc="97",
    since="0.1.0",
    codes=("15002", "15003", "15004", "15005", *MOHS),
    fix=FixKind.NEEDS_CHART,
    fix_text="Take {code} off unless a scar, burn or open wound was excised elsewhere to receive a graft.",
    question="Which scar, burn or wound was excised to prepare the site?",
    message="{code} beside {mohs}: a fresh Mohs defect needs no site preparation.",
    facts=("GR-02",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Surgical preparation of the site is billed on the day of Mohs surgery.

    What it finds:
        15002 to 15005 on the day of 17311 or 17313, without a modifier for another site.

    Why:
        The preparation codes are for excising burn, scar or open wound before a graft. A fresh Mohs defect needs
        none; its margins are part of the surgery.

    Example:
        17311 dx=C44.319
        15004 dx=C44.319

    Instead:
        17311 dx=C44.319
        15240 dx=C44.319

    References:
        CMS, NCCI policy manual, chapter III.
    """
    lines = lines.filter(not_alone())
    mohs = pl.col(c.CODE).is_in(sorted(MOHS))
    first = pl.col(c.CODE).filter(mohs).first().over(DAY)
    where = pl.col(c.LINE).filter(mohs).first().over(DAY, c.CLAIM_INDEX)
    marked = lines.with_columns(first.alias("mohs"), pl.concat_list(where).list.drop_nulls().alias(OTHER_LINES))
    return marked.filter(~mohs & pl.col("mohs").is_not_null() & ~any_modifier(("59", "XS", "XE", "58", "78", "79")))
