"""76 or 77 with nothing to repeat."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, Stake, any_modifier, rule


@rule(
    "repeat-modifier-without-first",
    scope=Scope.HISTORY,
    severity=Severity.INFO,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 12 (76, 77); NCCI policy manual, chapter I",
    carc="4",
    since="0.1.0",
    modifiers=("76", "77"),
    stake=Stake.NONE,
    fix=FixKind.NEEDS_CHART,
    fix_text="For a later session in a global period the modifier is 58 (planned) or 79 (unrelated), not {modifier}.",
    question="Was the same procedure done earlier on this day?",
    message="{modifier} on {code}: no other line of the day has the code, in this input or the history given.",
    facts=("EM-04",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A repeat modifier where nothing is repeated.

    What it finds:
        76 or 77 on a code that stands on no other line of the patient's day.

    Why:
        76 and 77 say that the same procedure was repeated, normally on the same day. A session weeks later in a global
        period is 58 or 79.

    Example:
        17000 76 dx=L57.0

    Instead:
        17000 79 dx=L57.0

    References:
        CMS, Medicare Claims Processing Manual, chapter 12.
    """
    marked = any_modifier(("76", "77"))
    few = lines.join(lines.filter(marked).select(c.PATIENT_KEY).unique(), on=c.PATIENT_KEY, how="semi")
    alone = pl.len().over(c.PATIENT_KEY, c.SERVICE_FROM, c.CODE) == 1
    which = pl.coalesce(pl.when(pl.col(m).is_in(["76", "77"])).then(pl.col(m)) for m in c.MODIFIERS)
    return few.filter(alone & marked).with_columns(which.alias("modifier"))
