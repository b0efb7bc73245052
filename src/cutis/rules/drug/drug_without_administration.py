"""A drug without the service that gave it."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import DAY, Evidence, Exposure, FixKind, Scope, Severity, Stake, rule

DRUGS = ("J0585", "J0586", "J0587", "J0588", "J3301", "J3300", "J7308", "J7345", "J9040", "J1100", "J1030", "J1040",
         "J1010", "J0702", "J2357", "J3357", "J1628", "J3245", "J0717", "J1745")  # fmt: skip
GIVERS = (
    "64612", "64615", "64616", "64617", "64640", "64642", "64643", "64646", "64647", "64650", "64653", "64999", "96372",
    "96401", "11900", "11901", "20550", "20551", "20600", "20605", "20610", "96567", "96573", "96574", "17999", "96405",
    "96406", "96365", "96374", "96413", "20526", "20527", "20612", "64400", "64450",
)  # fmt: skip


@rule(
    "drug-without-administration",
    scope=Scope.DAY,
    severity=Severity.WARNING,
    exposure=Exposure.DENIAL,
    evidence=Evidence.PUBLISHED,
    authority="Published practice guidance on drugs of dermatology and their administration",
    carc="16",
    since="0.1.0",
    codes=(*DRUGS, *GIVERS),
    stake=Stake.NONE,
    fix=FixKind.NEEDS_CHART,
    fix_text="Report the service that gave {code}, if it was done here on this day.",
    question="Who gave the drug, how and where, and is its service on another claim?",
    message="{code} stands without any service that administers it on this day.",
    facts=("DR-03",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A drug given in the office has no line for giving it.

    What it finds:
        Drug lines of dermatology on a day without an injection, infusion, chemodenervation or photodynamic code.

    Why:
        Payers deny a drug whose administration is not on the claim, and the administration itself is then not
        paid.

    Example:
        J0585 x100 dx=L74.510

    Instead:
        64650 dx=L74.510
        J0585 x100 dx=L74.510

    References:
        American Academy of Dermatology, practice guidance.
    """
    given = pl.col(c.CODE).is_in(list(DRUGS))
    with_giver = (~given).any().over(DAY)
    return lines.filter(given & ~with_giver)
