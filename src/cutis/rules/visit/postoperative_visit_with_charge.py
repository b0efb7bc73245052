"""99024 with a charge."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, Stake, rule


@rule(
    "postoperative-visit-with-charge",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 12, section 40 (99024 reports a visit in the package, for no payment)",
    url="https://www.cms.gov/regulations-and-guidance/guidance/manuals/downloads/clm104c12.pdf",
    carc="97",
    since="0.1.0",
    needs=(c.CHARGE,),
    codes=("99024",),
    stake=Stake.NONE,
    fix=FixKind.NEEDS_CHART,
    fix_text="Report 99024 with no charge; if the visit was unrelated to the surgery, it is an office visit with 24.",
    question="Was the visit part of the aftercare of the surgery?",
    message="99024 carries a charge: it records a visit that the surgery's payment includes.",
    facts=("TX-01",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The postoperative visit is billed with a charge.

    What it finds:
        99024 with a charge above zero.

    Why:
        The code exists to count visits within a global period. A charge on it is never paid, and is a balance that
        nobody owes.

    Example:
        99024 dx=Z48.817 charge=50

    Instead:
        99024 dx=Z48.817 charge=0

    References:
        CMS, Medicare Claims Processing Manual, chapter 12, section 40.
    """
    return lines.filter(pl.col(c.CHARGE) > 0)
