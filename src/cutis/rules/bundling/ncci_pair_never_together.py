"""A PTP edit that no modifier bypasses."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.pairs import BYPASSED, pairs_on_day
from cutis.rules._shared.ptp import borrowed_remark, procedures_only, severity_of


@rule(
    "ncci-pair-never-together",
    scope=Scope.DAY,
    severity=Severity.ERROR,
    evidence=Evidence.CMS_FILE,
    authority="CMS NCCI procedure-to-procedure edits, practitioner; NCCI policy manual, chapter I",
    url="https://www.cms.gov/medicare/coding-billing/national-correct-coding-initiative-ncci-edits",
    carc="236",
    since="0.1.0",
    tables=("ptp",),
    fix=FixKind.NEEDS_CHART,
    fix_text="Report only the one that describes what was done; {code} is not paid beside {code_one} and an appeal by modifier fails.",
    question="Which one of {code_one} and {code} describes the service as documented?",
    message="{code} is never paid beside {code_one} on the same day (indicator 0){helped}.",
    facts=("NC-01", "DS-02", "NL-01", "RP-08", "NC-11"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Two codes of a bundling edit that admits no exception stand on one day.

    What it finds:
        The column-two line of an edit with indicator 0, with or without modifiers.

    Why:
        No modifier bypasses an edit with indicator 0: the column-two code is denied, and putting 59 on it only draws
        attention.

    Example:
        11721 dx=B35.1
        11720 59 dx=B35.1

    Instead:
        11721 dx=B35.1

    References:
        CMS, National Correct Coding Initiative policy manual for Medicare services, chapter I, section E.
    """
    pairs = procedures_only(pairs_on_day(lines, ref), pl.col("indicator") == 0)
    helped = pl.when(pl.col(BYPASSED)).then(pl.lit("; no modifier changes that")).otherwise(pl.lit(""))
    remark = pl.concat_str(helped, borrowed_remark())
    return pairs.with_columns(remark.alias("helped"), severity_of()).drop(c.MODIFIERS)
