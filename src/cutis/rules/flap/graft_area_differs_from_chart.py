"""Units of a full-thickness graft that do not follow from its area."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.areas import Step, differing

STEPS = {first: Step(str(int(first) + 1), 20, 20) for first in ("15200", "15220", "15240", "15260")}


@rule(
    "graft-area-differs-from-chart",
    scope=Scope.DAY,
    severity=Severity.WARNING,
    evidence=Evidence.RECALLED,
    authority="CPT areas of full-thickness grafts (first 20 sq cm, each further 20), restated from knowledge",
    carc="151",
    since="0.1.0",
    needs=(c.DOC_AREA_SQCM,),
    codes=(*STEPS, *(s.add_on for s in STEPS.values())),
    fix=FixKind.NEEDS_CHART,
    fix_text="Report {right}.",
    question="What is the area of the recipient site?",
    message="{area} sq cm is {right}; billed is {billed}.",
    facts=("GR-01",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The units of the graft do not follow from the area in the chart.

    What it finds:
        Full-thickness grafts (15200 to 15261) whose add-on units are not each further 20 sq cm beyond the first 20.

    Why:
        The first 20 sq cm are the primary code, each further 20 or part of it one unit of the add-on. The donor
        site's closure is included.

    Example:
        15240 dx=C44.319 area_sqcm=25

    Instead:
        15240 dx=C44.319 area_sqcm=25
        15241 dx=C44.319 area_sqcm=25

    References:
        CPT, skin grafts (restated).
    """
    return differing(lines, STEPS)
