"""Two flap codes for one defect."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import PARTNER, one_on_each_lesion

PRIMARY = load_families().codes("flap") - {"14302"}


@rule(
    "two-flaps-of-one-defect",
    scope=Scope.DAY,
    severity=Severity.WARNING,
    evidence=Evidence.RECALLED,
    authority="CPT guideline on adjacent tissue transfer (one transfer a defect, by the whole area), restated from knowledge",
    carc="97",
    since="0.1.0",
    needs=(c.DOC_LESION,),
    codes=load_families().codes("flap"),
    fix=FixKind.NEEDS_CHART,
    fix_text="Add the areas of the flaps of the defect and report one code.",
    question="Were there two defects, or two flaps for one?",
    message="{code} is a second flap of the defect that {partner} closed.",
    facts=("FL-01", "FL-03"),
    supersedes=("bypass-modifier-on-same-lesion", "equal-line-with-59"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """One defect carries two flap codes.

    What it finds:
        Adjacent tissue transfers of a day that the chart gives the same lesion; 14302 beside 14301 is left alone.

    Why:
        All rearrangement that closes one defect, a Z-plasty at the pivot among it, is one transfer of the whole
        area.

    Example:
        14040 dx=C44.319 lesion=a
        14040 59 dx=C44.319 lesion=a

    Instead:
        14041 dx=C44.319 lesion=a

    References:
        CPT, adjacent tissue transfer (restated).
    """
    return one_on_each_lesion(lines, PRIMARY, PRIMARY).filter(pl.col(PARTNER) != "14302")
