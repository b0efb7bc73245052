"""A skin screening as the reason of a Medicare visit."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, Stake, rule
from cutis.rules._shared.visits import EM


@rule(
    "screening-visit-for-medicare",
    scope=Scope.LINE,
    severity=Severity.INFO,
    evidence=Evidence.RECALLED,
    authority="Social Security Act 1862(a)(7) (routine examinations are excluded), recalled",
    carc="49",
    since="0.1.0",
    codes=EM,
    payers=("medicare",),
    stake=Stake.NONE,
    fix=FixKind.NEEDS_CHART,
    fix_text="If the note records a complaint, a finding or a history of skin cancer, that is the diagnosis; if not, the visit is a routine examination (GY).",
    question="Why did the patient come, and what was found?",
    message="{code} points to Z12.83 first: Medicare pays no routine screening of the skin.",
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A Medicare visit has a screening of the skin as its first diagnosis.

    What it finds:
        Visits on Medicare claims whose first diagnosis is Z12.83.

    Why:
        A screening without complaint, finding or history is a routine examination, which the law excludes.

    Example:
        99213 dx=Z12.83

    Instead:
        99213 dx=Z85.828

    References:
        Social Security Act, section 1862(a)(7).
    """
    return lines.filter(pl.col(c.DX_1) == "Z1283")
