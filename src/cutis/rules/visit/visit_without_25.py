"""A visit beside a minor procedure without modifier 25."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import DAY, OTHER_LINES, Evidence, FixKind, Outcome, Scope, Severity, any_modifier, rule
from cutis.rules._shared.pairs import ONE, pairs_on_day
from cutis.rules._shared.ptp import not_in_force, visits_only
from cutis.rules._shared.visits import surgery_of_day


@rule(
    "visit-without-25",
    scope=Scope.DAY,
    severity=Severity.ERROR,
    evidence=Evidence.CMS_FILE,
    authority="CMS NCCI procedure-to-procedure edits (visits with procedures); Medicare Claims Processing Manual, chapter 12, section 40.1",
    url="https://www.cms.gov/regulations-and-guidance/guidance/manuals/downloads/clm104c12.pdf",
    carc="97",
    since="0.1.0",
    tables=("ptp", "fee"),
    uses=(c.DOC_SEPARATE_VISIT,),
    fix=FixKind.NEEDS_CHART,
    fix_text="If the note shows a significant, separate evaluation, put 25 on {code}; the decision for the procedure itself is not one. Else take {code} off.",
    question="What did the visit evaluate or manage beyond the decision to do {code_one}?",
    message="{code} stands beside {code_one} without 25 and is denied as part of it.",
    facts=("EM-01", "EM-06", "PH-02"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame | Outcome:
    """A visit stands beside a procedure without modifier 25.

    What it finds:
        Visits that an edit bundles into a procedure of the same day, carrying none of 24, 25, 27 and 57. Where the
        procedure has 90 global days and the visit 25, see `visit-decision-without-57`.

    Why:
        A procedure includes the evaluation that leads to it. A visit is paid beside it only where it is significant and
        separately identifiable, which 25 states; the note must show it.

    Example:
        99213 dx=L70.0
        17110 dx=B07.8

    Instead:
        99213 25 dx=L70.0
        17110 dx=B07.8

    References:
        CMS, Medicare Claims Processing Manual, chapter 12, sections 30.6.6 and 40.1.
    """
    pairs = visits_only(pairs_on_day(lines, ref)).filter(~any_modifier(("24", "25", "27", "57")))
    one = pairs.sort(c.CLAIM_INDEX, c.LINE, c.CODE + ONE).unique(
        [c.CLAIM_INDEX, c.LINE], keep="first", maintain_order=True
    )
    found = one.join(surgery_of_day(lines, ref).select(DAY, "major"), on=DAY, how="left", maintain_order="left")
    # beside a major procedure alone the modifier is 57, not 25
    found = found.filter(~pl.col("major").fill_null(value=False))
    return Outcome(found.select(pl.exclude(c.MODIFIERS)).with_columns(pl.col(OTHER_LINES)), not_in_force(lines, ref))
