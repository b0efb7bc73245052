"""50 with more than one unit."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, has_modifier, rule


@rule(
    "bilateral-modifier-with-units",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 12, section 40.7 (one line, one unit, modifier 50)",
    url="https://www.cms.gov/regulations-and-guidance/guidance/manuals/downloads/clm104c12.pdf",
    carc="151",
    since="0.1.0",
    modifiers=("50",),
    payers=("medicare",),
    fix=FixKind.NEEDS_CHART,
    fix_text="Report {code} with 50 and one unit for the two sides.",
    question="Was {code} done once on each side?",
    message="{code} with 50 has {units} units: 50 already says that it was done on both sides.",
    facts=("PY-04",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A bilateral line has more than one unit.

    What it finds:
        Lines with modifier 50 and more than one unit on Medicare claims.

    Why:
        Medicare pays 150 percent for one unit with 50. Two units state four sides, and are denied or cut.

    Example:
        67810 x2 50 dx=D48.5

    Instead:
        67810 50 dx=D48.5

    References:
        CMS, Medicare Claims Processing Manual, chapter 12, section 40.7.
    """
    return lines.filter(has_modifier("50"), pl.col(c.UNITS) > 1)
