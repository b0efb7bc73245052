"""A visit beside a minor procedure without modifier 25."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import (
    DAY,
    OTHER_LINES,
    Evidence,
    Exposure,
    FixKind,
    Outcome,
    Scope,
    Severity,
    any_modifier,
    narrow,
    rule,
)
from cutis.rules._shared.pairs import OF_VISIT, ONE, pairs_on_day
from cutis.rules._shared.ptp import not_in_force, severity_of
from cutis.rules._shared.visits import OFFICE, other_line, outside_fee, surgery_of_day, visits_of

# light treatment without surgical global days: CMS's pairs name only some of it, payers ask for 25 beside all
LIGHT = load_families().codes("phototherapy") | {"96567"}


@rule(
    "visit-without-25",
    scope=Scope.DAY,
    severity=Severity.ERROR,
    exposure=Exposure.DENIAL,
    evidence=Evidence.CMS_FILE,
    authority="CMS NCCI procedure-to-procedure edits (visits with procedures); CMS relative value file (global days 000 and 010); Medicare Claims Processing Manual, chapter 12, section 40.1",
    url="https://www.cms.gov/regulations-and-guidance/guidance/manuals/downloads/clm104c12.pdf",
    carc="97",
    since="0.1.0",
    tables=("ptp", "fee"),
    uses=(c.DOC_SEPARATE_VISIT,),
    fix=FixKind.NEEDS_CHART,
    fix_text="{advice}",
    question="What did the visit evaluate or manage beyond the decision to do {code_one}?",
    message="{code} stands beside {code_one} without 25 and is denied as part of it.",
    facts=("EM-01", "EM-06", "PH-02"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame | Outcome:
    """A visit stands beside a procedure without modifier 25.

    What it finds:
        Visits, of new patients too, beside a procedure of 0 or 10 global days or one that an edit bundles them into,
        carrying none of 24, 25, 27 and 57. Beside a procedure of 90 global days see `visit-decision-without-57`. Beside
        light treatment without global days and without an edit it is a warning.

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
    bare = ~any_modifier(("24", "25", "27", "57"))
    days = surgery_of_day(lines, ref)
    visits = visits_of(lines, ref).filter(bare)
    # beside a major procedure the modifier is 57, and two office visits of a day are a fault of their own
    open_days = days.filter("major")
    by_edit = _by_edit(lines, ref, bare).join(open_days, on=DAY, how="anti", maintain_order="left")
    rest = visits.join(by_edit, on=[c.CLAIM_INDEX, c.LINE], how="anti", maintain_order="left")
    minor = days.filter("minor", ~pl.col("major")).with_columns(pl.col("surgery").alias(c.CODE + ONE))
    by_period = rest.join(minor, on=DAY, how="inner", maintain_order="left").with_columns(
        other_line().alias(OTHER_LINES)
    )
    rest = rest.join(days, on=DAY, how="anti", maintain_order="left")
    light = narrow(lines, (DAY, pl.col(c.CODE).alias(c.CODE + ONE)), pl.col(c.CODE).is_in(LIGHT))
    by_light = rest.join(
        light.unique(DAY, keep="first", maintain_order=True), on=DAY, how="inner", maintain_order="left"
    ).with_columns(pl.lit(Severity.WARNING.value).alias("severity"))
    by_edit = by_edit.with_columns(severity_of())
    parts = [
        p.with_columns(
            pl.col("severity") if "severity" in p.columns else pl.lit(Severity.ERROR.value).alias("severity")
        )
        for p in (by_edit, by_period, by_light)
    ]
    found = pl.concat(parts, how="diagonal").with_columns(_advice(lines).alias("advice"))
    unknown = pl.concat([not_in_force(lines, ref), outside_fee(visits, ref)]).unique(
        [c.CLAIM_INDEX, c.LINE], keep="first", maintain_order=True
    )
    return Outcome(found.select(pl.exclude(c.MODIFIERS)), unknown)


def _by_edit(lines: pl.DataFrame, ref: Reference, bare: pl.Expr) -> pl.DataFrame:
    """Bare visits in column two of an edit, once each."""
    both_office = pl.col(c.CODE).is_in(OFFICE) & pl.col(c.CODE + ONE).is_in(OFFICE)
    pairs = pairs_on_day(lines, ref).filter(pl.col(OF_VISIT), ~both_office, bare)
    ordered = pairs.sort(c.CLAIM_INDEX, c.LINE, c.CODE + ONE)
    return ordered.unique([c.CLAIM_INDEX, c.LINE], keep="first", maintain_order=True)


def _advice(lines: pl.DataFrame) -> pl.Expr:
    asked = pl.format(
        "If the note shows a significant, separate evaluation, put 25 on {}; the decision for the procedure itself is not one. Else take {} off.",
        c.CODE,
        c.CODE,
    )
    if c.DOC_SEPARATE_VISIT not in lines.columns:
        return asked
    separate = pl.col(c.DOC_SEPARATE_VISIT)
    return (
        pl.when(separate)
        .then(pl.format("The chart shows a separate evaluation: 25 on {} states that.", c.CODE))
        .when(~separate)
        .then(pl.format("Take {} off: the chart shows no evaluation beyond the procedure.", c.CODE))
        .otherwise(asked)
    )
