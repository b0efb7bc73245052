"""Blood under a nail let out, billed as the drainage of a hematoma of the skin."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import pointed, said


@rule(
    "nail-hematoma-under-skin-code",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="AAPC coding guidance: evacuation of a subungual hematoma has a code of its own, restated",
    carc="150",
    since="0.1.0",
    needs=(c.DOC_METHOD,),
    codes=("10060", "10061", "10140", "10160"),
    fix=FixKind.NEEDS_CHART,
    fix_text="Report the evacuation of blood under a nail: 11740.",
    question="Was blood let out from under a nail, or was skin incised?",
    message="{code} drains the skin, but the chart says that blood was let out from under a nail.",
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Blood under a nail was let out, and a drainage of the skin is billed.

    What it finds:
        Incision, drainage and aspiration codes where the chart says subungual, under or through the nail, and blood or
        hematoma, or the diagnosis is an injury of the nail.

    Why:
        A nail that is burned or drilled through is 11740; the codes of the skin need an incision of skin.

    Example:
        10140 dx=S90.211A method=subungual_hematoma_trephined

    Instead:
        11740 TA dx=S90.211A method=subungual_hematoma_trephined

    References:
        AAPC, subungual hematoma (restated).
    """
    text = said()
    nail = text.str.contains(
        r"subungual|(?:under|through|beneath|below) (?:the |his |her )?(?:\w+ ){0,2}(?:toe|finger|thumb)?nail|trephin"
    )
    blood = text.str.contains(r"blood|h[a]?ematoma") | pointed().str.contains(r"S601|S902")
    return lines.filter(nail & blood)
