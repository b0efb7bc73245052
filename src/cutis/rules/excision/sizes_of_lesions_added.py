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
MARGIN = r"\d+(?:\.\d+)?[ -]?(?:cm|mm)? (?:\w+ )?margins?|margins?:? (?:of |was |were )?\d+(?:\.\d+)? ?(?:cm|mm)"
EXCISION = sorted(load_families().codes("excision"))


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
    # the text without its margins, which are no lesion's size; with them a lesion's own size is larger by two of them
    plain = said().str.replace_all(MARGIN, " ")
    sizes = plain.str.extract_all(r"\d+(?:\.\d+)?(?:\s*(?:cm|,|and|&|\+)\s*)+").list.eval(
        pl.element().str.extract(r"^(\d+(?:\.\d+)?)").cast(pl.Float64)
    )
    low = pl.col(c.CODE).replace_strict(LOW, return_dtype=pl.Float64)
    high = pl.col(c.CODE).replace_strict(HIGH, return_dtype=pl.Float64)
    several = plain.str.contains(r"\bcm\b") & (sizes.list.len() > 1)
    excised = pl.col(c.CODE).is_in(EXCISION)
    margin = pl.when(excised).then(_margin()).otherwise(0.0)
    total = sizes.list.sum()
    sums = (total, total + 2 * margin * sizes.list.len())
    sum_fits = pl.any_horizontal((one.round(4) > low) & (one.round(4) <= high) for one in sums)
    none_fits = (sizes.list.max() + 2 * margin).round(4) <= low
    # margins without a number leave each lesion's own size open
    unknown = excised & plain.str.contains("margin")
    found = lines.filter(several, sum_fits, none_fits, ~unknown, pl.col(c.UNITS) == 1)
    return found.with_columns(sizes.list.eval(pl.element().cast(pl.String)).list.join(" and ").alias("sizes"))


def _margin() -> pl.Expr:
    """The widest margin in the text in cm; 0 where none is told."""
    each = said().str.extract_all(MARGIN)
    value = pl.element().str.extract(r"(\d+(?:\.\d+)?)").cast(pl.Float64)
    cm = each.list.eval(pl.when(pl.element().str.contains("mm")).then(value / 10).otherwise(value))
    return cm.list.max().fill_null(0.0)
