"""A line that history already has."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, any_modifier, past, rule
from cutis.rules._shared.pairs import ANATOMIC, DISTINCT

SAME = (c.PATIENT_KEY, c.RENDERING_NPI, c.SERVICE_FROM, c.CODE, *c.MODIFIERS, c.UNITS, c.PLACE_OF_SERVICE, c.PAYER_RANK)


@rule(
    "claim-sent-before",
    scope=Scope.HISTORY,
    severity=Severity.ERROR,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 1, section 120 (detection of duplicate claims)",
    url="https://www.cms.gov/regulations-and-guidance/guidance/manuals/downloads/clm104c01.pdf",
    carc="18",
    since="0.1.0",
    needs=(c.FREQUENCY, c.PAYER_RANK, c.CLAIM_ID, c.HISTORY_FROM, c.PAST_OUTCOME),
    fix=FixKind.NEEDS_CHART,
    fix_text="If it corrects claim {before}, send it as its replacement (frequency 7); if it was done again, say so with 76 or 77.",
    question="Was {code} done once more on this day, or is this the service of claim {before} sent again?",
    message="{code} of this day was sent before on claim {before}{answered}.",
    supersedes=("line-repeated", "two-office-visits", "units-over-mue"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A service is sent a second time as though it were new.

    What it finds:
        Lines of original claims (frequency 1) that equal a line of the history: patient, provider, day, code, modifiers,
        units, place and the payer's turn, without 76, 77, 91, 59, X or an anatomic modifier. Replacements and voids are no
        duplicates; nor is a line that the remittances show as denied: it is being sent again.

    Why:
        The payer denies the second as an exact duplicate, and a pattern of them draws attention.

    Example:
        history: 17110 dx=B07.8 claim=OLD
        17110 dx=B07.8

    Instead:
        history: 17110 dx=B07.8 claim=OLD on=2026-06-01
        17110 dx=B07.8

    References:
        CMS, Medicare Claims Processing Manual, chapter 1, section 120.
    """
    stands = lines.filter(past(), pl.col(c.PAST_OUTCOME).ne_missing(pl.lit("denied")))
    before = stands.select(*SAME, pl.col(c.CLAIM_ID).alias("before"), pl.col(c.PAST_OUTCOME).alias("_outcome")).unique(
        SAME, keep="first", maintain_order=True
    )
    original = pl.col(c.FREQUENCY).is_null() | (pl.col(c.FREQUENCY) == "1")
    apart = any_modifier(("76", "77", "91", *DISTINCT, *ANATOMIC))
    found = lines.filter(~past(), original & ~apart).join(
        before, on=SAME, how="inner", maintain_order="left", nulls_equal=True
    )
    answered = pl.when(pl.col("_outcome").is_null()).then(pl.lit("")).otherwise(pl.lit(" and paid"))
    return found.with_columns(answered.alias("answered"))
