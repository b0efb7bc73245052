"""A visit on the day before major surgery without 57."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, any_modifier, rule
from cutis.rules._shared.globals import LENGTH, NEEDS, surgery_of_returning, with_length
from cutis.rules._shared.visits import EM


@rule(
    "visit-before-major-surgery",
    scope=Scope.HISTORY,
    severity=Severity.ERROR,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 12, section 40.1.A (the package of major surgery begins the day before)",
    url="https://www.cms.gov/regulations-and-guidance/guidance/manuals/downloads/clm104c12.pdf",
    carc="97",
    since="0.1.0",
    needs=NEEDS,
    tables=("fee",),
    fix=FixKind.NEEDS_CHART,
    fix_text="If surgery was decided at this visit, put 57 on {code}; if it was decided before, the visit is part of the package.",
    question="Was the decision for {doc_global_code} made at this visit?",
    message="{code} is of the day before {doc_global_code}, which has 90 global days, without 57.",
    facts=("GL-02", "EM-02"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A visit of the day before major surgery does not say that surgery was decided.

    What it finds:
        Visits without 57, 24 or 25 by the same group and specialty on the day before a procedure of 90 global days in
        the same input.

    Why:
        The package of major surgery takes in the visits of the day before. Only the visit at which surgery was decided
        is paid beside it.

    Example:
        99213 dx=C44.311 on=2026-07-14
        14060 dx=C44.311 on=2026-07-15

    Instead:
        99213 57 dx=C44.311 on=2026-07-14
        14060 dx=C44.311 on=2026-07-15

    References:
        CMS, Medicare Claims Processing Manual, chapter 12, section 40.1.
    """
    surgery = with_length(surgery_of_returning(lines, ref).rename({"_then": c.SERVICE_FROM}), ref)
    major = surgery.filter(pl.col(LENGTH) == 90).with_columns(pl.col(c.SERVICE_FROM).dt.offset_by("-1d"))
    people = pl.col(c.PATIENT_KEY).is_in(major[c.PATIENT_KEY].unique().implode())
    visits = lines.filter(people, pl.col(c.CODE).is_in(EM), ~any_modifier(("57", "24", "25")))
    same = pl.col(c.TAXONOMY).is_null() | pl.col("_taxonomy").is_null() | (pl.col(c.TAXONOMY) == pl.col("_taxonomy"))
    key = [c.PATIENT_KEY, c.BILLING_NPI, c.SERVICE_FROM]
    found = visits.join(major, on=key, how="inner", maintain_order="left").filter(same)
    return found.unique([c.CLAIM_INDEX, c.LINE], keep="first", maintain_order=True)
