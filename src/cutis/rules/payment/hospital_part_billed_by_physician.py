"""The technical part of a service to a hospital patient."""

import polars as pl

from cutis.model import columns as c
from cutis.model.finding import RELEASE
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, has_modifier, rule
from cutis.rules._shared.visits import with_fee


@rule(
    "hospital-part-billed-by-physician",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    evidence=Evidence.CMS_FILE,
    authority="CMS relative value file, PC/TC indicators 1, 3 and 5; Medicare Claims Processing Manual, chapter 12, section 60",
    url="https://www.cms.gov/regulations-and-guidance/guidance/manuals/downloads/clm104c12.pdf",
    carc="109",
    since="0.1.0",
    tables=("fee",),
    payers=("medicare",),
    fix=FixKind.NEEDS_CHART,
    fix_text="{advice}",
    question="Was the patient a patient of the hospital on that day, and who owns the equipment?",
    message="{code} at place of service {place_of_service}: its technical part is the hospital's and is not paid to the physician.",
    facts=("PA-02", "PY-08"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A physician bills the technical part of a service at a hospital.

    What it finds:
        Codes with PC/TC indicator 1 without 26, and codes with indicator 3 (technical only) or 5 (incident to), at a
        hospital (19, 21, 22, 23) on Medicare claims.

    Why:
        For hospital patients Medicare pays the technical part through the hospital. The global code or TC is denied.

    Example:
        88305 dx=D22.5 pos=22

    Instead:
        88305 26 dx=D22.5 pos=22

    References:
        CMS, physician fee schedule relative value file, field PC/TC indicator; Medicare Claims Processing Manual,
        chapter 12.
    """
    inside = lines.filter(pl.col(c.PLACE_OF_SERVICE).is_in(["19", "21", "22", "23"]))
    known = with_fee(inside, ref).with_columns(pl.col("release").alias(RELEASE))
    split = (pl.col("pctc") == "1") & ~has_modifier("26")
    whole = pl.col("pctc").is_in(["3", "5"]) & pl.col("status").is_in(["A", "R"])
    advice = (
        pl.when(split)
        .then(pl.lit("Bill the reading with 26; the hospital bills the rest."))
        .otherwise(pl.lit("Do not bill it here; it is the hospital's service."))
    )
    return known.filter(split | whole).with_columns(advice.alias("advice"))
