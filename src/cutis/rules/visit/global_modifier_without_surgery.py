"""24, 58, 78 or 79 with no procedure before it whose global period is running."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Outcome, Scope, Severity, Stake, any_modifier, rule
from cutis.rules._shared.globals import LONGEST, NEEDS, USES, unknown_before, within_global
from cutis.rules._shared.modifiers import first_of
from cutis.rules._shared.visits import surgical

GLOBAL = ("24", "58", "78", "79")


@rule(
    "global-modifier-without-surgery",
    scope=Scope.HISTORY,
    severity=Severity.WARNING,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 12, sections 40.1 and 40.2 (24, 58, 78, 79 speak of a global period)",
    url="https://www.cms.gov/regulations-and-guidance/guidance/manuals/downloads/clm104c12.pdf",
    carc="4",
    since="0.1.0",
    modifiers=GLOBAL,
    needs=(*NEEDS, c.HISTORY_FROM),
    uses=USES,
    tables=("fee",),
    stake=Stake.NONE,
    fix=FixKind.NEEDS_CHART,
    fix_text="Take {modifier} off {code}, unless the group did a procedure in these days that the history does not hold.",
    question="Which procedure of the group is {modifier} about, and when was it done?",
    message="{modifier} on {code}: the history holds no procedure of the group and specialty whose global days are running.",
    facts=("GL-01", "EM-03", "EM-04"),
)
def check(lines: pl.DataFrame, ref: Reference) -> Outcome:
    """A global modifier stands where no global period runs.

    What it finds:
        24, 58, 78 or 79 on a day on which neither the input nor the history has a procedure of the same group and
        specialty with global days left, nor one on the day itself. Where the chart names the procedure, other rules speak.

    Why:
        The modifier explains a service within a global period. Where none runs some payers reject it, and 78 cuts the
        payment for no reason. Often it was copied from the visit before.

    Example:
        history: 17110 dx=B07.8 on=2026-05-01
        99213 24 dx=L23.0

    Instead:
        history: 17110 dx=B07.8 on=2026-07-10
        99213 24 dx=L23.0

    References:
        CMS, Medicare Claims Processing Manual, chapter 12, section 40.
    """
    marked = lines.filter(any_modifier(GLOBAL))
    if c.DOC_GLOBAL_CODE in marked.columns:
        marked = marked.filter(pl.col(c.DOC_GLOBAL_CODE).is_null())
    within = within_global(marked, lines, ref).select(c.CLAIM_INDEX, c.LINE)
    # 58 and 79 may also speak of a procedure of the day itself
    periods = surgical(ref, periods=("010", "090"))
    surgery = lines.filter(pl.col(c.CODE).is_in(periods.implode())).select(
        c.PATIENT_KEY, c.BILLING_NPI, c.SERVICE_FROM, pl.col(c.CODE).alias("_surgery")
    )
    day = marked.join(surgery, on=[c.PATIENT_KEY, c.BILLING_NPI, c.SERVICE_FROM], how="inner")
    day = day.filter(pl.col("_surgery") != pl.col(c.CODE)).select(c.CLAIM_INDEX, c.LINE)
    place = [c.CLAIM_INDEX, c.LINE]
    alone = marked.join(pl.concat([within, day]), on=place, how="anti", maintain_order="left")
    unknown = unknown_before(alone, f"-{LONGEST}d", f"{LONGEST} days", "procedures")
    found = alone.join(unknown.select(place), on=place, how="anti", maintain_order="left")
    return Outcome(found.with_columns(first_of(GLOBAL).alias("modifier")), unknown)
