"""An anal or penile destruction code of another method than the chart's."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import affirmed

METHOD = {
    "46900": "chemical", "46910": "electrodesiccation", "46916": "cryosurgery", "46917": "laser surgery",
    "46922": "surgical excision", "54050": "chemical", "54055": "electrodesiccation", "54056": "cryosurgery",
    "54057": "laser surgery", "54060": "surgical excision",
}  # fmt: skip
WORDS = {
    "chemical": r"podophyll|podofilox|\btca\b|\bbca\b|chloroacetic|canthar|chemical|acid appl|imiquimod applied",
    "electrodesiccation": r"electrodesic|electrosurg|electrocaut|fulgur|hyfrec|desiccat|cauter",
    "cryosurgery": r"cryo|fr[eo]ez|froze|liquid nitrogen|\bln2\b",
    "laser surgery": r"laser",
    "surgical excision": r"excis|scissor|snip|shav|scalpel",
}


@rule(
    "destruction-method-against-chart",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="CPT codes of simple destruction of anal and penile lesions by method, restated; AAPC dermatology coding alert",
    carc="150",
    since="0.1.0",
    needs=(c.DOC_METHOD,),
    uses=(c.DOC_DRUG,),
    codes=METHOD,
    fix=FixKind.NEEDS_CHART,
    fix_text="By the method: chemical 46900 or 54050, electrodesiccation 46910 or 54055, cryosurgery 46916 or 54056, laser 46917 or 54057, excision 46922 or 54060.",
    question="By which method were the lesions destroyed, and were they few or extensive?",
    message="{code} is {billed}, but the chart says {named}.",
    facts=("DS-08",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The code of an anal or penile destruction names another method than the chart.

    What it finds:
        Codes of simple destruction at anus and penis, which differ by method, where the chart names one other method.

    Why:
        Elsewhere the method does not matter; here each has its code and its price.

    Example:
        54050 dx=A63.0 method=frozen_with_liquid_nitrogen

    Instead:
        54056 dx=A63.0 method=frozen_with_liquid_nitrogen

    References:
        CPT, destruction of lesions of anus and penis (restated).
    """
    text = affirmed()
    if c.DOC_DRUG in lines.columns:
        text = pl.concat_str(text, affirmed(c.DOC_DRUG), separator="; ", ignore_nulls=True)
    hits = [pl.when(text.str.contains(pattern)).then(pl.lit(name)) for name, pattern in WORDS.items()]
    named = pl.concat_str(hits, separator=" and ", ignore_nulls=True).alias("named")
    billed = pl.col(c.CODE).replace_strict(METHOD, return_dtype=pl.String).alias("billed")
    told = lines.with_columns(named, billed)
    return told.filter(pl.col("named").is_in(list(WORDS)), pl.col("named") != pl.col("billed"))
