"""25 on a visit that the chart does not show to be separate."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import DAY, Evidence, FixKind, Scope, Severity, has_modifier, rule
from cutis.rules._shared.visits import EM


@rule(
    "visit-not-separate",
    scope=Scope.DAY,
    severity=Severity.ERROR,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 12, section 30.6.6 (modifier 25)",
    url="https://www.cms.gov/regulations-and-guidance/guidance/manuals/downloads/clm104c12.pdf",
    carc="97",
    since="0.1.0",
    modifiers=("25",),
    needs=(c.DOC_SEPARATE_VISIT,),
    fix=FixKind.NEEDS_CHART,
    fix_text="Take {code} off: the record shows no work beyond the procedure.",
    question="Is there any evaluation or management in the note beyond the service itself?",
    message="{code} carries 25, but the chart shows no significant, separate evaluation.",
    facts=("EM-01", "EM-02"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Modifier 25 stands on a visit that was not separate.

    What it finds:
        Visits with 25 that the chart marks as not separate, on a day with another service.

    Why:
        25 states a significant and separately identifiable evaluation. Without one in the record the visit is part of
        the procedure, and the modifier is a false statement.

    Example:
        96372 dx=L20.9
        99211 25 dx=L20.9 separate_visit=no

    Instead:
        96372 dx=L20.9

    References:
        CMS, Medicare Claims Processing Manual, chapter 12, section 30.6.6.
    """
    visit = pl.col(c.CODE).is_in(sorted(EM))
    alone = pl.len().over(DAY) == 1
    return lines.filter(visit & has_modifier("25") & pl.col(c.DOC_SEPARATE_VISIT).eq(other=False) & ~alone)
