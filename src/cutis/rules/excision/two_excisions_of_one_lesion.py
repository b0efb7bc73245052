"""Two excision codes for one lesion."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import one_on_each_lesion

EXCISION = load_families().codes("excision")


@rule(
    "two-excisions-of-one-lesion",
    scope=Scope.DAY,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="CPT guideline on excisions (one code a lesion; re-excision at one session by the final diameter), restated; published coding guidance",
    url="https://vdocuments.us/12-errors-to-avoid-in-coding-skin-procedures-err-12-errors-to-avoid-in-coding.html",
    carc="97",
    since="0.1.0",
    needs=(c.DOC_LESION,),
    codes=EXCISION,
    fix=FixKind.NEEDS_CHART,
    fix_text="Report one code for the widest diameter excised; a second excision on a later day within ten is with 58.",
    question="Were there two lesions, or one that was excised wider?",
    message="{code} is a second excision of the lesion that {partner} took: one lesion is one excision.",
    facts=("EX-05", "EX-08"),
    supersedes=("bypass-modifier-on-same-lesion",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """One lesion carries two excision codes on a day.

    What it finds:
        Benign or malignant excisions of a day that the chart gives the same lesion, with or without modifiers.

    Why:
        A lesion is excised once a session: taking more at the same operation is one excision of the widest
        diameter. Diameters are never split or summed over codes.

    Example:
        11602 dx=C44.519 lesion=a
        11601 59 dx=C44.519 lesion=a

    Instead:
        11603 dx=C44.519 lesion=a

    References:
        CPT, excision of skin lesions (restated); FPM, errors to avoid in coding skin procedures.
    """
    return one_on_each_lesion(lines, EXCISION, EXCISION)
