"""Units that are zero, below it, or not whole."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, Exposure, FixKind, Scope, Severity, rule


@rule(
    "units-not-a-count",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    exposure=Exposure.DENIAL,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 26, item 24G (days or units)",
    carc="16",
    since="0.1.0",
    fix=FixKind.NEEDS_CHART,
    fix_text="Write how often {code} was done, as a whole number of at least one.",
    question="How often was {code} done?",
    message="{code} has {units} units, which {wrong}.",
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The units of a counted service are not a count.

    What it finds:
        Units of zero or below on any line (error), and fractions on codes of five digits outside anesthesia (warning).

    Why:
        A line without a unit pays nothing; a fraction of a procedure does not exist, and payers reject or round it.

    Example:
        11102 x0 dx=D49.2

    Instead:
        11102 dx=D49.2

    References:
        CMS, Medicare Claims Processing Manual, chapter 26.
    """
    units = pl.col(c.UNITS)
    odd = lines.filter((units <= 0) | (units != units.floor()))
    counted = pl.col(c.CODE).str.contains(r"^(?:0[2-9]|[1-9])\d+$")
    none = units <= 0
    wrong = pl.when(none).then(pl.lit("is no service at all")).otherwise(pl.lit("is a part of a service"))
    severity = pl.when(none).then(pl.lit(Severity.ERROR.value)).otherwise(pl.lit(Severity.WARNING.value))
    return odd.filter(none | counted).with_columns(wrong.alias("wrong"), severity.alias("severity"))
