"""An add-on code beside a primary of its kind, but not one of its own."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import OTHER_LINES, Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.addons import judged


@rule(
    "add-on-under-wrong-primary",
    scope=Scope.DAY,
    severity=Severity.ERROR,
    evidence=Evidence.CMS_FILE,
    authority="CMS NCCI add-on code edits",
    url="https://www.cms.gov/medicare/coding-billing/national-correct-coding-initiative-ncci-edits/medicare-ncci-add-code-edits",
    carc="107",
    since="0.1.0",
    tables=("addon",),
    fix=FixKind.NEEDS_CHART,
    fix_text="{code} belongs under {primaries}; check which of the two codes the chart supports.",
    question="Which technique, length or site does the note document for each of {beside} and {code}?",
    message="{code} is an add-on to {primaries}, not to {beside}.",
    facts=("BX-04", "MO-06", "RP-07"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """An add-on code stands under a primary it does not belong to.

    What it finds:
        Add-on codes whose own primaries are absent while a sibling of them, from the same run of codes, is present.

    Why:
        The pair does not describe one service: either the add-on or the primary is the wrong code, and the add-on is
        denied.

    Example:
        13131 dx=S01.411A
        13133 dx=S01.411A

    Instead:
        13132 dx=S01.411A
        13133 dx=S01.411A

    References:
        CMS, NCCI add-on code edits.
    """
    found = judged(lines, ref).filter("near")
    return found.with_columns(pl.col("near_lines").alias(OTHER_LINES), pl.col(c.CODE))
