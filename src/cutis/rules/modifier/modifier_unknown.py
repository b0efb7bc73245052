"""A modifier that is no modifier."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, Exposure, FixKind, Scope, Severity, rule
from cutis.rules._shared.modifiers import KNOWN


@rule(
    "modifier-unknown",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    exposure=Exposure.DENIAL,
    evidence=Evidence.CMS_FILE,
    authority="HCPCS level II and CPT modifier lists, 2026",
    carc="4",
    since="0.1.0",
    fix=FixKind.NEEDS_CHART,
    fix_text="Find out which modifier was meant, or remove {modifier}.",
    question="What did the coder mean to say of {code} with {modifier}?",
    message="{modifier} on {code} is no modifier in use.",
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A modifier that is not in use.

    What it finds:
        Two-character modifiers that neither CPT nor HCPCS lists.

    Why:
        A claim line with a modifier that does not exist is rejected.

    Example:
        11102 Z9 dx=D49.2

    Instead:
        11102 dx=D49.2

    References:
        CMS, HCPCS annual file; AMA, CPT modifiers (code numbers).
    """
    known = sorted(KNOWN)
    strange = [~pl.col(m).is_in(known) for m in c.MODIFIERS]
    first = pl.coalesce(pl.when(s).then(pl.col(m)) for m, s in zip(c.MODIFIERS, strange, strict=True))
    return lines.filter(pl.any_horizontal(s.fill_null(value=False) for s in strange)).with_columns(
        first.alias("modifier")
    )
