"""Units on a code that stands for a whole count."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import STAKE_UNITS, Evidence, FixKind, Scope, Severity, rule

ADVICE = {
    "11102": "further tangential biopsies are 11103",
    "11104": "further punch biopsies are 11105",
    "11106": "further incisional biopsies are 11107",
    "17000": "the second to fourteenth lesion are 17003",
    "17004": "it covers fifteen and more lesions",
    "17110": "it covers up to fourteen lesions; from fifteen it is 17111",
    "17111": "it covers fifteen and more lesions",
    "11200": "it covers up to fifteen tags; each further ten are 11201",
    "11900": "it covers up to seven lesions, counted by lesion and not by injection",
    "11901": "it covers more than seven lesions",
    "11055": "two to four are 11056, more are 11057",
    "11056": "it covers two to four lesions",
    "11057": "it covers more than four lesions",
    "11720": "it covers up to five nails",
    "11721": "it covers six and more nails",
    "11730": "each further nail plate is 11732",
    "96567": "it is reported once a day",
    "96573": "it is reported once a day",
    "96574": "it is reported once a day",
    "96910": "it is reported once a day",
    "96912": "it is reported once a day",
    "96920": "it is reported by the whole area treated",
    "96921": "it is reported by the whole area treated",
    "96922": "it is reported by the whole area treated",
}


@rule(
    "single-unit-code-with-units",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.CMS_FILE,
    authority="CMS MUE of 1 by definition of the code (MAI 2)",
    carc="151",
    since="0.1.0",
    codes=ADVICE,
    fix=FixKind.NEEDS_CHART,
    fix_text="Report one unit: {advice}.",
    question="How many lesions, nails or areas does the note count?",
    message="{code} has {units} units, but its count is in the code: {advice}.",
    facts=("DS-03", "DS-05", "BX-05", "TG-01", "IL-01", "PD-01", "PH-01"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Units count lesions on a code that has the count in it.

    What it finds:
        More than one unit of a code that is defined for a number of lesions or for a day.

    Why:
        The units above one are denied; with MAI 2 no appeal changes that, and often the line is denied whole.

    Example:
        17110 x8 dx=B07.8

    Instead:
        17110 dx=B07.8

    References:
        CMS, medically unlikely edits, MAI 2.
    """
    return lines.filter(pl.col(c.UNITS) > 1).with_columns(
        (pl.col(c.UNITS) - 1).alias(STAKE_UNITS),
        pl.col(c.CODE).replace_strict(ADVICE, default="report it once", return_dtype=pl.String).alias("advice"),
    )
