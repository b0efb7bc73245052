"""A code that Medicare's fee schedule does not pay."""

import polars as pl

from cutis.model import columns as c
from cutis.model.finding import REASON, RELEASE
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Outcome, Scope, Severity, Stake, any_modifier, rule
from cutis.rules._shared.visits import with_fee

SAYS = {
    "N": "is excluded by law",
    "I": "is not valid for Medicare; another code is used",
    "B": "is always bundled into another service",
    "P": "is bundled where any other service is paid",
    "M": "only measures quality",
    "H": "is deleted",
    "D": "is deleted",
    "F": "is deleted",
    "G": "is not valid for Medicare; another code is used",
}


@rule(
    "code-not-paid-by-medicare",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    evidence=Evidence.CMS_FILE,
    authority="CMS relative value file, status code",
    carc="96",
    since="0.1.0",
    tables=("fee",),
    payers=("medicare",),
    stake=Stake.NONE,
    supersedes=("units-over-mue",),
    fix=FixKind.NEEDS_CHART,
    fix_text="{advice}",
    question="Which service was given, and is there a code that Medicare pays for it?",
    message="{code} {says} (status {status}): Medicare pays nothing for the line.",
)
def check(lines: pl.DataFrame, ref: Reference) -> Outcome:
    """A code is not paid under the fee schedule.

    What it finds:
        Codes of status N, I, G, B, P or deleted on a Medicare claim, without GY, GA, GX or GZ. Excluded ones (N) are a
        warning, the others an error. Quality codes and 99024 are reported for the record and left out.

    Why:
        The status code of the relative value file says that nothing is paid. Excluded services need GY where a denial
        is wanted; invalid ones need the code that Medicare uses.

    Example:
        69090 dx=Z41.3
        99070 dx=L57.0

    Instead:
        11102 dx=D49.2

    References:
        CMS, physician fee schedule relative value file, field STATUS CODE.
    """
    unpaid = ref.table("fee").filter(pl.col("status").is_in(list(SAYS)))["code"].unique().implode()
    suspects = lines.filter(pl.col(c.CODE).is_in(unpaid)).filter(~any_modifier(("GY", "GA", "GX", "GZ")))
    known = with_fee(suspects, ref)
    advice = (
        pl.when(pl.col("status") == "N")
        .then(pl.lit("Bill the patient, or file with GY where a denial is wanted for another payer."))
        .when(pl.col("status").is_in(["B", "P"]))
        .then(pl.lit("Do not bill it; its payment is in the other service."))
        .otherwise(pl.lit("Use the code that Medicare pays for the service."))
    )
    # 99024 and quality codes are reported for the record, at no charge
    found = known.filter(
        "known",
        pl.col("status").is_in(list(SAYS)),
        pl.col("status") != "M",
        pl.col(c.CODE) != "99024",
        ~pl.col(c.CODE).str.ends_with("F"),
    )
    excluded = pl.col("status") == "N"
    severity = pl.when(excluded).then(pl.lit(Severity.WARNING.value)).otherwise(pl.lit(Severity.ERROR.value))
    out = found.with_columns(
        pl.col("status").replace_strict(SAYS, return_dtype=pl.String).alias("says"),
        advice.alias("advice"),
        severity.alias("severity"),
        pl.col("release").alias(RELEASE),
    )
    ends = max(r.effective_to for r in ref.releases("fee") if r.effective_to)
    starts = min(r.effective_from for r in ref.releases("fee") if r.effective_from)
    outside = lines.filter((pl.col(c.SERVICE_FROM) > ends) | (pl.col(c.SERVICE_FROM) < starts))
    reason = pl.lit(f"no fee schedule in force before {starts} or after {ends}").alias(REASON)
    return Outcome(out, outside.select(c.CLAIM_INDEX, c.LINE, reason))
