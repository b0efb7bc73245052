"""An add-on code with none of its primaries on the day."""

import polars as pl

from cutis.reference.store import Reference
from cutis.rulekit import Evidence, Exposure, FixKind, Outcome, Scope, Severity, rule
from cutis.rules._shared.addons import before_first_release, judged


@rule(
    "add-on-without-primary",
    scope=Scope.DAY,
    severity=Severity.ERROR,
    exposure=Exposure.DENIAL,
    evidence=Evidence.CMS_FILE,
    authority="CMS NCCI add-on code edits; CMS relative value file (global days ZZZ)",
    url="https://www.cms.gov/medicare/coding-billing/national-correct-coding-initiative-ncci-edits/medicare-ncci-add-code-edits",
    carc="107",
    since="0.1.0",
    tables=("addon",),
    fix=FixKind.NEEDS_CHART,
    fix_text="Find the primary service ({primaries}) in the chart and report it, or take {code} off.",
    question="Which primary service was done on this day, and was it left off the claim?",
    message="{code} is an add-on code and stands without a primary on this day.",
    facts=("NC-10", "BX-04", "DS-04", "MO-06", "PA-05", "RP-07", "TG-01"),
)
def check(lines: pl.DataFrame, ref: Reference) -> Outcome:
    """An add-on code stands alone.

    What it finds:
        Add-on codes whose patient has, on that day with that provider, no code that any add-on may ride on.

    Why:
        An add-on code is paid only beside the primary service it adds to; alone it is denied.

    Example:
        17003 x2 dx=L57.0

    Instead:
        17000 dx=L57.0
        17003 x2 dx=L57.0

    References:
        CMS, NCCI add-on code edits, type 1, 2 and 3.
    """
    return Outcome(judged(lines, ref).filter(~pl.col("near")), before_first_release(lines, ref))
