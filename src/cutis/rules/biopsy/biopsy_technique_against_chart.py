"""A biopsy code of another technique than the chart's."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule

TECHNIQUE = {
    "11102": "tangential", "11103": "tangential", "11104": "punch", "11105": "punch", "11106": "incisional", "11107": "incisional",
}  # fmt: skip

WORDS = {
    "incisional": r"incisional|wedge|elliptical incision|incision into (?:the )?(?:fat|subcut)",
    "punch": r"punch",
    "tangential": r"shav|tangential|saucer|curett|scoop|snip",
}


@rule(
    "biopsy-technique-against-chart",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="AAD coding guidance for the skin biopsy codes",
    url="https://www.aad.org/dw/monthly/2019/january/biopsy-coding-in-2019-part-3",
    carc="150",
    since="0.1.0",
    needs=(c.DOC_METHOD,),
    codes=TECHNIQUE,
    fix=FixKind.NEEDS_CHART,
    fix_text="Take the code of the technique that the note describes: tangential 11102, punch 11104, incisional 11106.",
    question="By which technique was the biopsy taken?",
    message="{code} is for {billed} biopsies, but the chart says {said}.",
    facts=("BX-01", "SH-03"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The biopsy code names another technique than the chart.

    What it finds:
        Biopsy codes whose technique the chart contradicts.

    Why:
        The technique decides the code. A valid but wrong code surfaces in a record review.

    Example:
        11104 dx=D49.2 method=shave_biopsy

    Instead:
        11102 dx=D49.2 method=shave_biopsy

    References:
        American Academy of Dermatology, biopsy coding.
    """
    text = pl.col(c.DOC_METHOD).str.to_lowercase()
    named = [pl.when(text.str.contains(pattern)).then(pl.lit(technique)) for technique, pattern in WORDS.items()]
    # words of several techniques tell of several lesions
    said = pl.when(pl.sum_horizontal(n.is_not_null().cast(pl.UInt8) for n in named) == 1).then(pl.coalesce(named))
    billed = pl.col(c.CODE).replace_strict(TECHNIQUE, return_dtype=pl.String)
    return lines.with_columns(said.alias("said"), billed.alias("billed")).filter(pl.col("said") != pl.col("billed"))
