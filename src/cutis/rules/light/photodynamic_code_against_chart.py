"""A photodynamic therapy code that does not fit who did what."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import said


@rule(
    "photodynamic-code-against-chart",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    evidence=Evidence.RECALLED,
    authority="CPT photodynamic therapy codes (staff, physician, physician with debridement), restated from knowledge",
    carc="150",
    since="0.1.0",
    needs=(c.DOC_METHOD,),
    codes=("96567", "96573", "96574"),
    fix=FixKind.NEEDS_CHART,
    fix_text="Report {right}, if the note says who applied the drug and what was done to the lesions first.",
    question="Who applied the photosensitizer, and were the lesions curetted or debrided first?",
    message="The chart describes {right}; billed is {code}.",
    facts=("PD-01",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The photodynamic therapy code does not fit who applied it and what was done first.

    What it finds:
        96573 and 96574 where the chart says that staff applied the drug; 96567 where the physician did; 96573 where
        the lesions were curetted or debrided first; 96574 where they were not.

    Why:
        The three codes part by who applies the drug and whether the physician debrides the lesions. The chart decides.

    Example:
        96573 dx=L57.0 method=applied_by_medical_assistant

    Instead:
        96567 dx=L57.0 method=applied_by_medical_assistant

    References:
        CPT, photodynamic therapy (restated).
    """
    text = said()
    staff = text.str.contains(
        r"(?:by|to):? (?:the |a )?(?:medical assistant|staff|nurse|\bma\b|technician)|(?:assistant|staff|nurse) appl"
    )
    physician = text.str.contains(
        r"(?:by|to):? (?:the |a )?(?:physician|dermatologist|provider|\bmd\b)|(?:physician|dermatologist|provider) appl"
    )
    # with words between, as in "physician curetted the lesions and applied the drug", where nobody else is named
    physician = physician | (
        text.str.contains(r"(?:physician|dermatologist|provider) (?:\w+ ){1,8}appl(?:ied|ies)")
        & ~text.str.contains(r"assistant|staff|nurse|\bma\b|technician")
    )
    none = text.str.contains(r"(?:no|without) (?:\w+ ){0,2}(?:debrid|curett)")
    debrided = text.str.contains(r"debrid|curett") & ~none
    done = pl.when(debrided).then(pl.lit("96574")).when(none | (pl.col(c.CODE) == "96567")).then(pl.lit("96573"))
    right = pl.when(staff & ~physician).then(pl.lit("96567")).when(physician | (pl.col(c.CODE) != "96567")).then(done)
    return lines.with_columns(right.alias("right")).filter(pl.col("right") != pl.col(c.CODE))
