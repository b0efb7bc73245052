"""A code that no fee schedule of the day has."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, Exposure, FixKind, Scope, Severity, Stake, rule
from cutis.rules._shared.codes import codes_of
from cutis.rules._shared.visits import with_fee


@rule(
    "code-unknown",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    exposure=Exposure.DENIAL,
    evidence=Evidence.CMS_FILE,
    authority="CMS relative value file; CPT and HCPCS codes in force on the date of service",
    carc="181",
    since="0.1.0",
    tables=("fee",),
    stake=Stake.NONE,
    fix=FixKind.NEEDS_CHART,
    fix_text="Look for the code that replaced {code}, by what the note says was done.",
    question="What was done, in the note's words?",
    message="{code} is in no code set of the day: deleted, or mistyped.",
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A procedure code is not valid on the day.

    What it finds:
        CPT category I codes (five digits) that the year's relative value file does not list at all, for service dates
        that it covers. Clinical laboratory codes (80047 to 89398 outside the file) and HCPCS letters are left out: other files
        list them.

    Why:
        A code must be valid on the date of service; a deleted or mistyped one is rejected.

    Example:
        11100 dx=D49.2

    Instead:
        11102 dx=D49.2

    References:
        CMS, physician fee schedule relative value file.
    """
    digits = pl.col(c.CODE).str.contains(r"^\d{5}$")
    laboratory = pl.col(c.CODE).str.contains(r"^8[0-9]")
    present = codes_of(lines, ref).implode()
    fee = ref.table("fee").filter(pl.col("modifier") == "", pl.col("code").is_in(present))
    releases = len(ref.releases("fee"))
    in_all = fee.group_by("code").agg(pl.col("release").n_unique()).filter(pl.col("release") == releases)
    listed = pl.col(c.CODE).is_in(in_all["code"].implode())
    suspect = with_fee(lines.filter(~listed).filter(digits & ~laboratory), ref).filter(~pl.col("known"))
    spans = [(r.effective_from, r.effective_to) for r in ref.releases("fee")]
    day = pl.col(c.SERVICE_FROM)
    covered = pl.any_horizontal((day >= first) & (day <= last) for first, last in spans if first and last)
    return suspect.filter(covered)
