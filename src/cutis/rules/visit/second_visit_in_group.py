"""Two office visits of one day by two physicians of one specialty in a group."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, on_days, past, rule, seen_by_others
from cutis.rules._shared.globals import NEEDS
from cutis.rules._shared.visits import OFFICE


@rule(
    "second-visit-in-group",
    scope=Scope.HISTORY,
    severity=Severity.WARNING,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 12, section 30.6.5 (physicians of one group and specialty bill as one)",
    url="https://www.cms.gov/regulations-and-guidance/guidance/manuals/downloads/clm104c12.pdf",
    carc="97",
    since="0.1.0",
    needs=NEEDS,
    fix=FixKind.NEEDS_CHART,
    fix_text="Bill one visit at the level that the work of both supports, unless the problems were unrelated.",
    question="Were the two visits for unrelated problems, and does each note show it?",
    message="{code} is a second office visit of the day in the same group and specialty.",
    facts=("EM-07",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Two physicians of a group and specialty bill an office visit each on one day.

    What it finds:
        A second office visit for a patient on one day, billed by the same group under another rendering provider of
        the same specialty.

    Why:
        Physicians of one group and specialty are paid as though they were one. The second visit is denied unless for
        an unrelated problem.

    Example:
        99213 dx=L40.0 npi=1245319599 billing=1234567893 taxonomy=207N00000X
        99214 dx=L40.0 taxonomy=207N00000X

    Instead:
        99213 dx=L40.0 npi=1245319599 billing=1234567893 taxonomy=207R00000X
        99214 dx=L40.0 taxonomy=207N00000X

    References:
        CMS, Medicare Claims Processing Manual, chapter 12, section 30.6.5.
    """
    days = on_days(lines, seen_by_others(lines))
    visits = days.filter(pl.col(c.CODE).is_in(OFFICE)).filter(pl.col(c.TAXONOMY).is_not_null())
    key = [c.PATIENT_KEY, c.BILLING_NPI, c.TAXONOMY, c.SERVICE_FROM]
    many = visits.filter(pl.struct(key).is_duplicated())
    # the highest level stays, whatever the order of the lines
    many = many.sort(past(), c.CODE, c.RENDERING_NPI, descending=[True, True, False], maintain_order=True)
    first = many.with_columns(pl.col(c.RENDERING_NPI).first().over(key).alias("_first"))
    return first.filter(pl.col(c.RENDERING_NPI) != pl.col("_first")).unique(
        [*key, c.RENDERING_NPI], keep="first", maintain_order=True
    )
