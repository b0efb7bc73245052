"""A malignant destruction code of another size than the chart's."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import band

BANDS = ((0.5, "0"), (1.0, "1"), (2.0, "2"), (3.0, "3"), (4.0, "4"), (None, "6"))


@rule(
    "malignant-destruction-size-differs-from-chart",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="CPT size bands of malignant destruction (lesion diameter), restated; published guidance on measuring lesions",
    url="https://www.hmpgloballearningnetwork.com/site/thederm/site/cathlab/event/size-matters",
    carc="150",
    since="0.1.0",
    needs=(c.DOC_SIZE_CM,),
    codes=load_families().codes("malignant_destruction"),
    fix=FixKind.NEEDS_CHART,
    fix_text="{doc_size_cm} cm is {right}; measure the lesion before treatment, without margin.",
    question="What was the greatest diameter of the lesion before treatment?",
    message="The chart gives {doc_size_cm} cm; that is {right}, not {code}.",
    facts=("DS-08", "EX-02"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The lesion's diameter in the chart is in another band than the code.

    What it finds:
        17260 to 17286 whose band (0.5, 1, 2, 3 and 4 cm) does not hold the documented diameter.

    Why:
        The lesion is measured before treatment, without margin and without what curettage laid open. A band too
        high is overpaid.

    Example:
        17263 dx=C44.519 size_cm=1.2

    Instead:
        17262 dx=C44.519 size_cm=1.2

    References:
        HMP Global, Size Matters; CPT, destruction of malignant lesions (restated).
    """
    sized = lines.filter(pl.col(c.DOC_SIZE_CM).is_not_null())
    right = pl.concat_str(pl.col(c.CODE).str.head(4), band(pl.col(c.DOC_SIZE_CM), BANDS))
    return sized.with_columns(right.alias("right")).filter(pl.col("right") != pl.col(c.CODE))
