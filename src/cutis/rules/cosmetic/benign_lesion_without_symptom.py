"""A benign lesion removed with nothing that supports it."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, any_modifier, once_each, rule
from cutis.rules._shared.chart import shown

_FAMILIES = load_families()
CODES = frozenset().union(*(_FAMILIES.codes(f) for f in ("skin_tag", "shave", "benign_excision", "benign_destruction")))
# diagnoses that policies accept as the reason: symptoms, inflammation, infection, suspicion, history
SUPPORT = (
    r"\bL820|\bL29|\bL53|\bR58|\bR20|\bL08|\bL98|\bZ85|\bD48|\bD49|\bR23|\bL03|\bL89|\bH02|\bL92|\bM79|\bR52|\bS|\bT"
)


@rule(
    "benign-lesion-without-symptom",
    scope=Scope.LINE,
    severity=Severity.INFO,
    evidence=Evidence.RECALLED,
    authority="Common content of MAC policies on benign skin lesions (L34200, L33979, L35498 and others), recalled; import the article for your contractor",
    carc="50",
    since="0.1.0",
    uses=(c.DOC_INTENT,),
    codes=CODES,
    payers=("medicare",),
    fix=FixKind.NEEDS_CHART,
    fix_text="If the note records bleeding, itching, pain, inflammation, obstruction or suspicion, add its diagnosis; if not, it is the patient's to pay, with an ABN.",
    question="What symptom or finding of this lesion does the note record?",
    message="{code} points to {shown} alone; policies want a symptom or finding beside it.",
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A benign lesion is treated without a diagnosis that supports it.

    What it finds:
        Tags, shaves, benign excisions and destructions whose only diagnoses are seborrheic keratosis without
        inflammation, tag, angioma or lentigo, without a waiver modifier.

    Why:
        Removal of an asymptomatic benign lesion is denied as not necessary, or is cosmetic.

    Example:
        17110 dx=L82.1

    Instead:
        17110 dx=L82.0

    References:
        Medicare Coverage Database, policies on removal of benign skin lesions.
    """
    text = pl.concat_str(*(pl.col(d) for d in c.DIAGNOSES), separator=" ", ignore_nulls=True)
    weak = text.str.contains(r"\bL821|\bL918|\bD180[01]|\bL814|\bL850|\bL858|\bL819")
    support = text.str.contains(SUPPORT)
    excused = any_modifier(("GA", "GX", "GY", "GZ"))
    if c.DOC_INTENT in lines.columns:
        # a chart that states symptoms answers the question
        excused = excused | pl.col(c.DOC_INTENT).str.to_lowercase().str.contains("medical|symptom").fill_null(
            value=False
        )
    bare = once_each(lines, c.DIAGNOSES, weak & ~support).to_series()
    return lines.filter(bare).filter(~excused).with_columns(shown().alias("shown"))
