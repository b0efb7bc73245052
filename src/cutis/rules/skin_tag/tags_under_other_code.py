"""Skin tags under a code that leaves them out."""

import polars as pl

from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import only, shown

_FAMILIES = load_families()
CODES = frozenset().union(*(_FAMILIES.codes(f) for f in ("benign_destruction", "shave", "benign_excision")))


@rule(
    "tags-under-other-code",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    evidence=Evidence.PUBLISHED,
    authority="CPT definitions of 11200, 17110 and the excisions (tags apart, by any method), restated; AAD coding guidance",
    url="https://www.aad.org/dw/monthly/2020/april/cracking-the-code-common-coding-answered",
    carc="11",
    since="0.1.0",
    codes=CODES,
    fix=FixKind.NEEDS_CHART,
    fix_text="If the lesions were skin tags, report 11200 for up to fifteen and 11201 for each further ten, by any method.",
    question="Were the lesions skin tags, and how many?",
    message="{code} leaves skin tags out, but the line points to {shown} alone.",
    facts=("TG-01", "DS-05"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Skin tags are billed under a code that is not for them.

    What it finds:
        Destruction of benign lesions, shaves and benign excisions whose diagnoses are skin tags alone (L91.8).

    Why:
        Tags have codes of their own whatever the method, scissors, blade or freezing, and the other codes leave
        them out by definition.

    Example:
        17110 dx=L91.8

    Instead:
        11200 dx=L91.8

    References:
        American Academy of Dermatology, common coding questions answered; CPT, skin tags (restated).
    """
    return lines.filter(only("L918")).with_columns(shown().alias("shown"))
