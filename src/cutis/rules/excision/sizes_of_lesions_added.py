"""A size code that fits only the sum of several lesions."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import said

ENDS = {"0": (0.0, 0.5), "1": (0.5, 1.0), "2": (1.0, 2.0), "3": (2.0, 3.0), "4": (3.0, 4.0), "6": (4.0, 99.0)}
_SIZED = load_families().codes("excision") | load_families().codes("malignant_destruction")
# the last digit of shaves starts again in each group of sites
_SHAVE = {f"113{n:02d}": str(k) for first in (0, 5, 10) for k, n in enumerate(range(first, first + 4))}
_DIGIT = {code: code[4] for code in sorted(_SIZED)} | _SHAVE
LOW = {code: ENDS[digit][0] for code, digit in _DIGIT.items()}
HIGH = {code: ENDS[digit][1] for code, digit in _DIGIT.items()} | {"11303": 99.0, "11308": 99.0, "11313": 99.0}


@rule(
    "sizes-of-lesions-added",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="AAPC coding guidance: sizes of separate lesions are not added",
    url="https://www.aapc.com/codes/coding-newsletters/my-general-surgery-coding-alert/reader-questions-adding-lesion-sizes-equals-bad-coding-article",
    carc="150",
    since="0.1.0",
    needs=(c.DOC_METHOD,),
    codes=LOW,
    fix=FixKind.NEEDS_CHART,
    fix_text="Report each lesion by its own size.",
    question="What is the size of each lesion?",
    message="{code} fits only the sum of {sizes} cm; each lesion has its own code by its own size.",
    facts=("EX-05",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The code fits the sum of the sizes of several lesions, and none of them.

    What it finds:
        Shaves, excisions and malignant destructions of one unit where the chart gives several sizes, the band of the code holds their sum, and
        holds none of them.

    Why:
        Each lesion has its own code by its own size. Sizes are never added, as lengths of repairs are.

    Example:
        11303 dx=D22.5 method=chest_1.4_and_1.6_cm,_shaved

    Instead:
        11302 dx=D22.5 method=chest_1.4_and_1.6_cm,_shaved
        11302 76 dx=D22.5 method=chest_1.4_and_1.6_cm,_shaved

    References:
        AAPC, adding lesion sizes equals bad coding.
    """
    sizes = (
        said()
        .str.extract_all(r"\d+(?:\.\d+)?(?:\s*(?:cm|,|and|&|\+)\s*)+")
        .list.eval(pl.element().str.extract(r"^(\d+(?:\.\d+)?)").cast(pl.Float64))
    )
    low = pl.col(c.CODE).replace_strict(LOW, return_dtype=pl.Float64)
    high = pl.col(c.CODE).replace_strict(HIGH, return_dtype=pl.Float64)
    several = said().str.contains(r"\bcm\b") & (sizes.list.len() > 1)
    sum_fits = (sizes.list.sum().round(4) > low) & (sizes.list.sum().round(4) <= high)
    none_fits = sizes.list.max() <= low
    found = lines.filter(several, sum_fits, none_fits, pl.col(c.UNITS) == 1)
    return found.with_columns(sizes.list.eval(pl.element().cast(pl.String)).list.join(" and ").alias("sizes"))
