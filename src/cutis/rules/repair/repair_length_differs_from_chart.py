"""A repair code of another length than the chart's."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import DAY, Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import band

_LONG = (2.5, 7.5, 12.5, 20.0, 30.0, None)
_FACE = (2.5, 5.0, 7.5, 12.5, 20.0, 30.0, None)
_COMPLEX = (1.0, 2.5, None)
SERIES = (
    (_LONG, ["12001", "12002", "12004", "12005", "12006", "12007"]),
    (_FACE, ["12011", "12013", "12014", "12015", "12016", "12017", "12018"]),
    (_LONG, ["12031", "12032", "12034", "12035", "12036", "12037"]),
    (_LONG, ["12041", "12042", "12044", "12045", "12046", "12047"]),
    (_FACE, ["12051", "12052", "12053", "12054", "12055", "12056", "12057"]),
    (_COMPLEX, ["an intermediate repair", "13100", "13101"]),
    (_COMPLEX, ["an intermediate repair", "13120", "13121"]),
    (_COMPLEX, ["an intermediate repair", "13131", "13132"]),
    (_COMPLEX, ["an intermediate repair", "13151", "13152"]),
)
SERIES_OF = {code: n for n, (_, codes) in enumerate(SERIES) for code in codes if code.isdigit()}
SIZED = (
    load_families().codes("excision") | load_families().codes("shave") | load_families().codes("malignant_destruction")
)


@rule(
    "repair-length-differs-from-chart",
    scope=Scope.DAY,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="CPT length bands of repairs, restated; published coding guidance (HMP, AAPC)",
    url="https://www.hmpgloballearningnetwork.com/site/thederm/site/cathlab/event/size-matters",
    carc="150",
    since="0.1.0",
    needs=(c.DOC_SIZE_CM,),
    codes=(*SERIES_OF, *SIZED),
    fix=FixKind.NEEDS_CHART,
    fix_text="{doc_size_cm} cm is {right}, if that is the summed length of this class and site group.",
    question="What is the sum of the lengths of the repairs of this class and site group?",
    message="The chart gives {doc_size_cm} cm; that is {right}, not {code}.",
    facts=("RP-01", "RP-03"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The length in the chart is in another band than the repair code.

    What it finds:
        Simple, intermediate and complex repair codes whose band does not hold the documented length; complex
        repairs of less than 1.1 cm, which have no code. A size that the chart also gives an excision of the day is
        taken for the excision's.

    Why:
        Repairs are chosen by length, the sum within class and site group. A band too high is overpaid; complex
        repair begins at 1.1 cm.

    Example:
        12034 dx=S81.811A size_cm=7.5

    Instead:
        12032 dx=S81.811A size_cm=7.5

    References:
        HMP Global, Size Matters; AAPC, familiarize yourself with rules surrounding repair size.
    """
    sized = lines.filter(pl.col(c.DOC_SIZE_CM).is_not_null())
    removal = pl.col(c.CODE).is_in(sorted(SIZED))
    removed = sized.filter(removal).select(DAY, c.DOC_SIZE_CM).unique()
    repairs = sized.filter(~removal).join(removed, on=[DAY, c.DOC_SIZE_CM], how="anti", maintain_order="left")
    series = pl.col(c.CODE).replace_strict(SERIES_OF, return_dtype=pl.Int32)
    right = pl.coalesce(
        pl.when(series == n).then(band(pl.col(c.DOC_SIZE_CM), list(zip(ends, codes, strict=True))))
        for n, (ends, codes) in enumerate(SERIES)
    )
    return repairs.with_columns(right.alias("right")).filter(pl.col("right") != pl.col(c.CODE))
