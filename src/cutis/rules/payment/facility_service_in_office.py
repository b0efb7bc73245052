"""A service that CMS prices in facilities only, billed from an office."""

import polars as pl

from cutis.model import columns as c
from cutis.model.finding import RELEASE
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, Stake, any_modifier, rule
from cutis.rules._shared.visits import with_fee


@rule(
    "facility-service-in-office",
    scope=Scope.LINE,
    severity=Severity.INFO,
    evidence=Evidence.CMS_FILE,
    authority="CMS relative value file, non-facility NA indicator",
    since="0.1.0",
    tables=("fee", "pos"),
    payers=("medicare",),
    stake=Stake.NONE,
    fix=FixKind.NEEDS_CHART,
    fix_text="Check the place of service; if it was done in the office, expect the facility amount.",
    question="Where was {code} done?",
    message="{code} at place of service {place_of_service}: CMS has no amount for it outside a facility.",
    facts=("PY-01",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A code has no office amount, and the place is an office.

    What it finds:
        Codes marked NA for the non-facility setting whose place of service is not a facility, on Medicare claims.

    Why:
        CMS marks services that are not normally done in an office. The line is paid at the facility amount, if at all.

    Example:
        12018 dx=S01.81XA pos=11

    Instead:
        12018 dx=S01.81XA pos=22

    References:
        CMS, physician fee schedule relative value file, field NON-FAC NA INDICATOR.
    """
    never = ref.table("fee").filter(pl.col("na_nonfac"), pl.col("status").is_in(["A", "R"]))["code"].unique()
    facilities = ref.table("pos").filter(pl.col("facility"))["place_of_service"].unique()
    some = lines.filter(pl.col(c.CODE).is_in(never.implode())).filter(~any_modifier(("26", "TC")))
    known = with_fee(some, ref).with_columns(pl.col("release").alias(RELEASE))
    return known.filter(pl.col("na_nonfac"), ~pl.col(c.PLACE_OF_SERVICE).is_in(facilities.implode()))
