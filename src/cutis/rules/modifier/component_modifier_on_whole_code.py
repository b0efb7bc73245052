"""26 or TC on a code that has no components."""

import polars as pl

from cutis.model import columns as c
from cutis.model.finding import RELEASE
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, any_modifier, rule
from cutis.rules._shared.visits import with_fee


@rule(
    "component-modifier-on-whole-code",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.CMS_FILE,
    authority="CMS relative value file, PC/TC indicator",
    carc="4",
    since="0.1.0",
    modifiers=("26", "TC"),
    tables=("fee",),
    fix=FixKind.NEEDS_CHART,
    fix_text="Take {modifier} off {code}.",
    question="Was only a part of {code} done here, and what does {modifier} stand for?",
    message="{modifier} on {code}: the code has no professional and technical components (indicator {pctc}).",
    facts=("PY-08",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """26 or TC stands on a code that cannot be split.

    What it finds:
        26 or TC on codes whose PC/TC indicator is not 1 (nor 6 with 26).

    Why:
        Only codes with indicator 1 are paid in two components; on any other the line is denied.

    Example:
        99213 26 dx=L70.0

    Instead:
        99213 dx=L70.0

    References:
        CMS, physician fee schedule relative value file, field PC/TC indicator.
    """
    candidates = with_fee(lines.filter(any_modifier(("26", "TC"))), ref)
    which = pl.coalesce(pl.when(pl.col(m).is_in(["26", "TC"])).then(pl.col(m)) for m in c.MODIFIERS)
    named = candidates.with_columns(which.alias("modifier"), pl.col("release").alias(RELEASE))
    clinical = (pl.col("pctc") == "6") & (pl.col("modifier") == "26")
    return named.filter(pl.col("known"), pl.col("pctc").is_in(["0", "2", "3", "4", "5", "7", "8", "6"]), ~clinical)
