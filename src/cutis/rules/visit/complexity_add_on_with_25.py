"""G2211 beside a visit with modifier 25."""

from datetime import date

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import DAY, Evidence, FixKind, Scope, Severity, has_modifier, narrow, on_days, rule
from cutis.rules._shared.visits import EM

ADD_ON = "G2211"
# annual wellness visits, vaccines and Part B preventive services, beside which the add-on is paid since 2025
PREVENTIVE_SINCE = date(2025, 1, 1)
PREVENTIVE = (
    "G0402", "G0438", "G0439", "G0008", "G0009", "G0010", "G0101", "G0102", "G0104", "G0105", "G0108", "G0109", "G0117",
    "G0118", "G0121", "G0270", "G0271", "G0296", "G0328", "G0442", "G0443", "G0444", "G0445", "G0446", "G0447", "G0473",
    "90471", "90472", "90473", "90474", "90480", "M0201", "77063", "77067", "77080",
)  # fmt: skip


@rule(
    "complexity-add-on-with-25",
    scope=Scope.DAY,
    severity=Severity.ERROR,
    evidence=Evidence.CMS_MANUAL,
    authority="CMS CY2024 physician fee schedule final rule (G2211 not paid with modifier 25), CY2025 final rule (preventive services)",
    carc="97",
    since="0.1.0",
    in_force=("2024-01-01", None),
    codes=(*EM, ADD_ON, *PREVENTIVE),
    payers=("medicare",),
    fix=FixKind.NEEDS_CHART,
    fix_text="Take G2211 off this day; it is not paid where the visit carries 25 for a procedure.",
    question="Was there any procedure on this day that made 25 necessary?",
    message="G2211 is not paid beside a visit that carries 25.",
    facts=("EM-05",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The visit complexity add-on stands beside a visit with 25.

    What it finds:
        G2211 on a day whose visit carries 25, unless a preventive service stands there too.

    Why:
        Medicare does not pay the add-on when the visit is reported with 25 for a procedure of the day. Since 2025 it is
        paid where the other service is a vaccine, the annual wellness visit or another Part B preventive service.

    Example:
        99214 25 dx=L40.0
        G2211 dx=L40.0

    Instead:
        99214 dx=L40.0
        G2211 dx=L40.0

    References:
        CMS, physician fee schedule final rules for 2024 and 2025.
    """
    lines = on_days(lines, narrow(lines, [DAY], pl.col(c.CODE) == ADD_ON)[DAY])
    visit25 = (pl.col(c.CODE).is_in(sorted(EM)) & has_modifier("25")).any().over(DAY)
    preventive = (pl.col(c.CODE).is_in(PREVENTIVE) & (pl.col(c.SERVICE_FROM) >= PREVENTIVE_SINCE)).any().over(DAY)
    return lines.filter(visit25 & ~preventive & (pl.col(c.CODE) == ADD_ON))
