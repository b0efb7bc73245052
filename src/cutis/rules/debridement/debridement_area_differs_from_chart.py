"""Units of a debridement that do not follow from its area."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.areas import Step, differing

STEPS = {
    "97597": Step("97598", 20, 20),
    "11042": Step("11045", 20, 20),
    "11043": Step("11046", 20, 20),
    "11044": Step("11047", 20, 20),
}


@rule(
    "debridement-area-differs-from-chart",
    scope=Scope.DAY,
    severity=Severity.WARNING,
    evidence=Evidence.RECALLED,
    authority="CPT areas of debridement (first 20 sq cm, each further 20), restated from knowledge",
    carc="151",
    since="0.1.0",
    needs=(c.DOC_AREA_SQCM,),
    codes=(*STEPS, *(s.add_on for s in STEPS.values())),
    fix=FixKind.NEEDS_CHART,
    fix_text="Report {right}.",
    question="What is the summed area of the wounds debrided to this depth?",
    message="{area} sq cm is {right}; billed is {billed}.",
    facts=("DB-01",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The units of the debridement do not follow from the area in the chart.

    What it finds:
        Debridements (97597, 11042 to 11044) whose add-on units are not each further 20 square cm beyond the first 20.

    Why:
        Areas of wounds at the same depth are added; the first 20 square cm are the primary code, each further 20 or part of it one unit of the add-on.

    Example:
        11042 dx=L97.511 area_sqcm=30

    Instead:
        11042 dx=L97.511 area_sqcm=30
        11045 dx=L97.511 area_sqcm=30

    References:
        CPT, debridement (restated).
    """
    return differing(lines, STEPS)
