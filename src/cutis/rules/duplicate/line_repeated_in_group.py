"""A line repeated under another physician of the group."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, any_modifier, on_days, past, rule, seen_by_others
from cutis.rules._shared.pairs import ANATOMIC, DISTINCT

CODES = load_families().codes("skin_procedure") | load_families().codes("pathology") | load_families().codes("pdt")


@rule(
    "line-repeated-in-group",
    scope=Scope.HISTORY,
    severity=Severity.WARNING,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 1, section 120 (duplicate claims); chapter 12, section 40 (77)",
    carc="18",
    since="0.1.0",
    needs=(c.BILLING_NPI, c.FREQUENCY),
    fix=FixKind.NEEDS_CHART,
    fix_text="If it was done once, remove the line; if each did it, 77 on the second and a note by each.",
    question="Did both physicians do {code} on this day, and on which lesions?",
    message="{code} stands on this day under another physician of the group too, with nothing to tell them apart.",
    facts=("EM-04", "PA-02"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The same service stands twice on a day under two physicians of a group.

    What it finds:
        Skin procedures, pathology and photodynamic therapy with equal code, modifiers and units for one patient and
        day under two rendering providers of one billing provider, without 76, 77, 59, X or an anatomic modifier.

    Why:
        Often the claim was keyed twice, once for the assistant. The second is denied as a duplicate or recovered.

    Example:
        11102 dx=D49.2 npi=1245319599 billing=1234567893
        11102 dx=D49.2

    Instead:
        11102 dx=D49.2 npi=1245319599 billing=1234567893
        11102 77 dx=D49.2

    References:
        CMS, Medicare Claims Processing Manual, chapter 1, section 120.
    """
    key = [c.PATIENT_KEY, c.BILLING_NPI, c.SERVICE_FROM, c.CODE, *c.MODIFIERS, c.UNITS]
    original = pl.col(c.FREQUENCY).is_null() | (pl.col(c.FREQUENCY) == "1")
    many = (
        on_days(lines, seen_by_others(lines))
        .filter(pl.col(c.CODE).is_in(CODES))
        .filter(original & ~any_modifier(("76", "77", "91", *DISTINCT, *ANATOMIC)))
    )
    # of two physicians the one with the lower number is the first, whatever the order of the lines
    many = many.sort(past(), c.RENDERING_NPI, descending=[True, False], maintain_order=True)
    first = many.with_columns(pl.col(c.RENDERING_NPI).first().over(key).alias("_first"))
    return first.filter(pl.col(c.RENDERING_NPI) != pl.col("_first")).unique(
        [*key, c.RENDERING_NPI], keep="first", maintain_order=True
    )
