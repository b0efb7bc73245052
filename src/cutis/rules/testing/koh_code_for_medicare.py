"""The KOH code that Medicare replaces."""

import polars as pl

from cutis.reference.store import Reference
from cutis.rulekit import Evidence, Exposure, FixKind, Scope, Severity, rule


@rule(
    "koh-code-for-medicare",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    exposure=Exposure.DENIAL,
    evidence=Evidence.PUBLISHED,
    authority="Published coding guidance (Q0112 for potassium hydroxide preparations under Medicare); contractors differ",
    carc="16",
    since="0.1.0",
    codes=("87220",),
    payers=("medicare",),
    fix=FixKind.NEEDS_CHART,
    fix_text="For a KOH preparation of skin, hair or nails many contractors want Q0112; ask yours.",
    question="Was it a KOH preparation read in the office, and under which CLIA certificate?",
    message="87220 on a Medicare claim: for a KOH preparation many contractors want Q0112.",
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A KOH preparation under the code that Medicare replaces.

    What it finds:
        87220 where the payer is Medicare.

    Why:
        Medicare has a code of its own for KOH preparations; where the contractor wants it, 87220 is denied.

    Example:
        87220 dx=B35.1

    Instead:
        Q0112 dx=B35.1

    References:
        AAPC, pathology and laboratory coding alert.
    """
    return lines
