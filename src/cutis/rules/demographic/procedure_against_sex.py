"""A procedure on organs of the other sex."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, Exposure, FixKind, Scope, Severity, has_modifier, rule


@rule(
    "procedure-against-sex",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    exposure=Exposure.DENIAL,
    evidence=Evidence.PUBLISHED,
    authority="CPT sections on male and female genital organs (code ranges), restated",
    carc="7",
    since="0.1.0",
    needs=(c.PATIENT_SEX,),
    fix=FixKind.NEEDS_CHART,
    fix_text="Correct the sex or the code; for a patient whose record differs from the organ, KX tells Medicare so.",
    question="Which organ was treated, and how is the patient's sex recorded with the payer?",
    message="{code} is of {organ} organs, and the patient is recorded as {patient_sex}.",
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The procedure is of an organ that the patient's recorded sex does not have.

    What it finds:
        Codes 54000 to 55899 for a patient recorded as F, and 56405 to 59899 for one recorded as M, without KX.

    Why:
        Payers deny such lines by a plain edit. In dermatology it is mostly a wrong code for condylomata or a genital
        biopsy.

    Example:
        54100 dx=D49.59 sex=F

    Instead:
        56605 dx=D49.59 sex=F

    References:
        CPT, male and female genital system (code ranges).
    """
    five = lines.filter(pl.col(c.CODE).str.starts_with("5"), pl.col(c.PATIENT_SEX).is_in(["F", "M"])).filter(
        ~has_modifier("KX")
    )
    male = pl.col(c.CODE).is_between(pl.lit("54000"), pl.lit("55899"))
    female = pl.col(c.CODE).is_between(pl.lit("56405"), pl.lit("59899"))
    is_male = pl.col(c.PATIENT_SEX) == "M"
    organ = pl.when(male).then(pl.lit("male")).otherwise(pl.lit("female"))
    return five.filter((male & ~is_male) | (female & is_male)).with_columns(organ.alias("organ"))
