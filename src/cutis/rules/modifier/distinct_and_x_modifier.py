"""59 and an X modifier on one line."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, Exposure, FixKind, Scope, Severity, any_modifier, has_modifier, rule


@rule(
    "distinct-and-x-modifier",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    exposure=Exposure.DENIAL,
    evidence=Evidence.CMS_MANUAL,
    authority="CMS change request 8863 (X modifiers are more specific forms of 59)",
    carc="4",
    since="0.1.0",
    modifiers=("59",),
    fix=FixKind.NEEDS_CHART,
    fix_text="Keep the one that the chart supports, the X modifier where it fits.",
    question="Was it another encounter (XE), practitioner (XP), structure (XS) or an unusual service (XU)?",
    message="{code} carries 59 and {modifier}; they say the same, and both together are rejected.",
    facts=("NC-05",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """59 and an X modifier stand on one line.

    What it finds:
        Lines with 59 and one of XE, XP, XS, XU.

    Why:
        The X modifiers are forms of 59. Medicare wants one of them, never both on a line.

    Example:
        11102 dx=D49.2
        17000 59 XS dx=L57.0

    Instead:
        11102 dx=D49.2
        17000 XS dx=L57.0

    References:
        CMS, change request 8863.
    """
    forms = ("XE", "XP", "XS", "XU")
    which = pl.coalesce(pl.when(pl.col(m).is_in(forms)).then(pl.col(m)) for m in c.MODIFIERS)
    return lines.filter(has_modifier("59") & any_modifier(forms)).with_columns(which.alias("modifier"))
