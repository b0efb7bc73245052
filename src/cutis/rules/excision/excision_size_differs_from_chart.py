"""An excision code of another size than the chart's."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule


@rule(
    "excision-size-differs-from-chart",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="CPT guideline on measuring excisions (lesion and twice the narrowest margin), restated",
    carc="150",
    since="0.1.0",
    needs=(c.DOC_SIZE_CM,),
    codes=load_families().codes("excision"),
    fix=FixKind.NEEDS_CHART,
    fix_text="{doc_size_cm} cm is {right}; the diameter is the lesion and twice the narrowest margin, measured before the excision.",
    question="What are the greatest diameter of the lesion and the narrowest margin, measured before excision?",
    message="The chart gives {doc_size_cm} cm excised; that is {right}, not {code}.",
    facts=("EX-01", "EX-02", "EX-04", "EX-05"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The excised diameter of the chart is in another size band than the code.

    What it finds:
        114xx and 116xx codes whose size band does not hold the documented excised diameter.

    Why:
        The code is chosen by the excised diameter in bands that end at 0.5, 1, 2, 3 and 4 cm. A band too high
        is overpayment; margins left out are money lost.

    Example:
        11602 dx=C44.519 size_cm=0.9

    Instead:
        11601 dx=C44.519 size_cm=0.9

    References:
        CPT, excision of skin lesions (restated).
    """
    sized = lines.filter(pl.col(c.DOC_SIZE_CM).is_not_null())
    size = pl.col(c.DOC_SIZE_CM)
    band = (
        pl.when(size <= 0.5)
        .then(0)
        .when(size <= 1)
        .then(1)
        .when(size <= 2)
        .then(2)
        .when(size <= 3)
        .then(3)
        .when(size <= 4)
        .then(4)
        .otherwise(6)
    )
    right = pl.concat_str(pl.col(c.CODE).str.head(4), band.cast(pl.String))
    return sized.with_columns(right.alias("right")).filter(pl.col("right") != pl.col(c.CODE))
