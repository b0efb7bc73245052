"""A PTP edit that a modifier may bypass, and none does."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Outcome, Scope, Severity, rule
from cutis.rules._shared.pairs import BYPASSED, pairs_on_day
from cutis.rules._shared.ptp import not_in_force, procedures_only


@rule(
    "ncci-pair-without-modifier",
    scope=Scope.DAY,
    severity=Severity.ERROR,
    evidence=Evidence.CMS_FILE,
    authority="CMS NCCI procedure-to-procedure edits, practitioner; NCCI policy manual, chapter I",
    url="https://www.cms.gov/medicare/coding-billing/national-correct-coding-initiative-ncci-edits",
    carc="236",
    since="0.1.0",
    tables=("ptp",),
    fix=FixKind.NEEDS_CHART,
    fix_text="If the chart shows separate lesions or sites, put XS or 59 on {code} (the column-two line); else take {code} off.",
    question="Were {code} and {code_one} done on different lesions, sites or at different times, and where does the note say so?",
    message="{code} is part of {code_one} on the same day unless a modifier says it was separate (indicator 1), and none does.",
    facts=("NC-01", "NC-02", "NC-03", "NC-04", "BX-08", "BX-10", "DS-07", "TG-02", "ID-01", "DB-02"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame | Outcome:
    """Two codes of a bundling edit stand on one day without a modifier that separates them.

    What it finds:
        The column-two line of an edit with indicator 1 where neither line carries a bypass modifier.

    Why:
        The payer takes the column-two code as included in the column-one code and denies it. The edit may be bypassed
        where the two were separate: another lesion, another site, another session.

    Example:
        11102 dx=D49.2
        17000 dx=L57.0

    Instead:
        11102 dx=D49.2
        17000 59 dx=L57.0

    References:
        CMS, National Correct Coding Initiative policy manual for Medicare services, chapter I, section E.
    """
    pairs = procedures_only(pairs_on_day(lines, ref))
    return Outcome(
        pairs.filter(pl.col("indicator") == 1, ~pl.col(BYPASSED)).drop(c.MODIFIERS), not_in_force(lines, ref)
    )
