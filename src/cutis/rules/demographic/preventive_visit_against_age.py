"""A preventive visit code of another age."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule

_BANDS = ((0, 0), (1, 4), (5, 11), (12, 17), (18, 39), (40, 64), (65, 130))
AGES = {f"99{group}{n}": band for group in ("38", "39") for n, band in enumerate(_BANDS, 1)}


@rule(
    "preventive-visit-against-age",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    evidence=Evidence.PUBLISHED,
    authority="CPT preventive medicine codes by age, restated",
    carc="6",
    since="0.1.0",
    needs=(c.PATIENT_BIRTH,),
    codes=AGES,
    fix=FixKind.NEEDS_CHART,
    fix_text="Use the code of the patient's age.",
    question="How old was the patient on the day of service?",
    message="{code} is for ages {from_age} to {to_age}, and the patient was {age}.",
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The preventive visit code is for another age.

    What it finds:
        99381 to 99387 and 99391 to 99397 where the patient's age on the day is outside the code's.

    Why:
        The codes differ only by age, so the payer denies one that does not fit the birth date.

    Example:
        99396 dx=Z00.00 born=1950-01-01 payer=commercial

    Instead:
        99397 dx=Z00.00 born=1950-01-01 payer=commercial

    References:
        CPT, preventive medicine services (ages restated).
    """
    born, day = pl.col(c.PATIENT_BIRTH), pl.col(c.SERVICE_FROM)
    had = (day.dt.month() > born.dt.month()) | ((day.dt.month() == born.dt.month()) & (day.dt.day() >= born.dt.day()))
    age = day.dt.year() - born.dt.year() - (~had).cast(pl.Int32)
    band = {code: a for code, (a, _) in AGES.items()}, {code: b for code, (_, b) in AGES.items()}
    aged = lines.filter(born.is_not_null()).with_columns(
        age.alias("age"),
        pl.col(c.CODE).replace_strict(band[0], return_dtype=pl.Int32).alias("from_age"),
        pl.col(c.CODE).replace_strict(band[1], return_dtype=pl.Int32).alias("to_age"),
    )
    return aged.filter(~pl.col("age").is_between(pl.col("from_age"), pl.col("to_age")))
