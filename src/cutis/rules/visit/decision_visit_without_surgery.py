"""The visit at which surgery was decided, without 57 and without the surgery beside it."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import DAY, Evidence, Exposure, FixKind, Scope, Severity, any_modifier, rule
from cutis.rules._shared.visits import surgery_of_day, visits_of


@rule(
    "decision-visit-without-surgery",
    scope=Scope.DAY,
    severity=Severity.INFO,
    exposure=Exposure.DENIAL,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 12, section 40.2 (modifier 57)",
    url="https://www.cms.gov/regulations-and-guidance/guidance/manuals/downloads/clm104c12.pdf",
    carc="97",
    since="0.1.0",
    tables=("fee",),
    needs=(c.DOC_DECISION,),
    fix=FixKind.NEEDS_CHART,
    fix_text="If that surgery has 90 global days and is done on this day or the next, put 57 on {code}.",
    question="Which surgery was decided at this visit, and on which day was or is it done?",
    message="Surgery was decided at the visit {code}, and no surgery stands on this day; before major surgery the visit needs 57.",
    facts=("EM-02",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A visit decided on surgery that is not on this day.

    What it finds:
        Visits without 57 or 24 that the chart calls the decision for surgery, on a day without a procedure.

    Why:
        The package of surgery with 90 global days begins on the day before. A visit on that day is paid only with 57,
        and the claim for the surgery often comes later.

    Example:
        99214 dx=C44.329 decision=yes

    Instead:
        99214 57 dx=C44.329 decision=yes

    References:
        CMS, Medicare Claims Processing Manual, chapter 12, section 40.2.
    """
    visits = visits_of(lines, ref).filter(pl.col(c.DOC_DECISION), ~any_modifier(("57", "24")))
    return visits.join(surgery_of_day(lines, ref), on=DAY, how="anti", maintain_order="left")
