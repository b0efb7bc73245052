"""A place of service that does not exist."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, Exposure, FixKind, Scope, Severity, rule


@rule(
    "place-of-service-unknown",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    exposure=Exposure.DENIAL,
    evidence=Evidence.CMS_FILE,
    authority="CMS place of service code set",
    carc="5",
    since="0.1.0",
    tables=("pos",),
    fix=FixKind.NEEDS_CHART,
    fix_text="Write the two digits of the place where {code} was done (11 office, 22 hospital outpatient, 24 surgery center).",
    question="Where was {code} done?",
    message="Place of service {place_of_service} on {code} is none of the code set.",
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A place of service code does not exist.

    What it finds:
        Lines whose place of service is not in the code set, or is missing.

    Why:
        The place decides between the facility and the non-facility amount; a claim without a valid one is returned.

    Example:
        11102 dx=D49.2 pos=00

    Instead:
        11102 dx=D49.2 pos=11

    References:
        CMS, place of service codes for professional claims.
    """
    known = ref.table("pos")["place_of_service"].unique().to_list()
    return lines.filter(~pl.col(c.PLACE_OF_SERVICE).is_in(known).fill_null(value=False))
