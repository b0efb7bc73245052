"""The code of chemodenervation of sweat glands against its site."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import pointed, said, shown


@rule(
    "sweat-gland-code-of-wrong-site",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="CPT sites of chemodenervation of eccrine glands, restated; AAPC dermatology coding alert",
    carc="11",
    since="0.1.0",
    uses=(c.DOC_SITE,),
    codes=("64650", "64653"),
    fix=FixKind.NEEDS_CHART,
    fix_text="By the site: axillae 64650, other areas of head, neck and trunk 64653, palms and soles 64999.",
    question="Which areas were injected?",
    message="{code} is not for the site of {shown}; that is {right}.",
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The chemodenervation code is for another site than the diagnosis.

    What it finds:
        64653 with hyperhidrosis of palms, soles or axillae, and 64650 with that of palms, soles or face, by the
        diagnosis or by the site in the chart.

    Why:
        64650 is for axillae and 64653 for other areas by the day; extremities have no code of their own.

    Example:
        64653 dx=L74.512

    Instead:
        64999 dx=L74.512

    References:
        CPT, chemodenervation of eccrine glands (restated).
    """
    site = said(c.DOC_SITE).fill_null("") if c.DOC_SITE in lines.columns else pl.lit("")
    palms = pointed().str.contains(r"L7451[23]") | site.str.contains(r"palm|sole|plantar|\bhands?\b|\bfeet\b|\bfoot\b")
    axilla = pointed().str.contains(r"L74510") | site.str.contains(r"axill|armpit|underarm")
    face = pointed().str.contains(r"L74511") | site.str.contains(r"\bface|forehead|scalp|\bneck\b")
    # the code for other areas may stand beside that of the axillae where both were treated
    body = pl.col(c.CODE) == "64653"
    wrong = (body & (palms | axilla) & ~face) | (~body & (palms | face) & ~axilla)
    right = pl.when(palms).then(pl.lit("64999")).when(body).then(pl.lit("64650")).otherwise(pl.lit("64653"))
    where = pl.when(site != "").then(site).otherwise(shown())
    return lines.with_columns(right.alias("right"), where.alias("shown")).filter(wrong)
