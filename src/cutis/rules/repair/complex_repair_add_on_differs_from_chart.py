"""Add-on units of a long complex repair that do not follow from its length."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import DAY, Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import further

ADD_ON = {"13101": "13102", "13121": "13122", "13132": "13133", "13152": "13153"}
SERIES = {code: add_on for pair in ADD_ON.items() for code, add_on in ((pair[0], pair[1]), (pair[1], pair[1]))}
SIZED = (
    load_families().codes("excision") | load_families().codes("shave") | load_families().codes("malignant_destruction")
)


@rule(
    "complex-repair-add-on-differs-from-chart",
    scope=Scope.DAY,
    severity=Severity.WARNING,
    evidence=Evidence.RECALLED,
    authority="CPT add-ons of complex repair (each further 5 cm or part beyond 7.5 cm), restated from knowledge",
    carc="151",
    since="0.1.0",
    needs=(c.DOC_SIZE_CM,),
    codes=(*ADD_ON, *ADD_ON.values(), *SIZED),
    fix=FixKind.NEEDS_CHART,
    fix_text="Report {right} units of {add_on} beside the code of 2.6 to 7.5 cm.",
    question="What is the summed length of the complex repairs of this site group?",
    message="{doc_size_cm} cm gives {right} units of {add_on}; the day has {billed}.",
    facts=("RP-07",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The add-on of a complex repair does not follow from the length in the chart.

    What it finds:
        Complex repairs with a documented length where 13102, 13122, 13133 or 13153 has more or fewer units than
        each further 5 cm beyond 7.5 give.

    Why:
        Beyond 7.5 cm each further 5 cm or part of it is one unit of the add-on. Too many units are denied, missing
        ones are money lost.

    Example:
        13132 dx=S01.411A size_cm=9

    Instead:
        13132 dx=S01.411A size_cm=9
        13133 dx=S01.411A size_cm=9

    References:
        CPT, complex repair (restated).
    """
    sized = lines.filter(pl.col(c.DOC_SIZE_CM).is_not_null())
    removal = pl.col(c.CODE).is_in(sorted(SIZED))
    removed = sized.filter(removal).select(DAY, c.DOC_SIZE_CM).unique()
    repairs = sized.filter(~removal).join(removed, on=[DAY, c.DOC_SIZE_CM], how="anti", maintain_order="left")
    key = [DAY, "add_on"]
    extra = pl.col(c.CODE) == pl.col("add_on")
    own = repairs.with_columns(
        pl.col(c.CODE).replace_strict(SERIES, return_dtype=pl.String).alias("add_on")
    ).with_columns(
        pl.col(c.UNITS).filter(extra).sum().over(key).alias("billed"),
        pl.col(c.DOC_SIZE_CM).max().over(key),
    )
    right = further(pl.col(c.DOC_SIZE_CM), 7.5, 5)
    wrong = own.with_columns(right.alias("right")).filter(pl.col("right") != pl.col("billed"))
    # the add-on's line where there is one, whatever the order of the lines
    return wrong.sort(c.CODE, maintain_order=True).unique(key, keep="last", maintain_order=True)
