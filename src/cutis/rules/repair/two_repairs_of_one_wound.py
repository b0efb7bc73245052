"""Two repair codes for one wound."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import one_on_each_lesion

_FAMILIES = load_families()
PRIMARY = (
    _FAMILIES.codes("simple_repair")
    | _FAMILIES.codes("intermediate_repair")
    | _FAMILIES.codes("complex_repair_primary")
)


@rule(
    "two-repairs-of-one-wound",
    scope=Scope.DAY,
    severity=Severity.WARNING,
    evidence=Evidence.RECALLED,
    authority="CPT guideline on repairs (one class and length a wound), restated from knowledge",
    carc="97",
    since="0.1.0",
    needs=(c.DOC_LESION,),
    codes=PRIMARY,
    fix=FixKind.NEEDS_CHART,
    fix_text="Report the wound once, by its length and the most complex closure that it needed.",
    question="Were there two wounds, or one that was closed in several layers?",
    message="{code} is a second repair of the wound that {partner} closed.",
    facts=("RP-01", "RP-02"),
    supersedes=("bypass-modifier-on-same-lesion", "equal-line-with-59"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """One wound carries two repair codes.

    What it finds:
        Simple, intermediate and complex repairs of a day that the chart gives the same lesion. The add-ons for length
        are left alone.

    Why:
        The deep layers of a closure are part of its class. A second code for the same wound pays for them again.

    Example:
        13121 dx=C44.722 lesion=a
        12032 59 dx=C44.722 lesion=a

    Instead:
        13121 dx=C44.722 lesion=a

    References:
        CPT, repair (restated).
    """
    return one_on_each_lesion(lines, PRIMARY, PRIMARY)
