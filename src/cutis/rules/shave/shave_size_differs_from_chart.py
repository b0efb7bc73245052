"""A shave code of another size than the chart's."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import band

CODES = load_families().codes("shave")
ENDS = (0.5, 1.0, 2.0, None)
SERIES = ("11300", "11305", "11310")


@rule(
    "shave-size-differs-from-chart",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="CPT size bands of shaves (lesion diameter without margin), restated; published guidance on measuring lesions",
    url="https://www.hmpgloballearningnetwork.com/site/thederm/site/cathlab/event/size-matters",
    carc="150",
    since="0.1.0",
    needs=(c.DOC_SIZE_CM,),
    codes=CODES,
    fix=FixKind.NEEDS_CHART,
    fix_text="{doc_size_cm} cm is {right}; a shave is sized by the lesion alone, without margin.",
    question="What is the greatest diameter of the lesion, without margin?",
    message="The chart gives {doc_size_cm} cm; that is {right}, not {code}.",
    facts=("SH-01", "EX-02"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The lesion's diameter in the chart is in another band than the shave code.

    What it finds:
        Shave codes whose size band (0.5, 1 and 2 cm) does not hold the documented diameter of the lesion.

    Why:
        Shaves are sized by the lesion alone, without margin. A band too high is overpaid and recovered.

    Example:
        11307 dx=D22.71 size_cm=0.8

    Instead:
        11306 dx=D22.71 size_cm=0.8

    References:
        HMP Global, Size Matters; CPT, shaving of lesions (restated).
    """
    sized = lines.filter(pl.col(c.DOC_SIZE_CM).is_not_null())
    right = pl.coalesce(
        pl.when(pl.col(c.CODE).is_between(pl.lit(first), pl.lit(str(int(first) + 3)))).then(
            band(pl.col(c.DOC_SIZE_CM), [(end, str(int(first) + n)) for n, end in enumerate(ENDS)])
        )
        for first in SERIES
    )
    return sized.with_columns(right.alias("right")).filter(pl.col("right") != pl.col(c.CODE))
