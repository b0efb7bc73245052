"""62 or 66 on a code that is paid to one surgeon."""

import polars as pl

from cutis.model.finding import RELEASE
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, any_modifier, has_modifier, rule
from cutis.rules._shared.modifiers import first_of
from cutis.rules._shared.visits import with_fee


@rule(
    "surgeons-together-not-allowed",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.CMS_FILE,
    authority="CMS relative value file, co-surgeon and team surgery indicators; Medicare Claims Processing Manual, chapter 12, section 40.8",
    carc="54",
    since="0.1.0",
    modifiers=("62", "66"),
    tables=("fee",),
    fix=FixKind.NEEDS_CHART,
    fix_text="Bill {code} by the one who did it; for an assistant it is 80 or AS where that is allowed.",
    question="Who did which part of {code}?",
    message="{modifier} on {code}: it is paid to one surgeon (indicator {indicator}).",
    facts=("PY-05",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Two surgeons or a team are billed where one is paid.

    What it finds:
        62 on codes with co-surgeon indicator 0 or 9, 66 on codes with team indicator 0 or 9.

    Why:
        Indicators 0 and 9 mean that no second surgeon or team is paid: the line is denied for both.

    Example:
        17311 62 dx=C44.311

    Instead:
        17311 dx=C44.311

    References:
        CMS, physician fee schedule relative value file, fields CO-SURG and TEAM SURG.
    """
    known = with_fee(lines.filter(any_modifier(("62", "66"))), ref).with_columns(pl.col("release").alias(RELEASE))
    two = has_modifier("62")
    indicator = pl.when(two).then(pl.col("cosurgeon")).otherwise(pl.col("team"))
    named = known.with_columns(indicator.alias("indicator"), first_of(("62", "66")).alias("modifier"))
    return named.filter(pl.col("indicator").is_in(["0", "9"]))
