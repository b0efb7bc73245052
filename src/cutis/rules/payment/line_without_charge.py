"""A service that is paid, with a charge of zero."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, Exposure, FixKind, Scope, Severity, rule
from cutis.rules._shared.visits import with_fee


@rule(
    "line-without-charge",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    exposure=Exposure.DENIAL,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 12, section 20 (payment is the lesser of charge and fee schedule amount)",
    url="https://www.cms.gov/regulations-and-guidance/guidance/manuals/downloads/clm104c12.pdf",
    carc="45",
    since="0.1.0",
    needs=(c.CHARGE,),
    tables=("fee",),
    fix=FixKind.NEEDS_CHART,
    fix_text="Enter the charge of {code}; nothing is paid above what is charged.",
    question="What does the practice charge for {code}, and was it meant to be free?",
    message="{code} has a charge of zero, and the payer pays no more than the charge.",
    facts=("PY-06",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A payable service is billed at no charge.

    What it finds:
        Lines with a charge of zero whose code the fee schedule pays (status A, R or T).

    Why:
        The payment is the lesser of the charge and the fee schedule amount: the service is given away.

    Example:
        11102 dx=D49.2 charge=0

    Instead:
        11102 dx=D49.2 charge=180

    References:
        CMS, Medicare Claims Processing Manual, chapter 12, section 20.
    """
    return with_fee(lines.filter(pl.col(c.CHARGE) == 0), ref).filter(pl.col("status").is_in(["A", "R", "T"]))
