"""The bypass modifier stands on the other line than the payer looks at."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, Exposure, FixKind, Scope, Severity, Stake, any_modifier, rule
from cutis.rules._shared.pairs import BYPASS, DISTINCT, ONE, pairs_on_day
from cutis.rules._shared.ptp import procedures_only


@rule(
    "bypass-modifier-on-column-one",
    scope=Scope.DAY,
    severity=Severity.INFO,
    exposure=Exposure.DENIAL,
    evidence=Evidence.CMS_MANUAL,
    authority="CMS change request 11168: Medicare takes 59 and X modifiers on either column since 2019-07-01; other payers may not",
    carc="236",
    since="0.1.0",
    tables=("ptp",),
    payers=("commercial", "medicaid", "workers-comp", "other"),
    stake=Stake.NONE,
    fix=FixKind.NEEDS_CHART,
    fix_text="Where this payer wants it so, move the modifier from {code_one} to {code}.",
    question="Does this payer take the modifier on the column-one line?",
    message="The modifier that separates {code} from {code_one} stands on {code_one}; payers other than Medicare expect it on {code}.",
    facts=("BX-10",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The modifier that bypasses an edit stands only on the column-one line.

    What it finds:
        Pairs with indicator 1 where 59 or an X modifier is on the column-one line and none on the column-two line.

    Why:
        Medicare accepts the modifier on either line. Many other payers' editors still read it only on the column-two
        line and deny the claim.

    Example:
        11102 59 dx=D49.2 payer=commercial
        17000 dx=L57.0 payer=commercial

    Instead:
        11102 dx=D49.2 payer=commercial
        17000 59 dx=L57.0 payer=commercial

    References:
        CMS, Medicare Claims Processing, change request 11168.
    """
    pairs = procedures_only(pairs_on_day(lines, ref), pl.col("indicator") == 1, ~any_modifier(BYPASS))
    on_one = pl.any_horizontal(pl.col(m + ONE).is_in(DISTINCT).fill_null(value=False) for m in c.MODIFIERS)
    return pairs.filter(on_one).drop(c.MODIFIERS)
