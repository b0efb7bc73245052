"""78 in an office."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, has_modifier, rule


@rule(
    "return-to-operating-room-in-office",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 12, section 40.1.B (complications are paid only with a return to the operating room)",
    url="https://www.cms.gov/regulations-and-guidance/guidance/manuals/downloads/clm104c12.pdf",
    carc="97",
    since="0.1.0",
    modifiers=("78",),
    payers=("medicare",),
    fix=FixKind.NEEDS_CHART,
    fix_text="A complication treated outside an operating room is part of the package; a planned or more extensive procedure is 58, an unrelated one 79.",
    question="Was there an operating room, and why was the procedure done?",
    message="78 on {code} in an office: Medicare pays for complications only in an operating room.",
    facts=("EM-03", "EM-04"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """78 states an operating room, and the place is an office.

    What it finds:
        78 at place of service 11 on Medicare claims.

    Why:
        For Medicare the package includes every treatment of complications that needs no operating room. An office room
        is none, unless it is equipped and used for nothing else.

    Example:
        12020 78 dx=T81.31XA

    Instead:
        12020 78 dx=T81.31XA pos=24

    References:
        CMS, Medicare Claims Processing Manual, chapter 12, section 40.1.
    """
    return lines.filter(has_modifier("78"), pl.col(c.PLACE_OF_SERVICE) == "11")
