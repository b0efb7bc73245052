"""Units of a skin graft that do not follow from its area."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.areas import Step, differing

FULL = {first: Step(str(int(first) + 1), 20, 20) for first in ("15200", "15220", "15240", "15260")}
SPLIT = {first: Step(str(int(first) + 1), 100, 100) for first in ("15100", "15120")}
STEPS = FULL | SPLIT


@rule(
    "graft-area-differs-from-chart",
    scope=Scope.DAY,
    severity=Severity.WARNING,
    evidence=Evidence.RECALLED,
    authority="CPT areas of grafts (full thickness by 20 sq cm, split thickness by 100), restated from knowledge",
    carc="151",
    since="0.1.0",
    needs=(c.DOC_AREA_SQCM,),
    uses=(c.PATIENT_BIRTH,),
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
        Full-thickness grafts (15200 to 15261) whose add-on units are not each further 20 sq cm beyond the first 20, and
        split-thickness grafts (15100, 15101, 15120, 15121) likewise by 100 sq cm. Infants and children, whose split
        grafts go by the part of the body, are left out.

    Why:
        The first 20 (100) sq cm are the primary code, each further 20 (100) or part of it one unit of the add-on. The
        donor site's closure is included.

    Example:
        15240 dx=C44.319 area_sqcm=25

    Instead:
        15240 dx=C44.319 area_sqcm=25
        15241 dx=C44.319 area_sqcm=25

    References:
        CPT, skin grafts (restated).
    """
    if c.PATIENT_BIRTH in lines.columns:
        child = pl.col(c.SERVICE_FROM) < pl.col(c.PATIENT_BIRTH).dt.offset_by("10y")
        split = pl.col(c.CODE).is_in([k for first, step in SPLIT.items() for k in (first, step.add_on)])
        lines = lines.filter(~(split & child).fill_null(value=False))
    return differing(lines, STEPS)
