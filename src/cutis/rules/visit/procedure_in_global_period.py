"""A procedure within the global period of an earlier one, without a modifier that says why."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Outcome, Scope, Severity, any_modifier, rule
from cutis.rules._shared.globals import NEEDS, USES, may_follow, no_history, within_global
from cutis.rules._shared.visits import EM, surgical


@rule(
    "procedure-in-global-period",
    scope=Scope.HISTORY,
    severity=Severity.ERROR,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 12, sections 40.1 to 40.3 (58, 78, 79)",
    url="https://www.cms.gov/regulations-and-guidance/guidance/manuals/downloads/clm104c12.pdf",
    carc="97",
    since="0.1.0",
    needs=NEEDS,
    uses=USES,
    tables=("fee",),
    fix=FixKind.NEEDS_CHART,
    fix_text="By what the chart shows: 58 planned, staged or more extensive; 79 unrelated; 78 an unplanned return to the operating room; a complication treated elsewhere is included.",
    question="Was {code} planned or staged after {doc_global_code}, unrelated to it, or for a complication?",
    message="{code} falls on day {doc_global_days} of the {length} global days of {doc_global_code} without 58, 78 or 79.",
    facts=("EM-03", "EM-04", "EX-08", "GL-01", "MO-12"),
)
def check(lines: pl.DataFrame, ref: Reference) -> Outcome:
    """A procedure falls into a global period without 58, 78 or 79.

    What it finds:
        Procedures with a global period of their own (000, 010, 090) within the global days of an earlier procedure of
        the same group and specialty, as the chart names it or a claim of the same input or of
        the history (`--history`) shows it.

    Why:
        Without one of the three modifiers the payer takes the procedure as part of the earlier one's package.

    Example:
        11102 dx=D22.5 global_code=14040 global_days=40

    Instead:
        11102 79 dx=D22.5 global_code=14040 global_days=40

    References:
        CMS, Medicare Claims Processing Manual, chapter 12, section 40.
    """
    periods = surgical(ref)
    surgery = pl.col(c.CODE).is_in(periods.implode()) & ~pl.col(c.CODE).is_in(EM)
    bare = ~any_modifier(("58", "78", "79"))
    services = lines.filter(may_follow(lines, ref)).filter(surgery, bare)
    return Outcome(within_global(services, lines, ref), no_history(lines, surgery, bare))
