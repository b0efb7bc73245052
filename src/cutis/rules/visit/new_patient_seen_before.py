"""A new patient code for a patient who was seen within three years."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Outcome, Scope, Severity, narrow, rule
from cutis.rules._shared.globals import NEEDS, returning, unknown_before
from cutis.rules._shared.visits import EM, NEW, surgical


@rule(
    "new-patient-seen-before",
    scope=Scope.HISTORY,
    severity=Severity.ERROR,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 12, section 30.6.7.A (new patient: none seen by the group and specialty in three years)",
    url="https://www.cms.gov/regulations-and-guidance/guidance/manuals/downloads/clm104c12.pdf",
    carc="B16",
    since="0.1.0",
    needs=NEEDS,
    uses=(c.HISTORY_FROM,),
    tables=("fee",),
    fix=FixKind.NEEDS_CHART,
    fix_text="Use the established patient code (99212 to 99215) at the level that the note supports.",
    question="Which level of established patient visit does the note support?",
    message="{code} is for new patients, but the patient was seen by this physician or specialty of the group on {seen}.",
    facts=("EM-07",),
)
def check(lines: pl.DataFrame, ref: Reference) -> Outcome:
    """A new patient visit is billed for a patient who is not new.

    What it finds:
        99202 to 99205 where a visit or procedure by the same physician, or the same group and specialty, stands in the
        input or the history (`--history`) within three years before. What came before the history is not checked.

    Why:
        A patient is new only when no one of the same specialty in the group gave a face-to-face service in three
        years. The claim is denied or paid as an established visit.

    Example:
        99213 dx=L40.0 on=2025-03-03
        99203 dx=L57.0 on=2026-07-15

    Instead:
        99213 dx=L40.0 on=2025-03-03
        99213 dx=L57.0 on=2026-07-15

    References:
        CMS, Medicare Claims Processing Manual, chapter 12, section 30.6.7.
    """
    new = pl.col(c.CODE).is_in(NEW)
    # only who was seen on another day too can have been seen before
    again = pl.col(c.PATIENT_KEY).is_in(returning(lines, ref).implode())
    visits = lines.filter(new, again)
    people = visits[c.PATIENT_KEY].unique()
    face = pl.col(c.CODE).is_in(EM) | pl.col(c.CODE).is_in(surgical(ref).implode())
    seen = (
        c.PATIENT_KEY,
        pl.col(c.BILLING_NPI).alias("_billing"),
        pl.col(c.TAXONOMY).alias("_taxonomy"),
        pl.col(c.RENDERING_NPI).alias("_who"),
        pl.col(c.SERVICE_FROM).alias("seen"),
    )
    before = narrow(lines, seen, pl.col(c.PATIENT_KEY).is_in(people.implode()), face).unique(maintain_order=True)
    day = pl.col(c.SERVICE_FROM)
    group = (pl.col(c.BILLING_NPI) == pl.col("_billing")) & (pl.col(c.TAXONOMY) == pl.col("_taxonomy"))
    known = (pl.col(c.RENDERING_NPI) == pl.col("_who")) | group
    found = (
        visits.join(before, on=c.PATIENT_KEY, how="inner", maintain_order="left")
        .filter(known, pl.col("seen") < day, pl.col("seen") > day.dt.offset_by("-3y"))
        .sort(c.CLAIM_INDEX, c.LINE, "seen", descending=[False, False, True])
        .unique([c.CLAIM_INDEX, c.LINE], keep="first", maintain_order=True)
    )
    asked = [n for n in (c.CLAIM_INDEX, c.LINE, c.SERVICE_FROM, c.HISTORY_FROM) if n in lines.columns]
    rest = narrow(lines, asked, new).join(found, on=[c.CLAIM_INDEX, c.LINE], how="anti", maintain_order="left")
    return Outcome(found, unknown_before(rest, "-3y", "three years", "visits"))
