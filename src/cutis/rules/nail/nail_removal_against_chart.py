"""Permanent removal of a nail and its avulsion, billed the one for the other."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import said


@rule(
    "nail-removal-against-chart",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    evidence=Evidence.PUBLISHED,
    authority="AAPC coding guidance on avulsion and permanent removal of nails (the matrix tells them apart)",
    url="https://aapc.com/codes/coding-newsletters/my-primary-care-coding-alert/reader-question-nail-avulsion-and-excision-distinction-article",
    carc="150",
    since="0.1.0",
    needs=(c.DOC_METHOD,),
    codes=("11730", "11750"),
    fix=FixKind.NEEDS_CHART,
    fix_text="Report {right}, if the note says what became of the matrix.",
    question="Was the matrix of the nail destroyed or excised, so that it does not grow again?",
    message="{code} is billed, but the chart says that the matrix was {matrix}: that is {right}.",
    facts=("NL-03",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The code for a nail's removal does not fit what was done to its matrix.

    What it finds:
        11750 where the chart says that the matrix was left, and 11730 where it says that the matrix was destroyed or
        excised.

    Why:
        Permanent removal takes or destroys the matrix; an avulsion leaves it, and the nail grows again. The two differ
        in payment and in the global period.

    Example:
        11750 T5 dx=L60.0 method=partial_avulsion,_matrix_not_treated

    Instead:
        11730 T5 dx=L60.0 method=partial_avulsion,_matrix_not_treated

    References:
        AAPC, nail avulsion and excision distinction.
    """
    text = said()
    left = text.str.contains(
        r"\b(?:no|without|not a) (?:chemical |phenol )?matri[xc]\w*|matrix (?:was |is )?(?:left|not|intact|preserved|spared|untouched)|nail (?:will|should) (?:re)?grow"
    )
    treated = text.str.contains(
        r"matrixectomy|matricectomy|phenol|sodium hydroxide|matrix (?:was |is )?(?:\w+ ){0,2}(?:ablated|destroyed|excised|removed|cauteri[sz]ed|curetted)|(?:ablat|destr|excis)\w* of (?:the )?(?:nail )?matrix"
    )
    permanent = pl.col(c.CODE) == "11750"
    return lines.with_columns(
        pl.when(permanent).then(pl.lit("11730")).otherwise(pl.lit("11750")).alias("right"),
        pl.when(permanent).then(pl.lit("left")).otherwise(pl.lit("destroyed or excised")).alias("matrix"),
    ).filter(pl.when(permanent).then(left).otherwise(treated & ~left))
