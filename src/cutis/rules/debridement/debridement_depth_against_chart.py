"""A debridement code of another depth than the chart."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import said

ADD_ONS = {"97598": "97597", "11045": "11042", "11046": "11043", "11047": "11044"}

TISSUES = r"(?:bone|muscle|fascia|tendon)"
SPARED = (
    rf"\bno {TISSUES}(?:(?: or |, or |, |/){TISSUES})*"
    rf"|{TISSUES}(?:(?: and | or |, |/){TISSUES})* (?:was |were |is )?(?:not|intact|untouched|unaffected)\b[^.;,]*"
)


@rule(
    "debridement-depth-against-chart",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    evidence=Evidence.RECALLED,
    authority="CPT debridement guidelines (deepest layer removed), restated from knowledge",
    carc="150",
    since="0.1.0",
    needs=(c.DOC_METHOD,),
    codes=(*ADD_ONS, *ADD_ONS.values()),
    fix=FixKind.NEEDS_CHART,
    fix_text="Report {right} where that is the deepest tissue removed.",
    question="Which is the deepest tissue that was removed?",
    message="The deepest layer that the chart says was removed is {right}; billed is {code}.",
    facts=("DB-01",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The debridement is billed at another depth than the chart gives.

    What it finds:
        Debridement codes where the deepest layer that the chart says was removed is another: dermis (97597), subcutaneous tissue
        (11042), muscle or fascia (11043), bone (11044).

    Why:
        The code follows the deepest tissue removed, not the depth of the wound. A layer too deep is recovered in audits.

    Example:
        11043 dx=L97.511 method=debrided_to_subcutaneous_fat

    Instead:
        11042 dx=L97.511 method=debrided_to_subcutaneous_fat

    References:
        CPT, debridement (restated).
    """
    # a tissue that the chart says was not reached or not taken was not removed
    text = said().str.replace_all(SPARED, " ")
    layer = (
        pl.when(text.str.contains(r"\bbone\b"))
        .then(pl.lit("11044"))
        .when(text.str.contains(r"muscle|fascia|tendon"))
        .then(pl.lit("11043"))
        .when(text.str.contains(r"subcut|\bfat\b|adipose"))
        .then(pl.lit("11042"))
        .when(text.str.contains(r"dermis|dermal|epiderm|slough|fibrin|biofilm|eschar"))
        .then(pl.lit("97597"))
    )
    # words that only say how deep the wound is, or what was spared
    unsure = text.str.contains(r"wound (?:extends|to)|exposed|visible|not (?:to|into)|spar")
    own = pl.col(c.CODE).replace_strict(ADD_ONS, default=pl.col(c.CODE))
    return lines.with_columns(layer.alias("right")).filter(~unsure, pl.col("right") != own)
