"""A visit beside a procedure of 90 global days without modifier 57."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import (
    DAY,
    OTHER_LINES,
    Evidence,
    Exposure,
    FixKind,
    Scope,
    Severity,
    any_modifier,
    has_modifier,
    on_days,
    rule,
)
from cutis.rules._shared.visits import other_line, surgery_of_day, visits_of


@rule(
    "visit-decision-without-57",
    scope=Scope.DAY,
    severity=Severity.ERROR,
    exposure=Exposure.DENIAL,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 12, section 40.2 (modifier 57)",
    url="https://www.cms.gov/regulations-and-guidance/guidance/manuals/downloads/clm104c12.pdf",
    carc="97",
    since="0.1.0",
    tables=("fee",),
    uses=(c.DOC_DECISION, c.DOC_SEPARATE_VISIT),
    fix=FixKind.NEEDS_CHART,
    fix_text="If the decision for {surgery} was made at this visit, put 57 on {code}; 25 states an evaluation of something else.",
    question="Was the decision for {surgery} made at this visit, today or yesterday?",
    message="{code} stands beside {surgery}, which has 90 global days, without 57{remark}.",
    facts=("EM-02",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A visit stands beside major surgery without modifier 57.

    What it finds:
        Visits on the day of a procedure with 90 global days that carry neither 57 nor 24: an error without 25 or where
        the chart names the decision for surgery, a warning with 25, nothing where the chart shows 25 to be right.

    Why:
        The global package of major surgery includes visits of the day before and the day itself. Only the visit at which
        surgery was decided is paid, and 57 says so; 25 does not.

    Example:
        99204 25 dx=C44.329
        14041 dx=C44.329

    Instead:
        99204 57 dx=C44.329
        14041 dx=C44.329

    References:
        CMS, Medicare Claims Processing Manual, chapter 12, section 40.2.
    """
    days = surgery_of_day(lines, ref).filter("major")
    visits = on_days(visits_of(lines, ref), days[DAY])
    found = visits.filter(~any_modifier(("57", "24"))).join(days, on=DAY, how="inner", maintain_order="left")
    decision = _known(found, c.DOC_DECISION)
    apart = has_modifier("25") & _known(found, c.DOC_SEPARATE_VISIT) & ~decision
    sure = decision | ~has_modifier("25")
    remark = (
        pl.when(sure).then(pl.lit("")).otherwise(pl.lit("; 25 is right only for an evaluation apart from the surgery"))
    )
    return found.filter(~apart).with_columns(
        other_line().alias(OTHER_LINES),
        remark.alias("remark"),
        pl.when(sure).then(pl.lit(Severity.ERROR.value)).otherwise(pl.lit(Severity.WARNING.value)).alias("severity"),
    )


def _known(lines: pl.DataFrame, column: str) -> pl.Expr:
    """A chart fact that is stated and true."""
    return pl.col(column).fill_null(value=False) if column in lines.columns else pl.lit(value=False)
