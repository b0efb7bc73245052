"""A global modifier says the opposite of the chart."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, any_modifier, rule
from cutis.rules._shared.globals import LENGTH, with_length
from cutis.rules._shared.modifiers import first_of
from cutis.rules._shared.visits import EM

UNRELATED = ("24", "79")
RELATED = ("58", "78")


@rule(
    "global-modifier-against-chart",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 12, section 40.2 (24 and 79 unrelated; 58 and 78 related)",
    url="https://www.cms.gov/regulations-and-guidance/guidance/manuals/downloads/clm104c12.pdf",
    carc="97",
    since="0.1.0",
    modifiers=(*UNRELATED, *RELATED),
    needs=(c.DOC_GLOBAL_CODE, c.DOC_GLOBAL_DAYS, c.DOC_GLOBAL_RELATED),
    tables=("fee",),
    fix=FixKind.NEEDS_CHART,
    fix_text="{advice}",
    question="Was {code} part of the care after {doc_global_code}?",
    message="{modifier} on {code} says that it is {said} to {doc_global_code}; the chart says the opposite.",
    facts=("EM-03", "EM-04", "TX-01"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """24 or 79 stands on a related service, or 58 or 78 on an unrelated one.

    What it finds:
        Within a global period: 24 or 79 where the chart marks the service as related, 58 or 78 where it marks it as
        unrelated.

    Why:
        24 and 79 are paid because the service has nothing to do with the surgery, 58 and 78 because it has. The wrong
        one is a false statement, and 78 is paid less than 79.

    Example:
        99213 24 dx=Z48.817 global_code=17110 global_days=5 global_related=yes

    Instead:
        99024 charge=0 dx=Z48.817 global_code=17110 global_days=5 global_related=yes

    References:
        CMS, Medicare Claims Processing Manual, chapter 12, section 40.2.
    """
    some = lines.filter(any_modifier((*UNRELATED, *RELATED)), pl.col(c.DOC_GLOBAL_RELATED).is_not_null())
    within = with_length(some, ref).filter(pl.col(c.DOC_GLOBAL_DAYS).is_between(1, pl.col(LENGTH)))
    related = pl.col(c.DOC_GLOBAL_RELATED)
    apart, part = any_modifier(UNRELATED), any_modifier(RELATED)
    found = within.filter((apart & related) | (part & ~related))
    visit = pl.col(c.CODE).is_in(EM)
    advice = (
        pl.when(related & visit)
        .then(pl.lit("Record the visit as 99024 and do not bill it."))
        .when(related)
        .then(
            pl.lit(
                "By what the chart shows: 58 planned, staged or more extensive, 78 an unplanned return to the operating room."
            )
        )
        .otherwise(pl.lit("The chart shows an unrelated procedure: 79 states that."))
    )
    which = pl.when(apart & related).then(first_of(UNRELATED)).otherwise(first_of(RELATED))
    said = pl.when(apart & related).then(pl.lit("unrelated")).otherwise(pl.lit("related"))
    return found.with_columns(advice.alias("advice"), which.alias("modifier"), said.alias("said"))
