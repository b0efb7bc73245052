"""A new-patient visit of a patient whom the chart knows."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule

# three years to the day; a year has 365.25
THREE_YEARS = 1096


@rule(
    "new-patient-against-chart",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 12, section 30.6.7 (new patient: none within three years)",
    url="https://www.cms.gov/regulations-and-guidance/guidance/manuals/downloads/clm104c12.pdf",
    carc="16",
    since="0.1.0",
    needs=(c.DOC_LAST_SEEN_DAYS,),
    codes=(*load_families().codes("em_office_new"), "99341", "99342", "99344", "99345", "92002", "92004"),
    fix=FixKind.NEEDS_CHART,
    fix_text="Report the established-patient visit that the documentation supports.",
    question="Was the earlier service face to face, by this group and specialty?",
    message="{code} is for new patients; the chart has a visit {doc_last_seen_days} days before, within three years.",
    facts=("EM-07",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A new-patient visit, though the chart shows a visit within three years.

    What it finds:
        New-patient office visits and other new-patient services where the chart gives a face-to-face service by the same group and specialty
        within the three years before.

    Why:
        A patient seen within three years by the same group and specialty is established. The new-patient code is denied or paid as the lower one.

    Example:
        99203 dx=L40.0 last_seen_days=700

    Instead:
        99213 dx=L40.0 last_seen_days=700

    References:
        CMS, Medicare Claims Processing Manual, chapter 12, section 30.6.7.
    """
    return lines.filter(pl.col(c.DOC_LAST_SEEN_DAYS) < THREE_YEARS)
