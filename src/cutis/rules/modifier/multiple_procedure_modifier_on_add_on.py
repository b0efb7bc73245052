"""51 on an add-on code."""

import polars as pl

from cutis.model.finding import RELEASE
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, Exposure, FixKind, Scope, Severity, has_modifier, rule
from cutis.rules._shared.visits import with_fee


@rule(
    "multiple-procedure-modifier-on-add-on",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    exposure=Exposure.DENIAL,
    evidence=Evidence.CMS_FILE,
    authority="CMS relative value file, global days ZZZ and multiple procedure indicator 0",
    carc="4",
    since="0.1.0",
    modifiers=("51",),
    tables=("fee",),
    fix=FixKind.NEEDS_CHART,
    fix_text="Take 51 off {code}.",
    question="Did the payer ask for 51 on {code}?",
    message="51 on {code}: {kind}, which is never reduced as a multiple procedure.",
    facts=("DS-09", "NC-03"),
    supersedes=("modifier-51-for-medicare",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """51 stands on an add-on code or on one that is exempt from it.

    What it finds:
        Modifier 51 on add-on codes (global days ZZZ) and on codes whose multiple procedure indicator is 0.

    Why:
        The price of such a code already supposes that another procedure is done. With 51 a payer may halve it, or deny
        the line as a code and modifier that do not fit.

    Example:
        11102 dx=D49.2
        11103 51 dx=D49.2

    Instead:
        11102 dx=D49.2
        11103 dx=D49.2

    References:
        CMS, physician fee schedule relative value file, fields GLOB DAYS and MULT PROC.
    """
    with51 = lines.filter(has_modifier("51"))
    known = with_fee(with51, ref).with_columns(pl.col("release").alias(RELEASE))
    add_on = pl.col("global_days") == "ZZZ"
    exempt = (pl.col("mult_proc") == "0") & pl.col("global_days").is_in(["000", "010", "090"])
    kind = pl.when(add_on).then(pl.lit("an add-on code")).otherwise(pl.lit("a code with indicator 0"))
    return known.filter(add_on | exempt).with_columns(kind.alias("kind"))
