"""The code of chemodenervation of sweat glands against its site."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule


@rule(
    "sweat-gland-code-of-wrong-site",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="CPT sites of chemodenervation of eccrine glands, restated; AAPC dermatology coding alert",
    carc="11",
    since="0.1.0",
    codes=("64650", "64653"),
    fix=FixKind.NEEDS_CHART,
    fix_text="By the site: axillae 64650, other areas of head, neck and trunk 64653, palms and soles 64999.",
    question="Which areas were injected?",
    message="{code} is not for the site of {shown}; that is {right}.",
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The chemodenervation code is for another site than the diagnosis.

    What it finds:
        64653 with hyperhidrosis of palms, soles or axillae, and 64650 with hyperhidrosis of palms or soles.

    Why:
        64650 is for axillae and 64653 for other areas by the day; extremities have no code of their own.

    Example:
        64653 dx=L74.512

    Instead:
        64999 dx=L74.512

    References:
        CPT, chemodenervation of eccrine glands (restated).
    """
    text = pl.concat_str(*(pl.col(d) for d in c.DIAGNOSES), separator=" ", ignore_nulls=True)
    palms = text.str.contains(r"L7451[23]")
    axilla = text.str.contains(r"L74510")
    wrong = ((pl.col(c.CODE) == "64653") & (palms | axilla)) | ((pl.col(c.CODE) == "64650") & palms)
    right = pl.when(palms).then(pl.lit("64999")).otherwise(pl.lit("64650"))
    return lines.with_columns(right.alias("right"), text.alias("shown")).filter(wrong)
