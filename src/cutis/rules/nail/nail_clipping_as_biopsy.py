"""A nail clipping billed as a biopsy."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule


@rule(
    "nail-clipping-as-biopsy",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="AAD guidance on nail procedures",
    url="https://www.aad.org/dw/monthly/2016/december/nail-that-code",
    carc="150",
    since="0.1.0",
    needs=(c.DOC_METHOD,),
    codes=("11755",),
    fix=FixKind.NEEDS_CHART,
    fix_text="Take 11755 off; only the test itself may be billed, by the one who did it.",
    question="Was tissue of the nail bed, matrix or fold taken, or only nail plate?",
    message="{code} is billed, but the chart describes a clipping: {doc_method}.",
    facts=("BX-07",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A clipped nail is billed as a biopsy of the nail unit.

    What it finds:
        11755 where the chart describes clipping or trimming and no nail unit tissue.

    Why:
        A clipping for culture or microscopy is no biopsy of the nail unit; nothing is billed for taking it.

    Example:
        11755 TA dx=B35.1 method=clipped_distal_nail_for_culture

    Instead:
        11755 TA dx=L60.8 method=nail_matrix_biopsy

    References:
        American Academy of Dermatology, Nail that code.
    """
    text = pl.col(c.DOC_METHOD).str.to_lowercase()
    return lines.filter(
        text.str.contains(r"clip|trimm|debrid|culture only|koh only"),
        ~text.str.contains(r"matrix|nail bed|nail fold|punch"),
    )
