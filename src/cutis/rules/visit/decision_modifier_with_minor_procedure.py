"""57 on a visit beside a minor procedure."""

import polars as pl

from cutis.reference.store import Reference
from cutis.rulekit import DAY, OTHER_LINES, Evidence, FixKind, Scope, Severity, any_modifier, has_modifier, rule
from cutis.rules._shared.visits import other_line, surgery_of_day, visits_of


@rule(
    "decision-modifier-with-minor-procedure",
    scope=Scope.DAY,
    severity=Severity.WARNING,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 12, sections 40.1.C and 40.2 (57 is for major surgery)",
    url="https://www.cms.gov/regulations-and-guidance/guidance/manuals/downloads/clm104c12.pdf",
    carc="97",
    since="0.1.0",
    modifiers=("57",),
    tables=("fee",),
    fix=FixKind.NEEDS_CHART,
    fix_text="If the note shows a significant, separate evaluation, the modifier is 25; the decision for {surgery} is part of it. Else take {code} off.",
    question="What did the visit evaluate beyond the decision to do {surgery}, or was surgery of 90 days decided for tomorrow?",
    message="57 on {code}: {surgery} has no 90 global days, and the decision for it is included in it.",
    facts=("EM-02",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """57 stands on a visit beside a procedure of 0 or 10 global days.

    What it finds:
        Visits with 57 and without 25 on a day whose procedures all have 0 or 10 global days.

    Why:
        57 pays the visit at which major surgery was decided. The decision for a minor procedure is in its payment, so
        the visit is denied unless 25 states other work.

    Example:
        99213 57 dx=L57.0
        17000 dx=L57.0

    Instead:
        99213 25 dx=L40.0
        17000 dx=L57.0

    References:
        CMS, Medicare Claims Processing Manual, chapter 12, section 40.
    """
    visits = visits_of(lines, ref).filter(has_modifier("57") & ~any_modifier(("24", "25")))
    days = surgery_of_day(lines, ref).filter("minor", ~pl.col("major"))
    return visits.join(days, on=DAY, how="inner", maintain_order="left").with_columns(other_line().alias(OTHER_LINES))
