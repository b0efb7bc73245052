"""LT or RT on a code of the skin, which has no two sides."""

import polars as pl

from cutis.model import columns as c
from cutis.model.finding import RELEASE
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, Exposure, FixKind, Scope, Severity, Stake, any_modifier, rule
from cutis.rules._shared.modifiers import first_of
from cutis.rules._shared.visits import with_fee

SKIN = load_families().codes("skin_procedure")


@rule(
    "side-modifier-on-unpaired-code",
    scope=Scope.LINE,
    severity=Severity.INFO,
    exposure=Exposure.DENIAL,
    evidence=Evidence.CMS_FILE,
    authority="CMS relative value file, bilateral surgery indicator 0; NCCI policy manual, chapter I, section E",
    since="0.1.0",
    modifiers=("LT", "RT"),
    tables=("fee",),
    stake=Stake.NONE,
    fix=FixKind.NEEDS_CHART,
    fix_text="Leave {modifier} off unless the payer asks for it; two lesions are told apart by units, add-on codes or XS.",
    question="Does the payer ask for a side on {code}?",
    message="{modifier} on {code}: the code is of no paired organ (indicator {bilateral}), so a side tells the payer nothing.",
    facts=("AN-01", "PY-04"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """LT or RT stands on a code that is not of a paired organ.

    What it finds:
        LT or RT on skin codes with bilateral indicator 0.

    Why:
        Skin is not a paired organ. The modifier is read, and bypasses edits, but says only on which side of the body
        the lesion was, which does not show it to be another lesion.

    Example:
        17110 RT dx=B07.8

    Instead:
        17110 dx=B07.8

    References:
        CMS, physician fee schedule relative value file, field BILAT SURG.
    """
    sided = with_fee(lines.filter(any_modifier(("LT", "RT"))).filter(pl.col(c.CODE).is_in(SKIN)), ref).with_columns(
        pl.col("release").alias(RELEASE)
    )
    return sided.filter(pl.col("bilateral") == "0").with_columns(first_of(("LT", "RT")).alias("modifier"))
