"""An acne code for another disease."""

import polars as pl

from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import only, shown

OTHER = r"L57|B07|B081|L82|D22|D23|C4[34]|C4A|D0[34]|L918"


@rule(
    "acne-code-without-acne",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    evidence=Evidence.PUBLISHED,
    authority="Published dermatology billing guidance (10040, 17340, 17360 are for acne)",
    url="https://www.gomedicalbilling.com/cheat-sheets/dermatology",
    carc="11",
    since="0.1.0",
    codes=("10040", "17340", "17360"),
    fix=FixKind.NEEDS_CHART,
    fix_text="Report the code of the lesion that was treated, or point to the acne that was.",
    question="Which disease was treated?",
    message="{code} is for acne, but the line points to {shown}.",
    facts=("AC-01",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A code of acne treatment points to another disease.

    What it finds:
        10040, 17340 and 17360 whose diagnoses are of actinic keratosis, warts, seborrheic keratosis, moles or skin cancer alone.

    Why:
        Acne surgery, cryotherapy and chemical exfoliation are for acne. For other lesions the destruction code of their kind is right.

    Example:
        17340 dx=L57.0

    Instead:
        17000 dx=L57.0

    References:
        Published dermatology billing guidance; CPT (restated).
    """
    return lines.filter(only(OTHER)).with_columns(shown().alias("shown"))
