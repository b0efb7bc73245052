"""A service before the patient was born."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, Exposure, FixKind, Scope, Severity, rule


@rule(
    "service-before-birth",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    exposure=Exposure.DENIAL,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 26 (birth date and dates of service)",
    carc="16",
    since="0.1.0",
    needs=(c.PATIENT_BIRTH,),
    fix=FixKind.NEEDS_CHART,
    fix_text="Correct the birth date or the service date.",
    question="When was the patient born, and when was the service?",
    message="{code} is dated {service_from}, before the patient's birth.",
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The service date lies before the patient's birth.

    What it finds:
        Lines whose service date is earlier than the patient's birth date.

    Why:
        One of the two dates is wrong, and the payer does not find the patient by it.

    Example:
        11102 dx=D49.2 born=2026-08-01

    Instead:
        11102 dx=D49.2 born=1956-08-01

    References:
        CMS, Medicare Claims Processing Manual, chapter 26.
    """
    return lines.filter(pl.col(c.SERVICE_FROM) < pl.col(c.PATIENT_BIRTH))
