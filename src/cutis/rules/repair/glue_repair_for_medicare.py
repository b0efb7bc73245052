"""A wound closed by tissue adhesive alone under a suture code."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import said


@rule(
    "glue-repair-for-medicare",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    evidence=Evidence.RECALLED,
    authority="CMS, G0168 for closure by tissue adhesive alone, recalled",
    carc="16",
    since="0.1.0",
    needs=(c.DOC_METHOD,),
    codes=load_families().codes("simple_repair"),
    payers=("medicare",),
    fix=FixKind.NEEDS_CHART,
    fix_text="If no suture or staple was placed, report G0168.",
    question="Was the wound closed by adhesive alone?",
    message="{code} on a Medicare claim, but the chart names adhesive alone: Medicare wants G0168.",
    facts=("RP-06",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Medicare has a code of its own for closure by tissue adhesive alone.

    What it finds:
        Simple repair codes on Medicare claims where the chart names tissue adhesive and neither sutures nor
        staples.

    Why:
        Medicare pays a closure by adhesive alone under G0168; the repair codes are for sutures and staples there.
        Other payers take the repair code.

    Example:
        12001 dx=S81.811A method=closed_with_dermabond

    Instead:
        G0168 dx=S81.811A method=closed_with_dermabond

    References:
        CMS, HCPCS code G0168 (restated).
    """
    text = said()
    glued = text.str.contains(r"dermabond|glue|tissue adhesive|cyanoacryl|skin adhesive|histoacryl")
    sewn = text.str.contains(r"sutur|stapl|stitch|layered|vicryl|nylon|prolene")
    unsewn = text.str.contains(r"(?:no|without|instead of) (?:sutur|stapl|stitch)")
    return lines.filter(glued & (~sewn | unsewn))
