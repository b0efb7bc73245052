"""91 on a service that is no laboratory test."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, Exposure, FixKind, Scope, Severity, has_modifier, rule


@rule(
    "laboratory-repeat-modifier-on-other-code",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    exposure=Exposure.DENIAL,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 16, section 100.5.1 (91 repeats a clinical laboratory test)",
    carc="4",
    since="0.1.0",
    modifiers=("91",),
    fix=FixKind.NEEDS_CHART,
    fix_text="A procedure repeated on one day is 76 or 77; further lesions are units, add-on codes or XS.",
    question="Was {code} repeated, or done on another lesion?",
    message="91 on {code}: it is for laboratory tests repeated on one day.",
    facts=("NC-02",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """91 stands on a code that is no laboratory test.

    What it finds:
        Modifier 91 on codes that are not laboratory tests, and on surgical pathology.

    Why:
        91 says that a laboratory test was run again for a new result. On a procedure it is invalid, and bypasses an
        edit that it has no business with.

    Example:
        17000 91 dx=L57.0

    Instead:
        17000 76 dx=L57.0

    References:
        CMS, Medicare Claims Processing Manual, chapter 16.
    """
    test = pl.col(c.CODE).str.contains(r"^(?:8[0-7]|P|Q0|G0|0\d{3}U)") | pl.col(c.CODE).str.contains(r"^89[0-3]")
    return lines.filter(has_modifier("91")).filter(~test)
