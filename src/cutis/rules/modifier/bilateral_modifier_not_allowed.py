"""50 on a code that is not done on two sides."""

import polars as pl

from cutis.model.finding import RELEASE
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, has_modifier, rule
from cutis.rules._shared.visits import with_fee


@rule(
    "bilateral-modifier-not-allowed",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.CMS_FILE,
    authority="CMS relative value file, bilateral surgery indicator",
    carc="4",
    since="0.1.0",
    modifiers=("50",),
    tables=("fee",),
    fix=FixKind.NEEDS_CHART,
    fix_text="Take 50 off {code}; two lesions are two units, two lines or an add-on code, as the code is defined.",
    question="How many lesions were treated, and where?",
    message="50 on {code}: the code is not paid as bilateral (indicator {bilateral}).",
    facts=("PY-04", "AN-01"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """50 stands on a code that has no two sides.

    What it finds:
        Modifier 50 on codes with bilateral indicator 0 or 9. Indicator 2 codes are bilateral by definition and
        are reported without it.

    Why:
        Skin lesions are not paired organs. The line is denied as a code and modifier that do not fit.

    Example:
        11102 50 dx=D49.2

    Instead:
        11102 dx=D49.2

    References:
        CMS, physician fee schedule relative value file, field BILAT SURG.
    """
    known = with_fee(lines.filter(has_modifier("50")), ref).with_columns(pl.col("release").alias(RELEASE))
    return known.filter(pl.col("bilateral").is_in(["0", "2", "9"]))
