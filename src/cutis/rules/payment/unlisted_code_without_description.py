"""An unlisted code without a word on what was done."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, Exposure, FixKind, Scope, Severity, rule

UNLISTED = ("15999", "17999", "19499", "20999", "40799", "55899", "58999", "67999", "69399", "86999", "88399", "89240", "96379", "96999", "99199", "99499", "J3490", "J3590")  # fmt: skip


@rule(
    "unlisted-code-without-description",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    exposure=Exposure.DENIAL,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 26, section 10.4 (narrative for unlisted codes)",
    carc="16",
    since="0.1.0",
    needs=(c.LINE_NOTE,),
    uses=(c.CLAIM_NOTE,),
    codes=UNLISTED,
    fix=FixKind.NEEDS_CHART,
    fix_text="Name the service, a comparable code and the reason in the note of the line (NTE or SV101-7).",
    question="What was done, which listed code is nearest, and how did it differ?",
    message="{code} is an unlisted code, and no note says what was done.",
    facts=("TX-02",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """An unlisted code says nothing of what was done.

    What it finds:
        Unlisted procedure codes and unclassified drugs with no note on the line or the claim.

    Why:
        The code names nothing, so the payer asks for a description; without one in the note of the claim it is returned or denied. The best description names what was done and a comparable code.

    Example:
        17999 dx=L57.0

    Instead:
        17999 dx=L57.0 note=microneedling_of_scar,_comparable_to_15786

    References:
        CMS, Medicare Claims Processing Manual, chapter 26, section 10.4 (item 19 and 24).
    """
    silent = pl.col(c.LINE_NOTE).str.strip_chars().fill_null("") == ""
    if c.CLAIM_NOTE in lines.columns:
        silent = silent & (pl.col(c.CLAIM_NOTE).str.strip_chars().fill_null("") == "")
    return lines.filter(silent)
