"""A visit within the global period of an earlier procedure."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Outcome, Scope, Severity, any_modifier, rule
from cutis.rules._shared.globals import NEEDS, USES, may_follow, no_history, within_global
from cutis.rules._shared.visits import EM


@rule(
    "visit-in-global-period",
    scope=Scope.HISTORY,
    severity=Severity.ERROR,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 12, sections 40 and 40.1; CMS relative value file (global days)",
    url="https://www.cms.gov/regulations-and-guidance/guidance/manuals/downloads/clm104c12.pdf",
    carc="97",
    since="0.1.0",
    needs=NEEDS,
    uses=USES,
    tables=("fee",),
    fix=FixKind.NEEDS_CHART,
    fix_text="{advice}",
    question="Was this visit for the surgery of {doc_global_code} or for something else?",
    message="{code} falls on day {doc_global_days} of the {length} global days of {doc_global_code} without 24.",
    facts=("EM-03", "GL-01", "GL-02", "TX-01"),
)
def check(lines: pl.DataFrame, ref: Reference) -> Outcome:
    """A visit falls into a global period.

    What it finds:
        Visits by the same group and specialty within the 10 or 90 days after an earlier procedure, without 24 or 57. The
        earlier procedure is the one that the chart names, or one on a claim of the same input or of the
        history (`--history`).

    Why:
        The payment of the procedure includes its follow-up visits. A related visit is not billed (99024 records it); an
        unrelated one needs 24 and a diagnosis that shows it.

    Example:
        99213 dx=L23.0 global_code=14040 global_days=30

    Instead:
        99213 24 dx=L23.0 global_code=14040 global_days=30

    References:
        CMS, Medicare Claims Processing Manual, chapter 12, section 40.1.
    """
    visit, bare = pl.col(c.CODE).is_in(EM), ~any_modifier(("24", "57"))
    found = within_global(lines.filter(may_follow(lines, ref)).filter(visit, bare), lines, ref)
    related = pl.col(c.DOC_GLOBAL_RELATED) if c.DOC_GLOBAL_RELATED in found.columns else pl.lit(None, dtype=pl.Boolean)
    advice = (
        pl.when(related.eq(other=True))
        .then(pl.lit("The visit is part of the surgery: record it as 99024 and do not bill it."))
        .when(related.eq(other=False))
        .then(pl.lit("The chart shows an unrelated problem: 24 states that."))
        .otherwise(
            pl.lit(
                "If the visit was unrelated to the surgery, 24 states that; if it was follow-up, record 99024 and do not bill it."
            )
        )
    )
    return Outcome(found.with_columns(advice.alias("advice")), no_history(lines, visit, bare))
