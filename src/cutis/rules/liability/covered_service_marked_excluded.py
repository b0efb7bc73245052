"""GY on the treatment of a cancer or its precursor."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, has_modifier, rule
from cutis.rules._shared.diagnoses import dotted

SKIN = load_families().codes("skin_procedure") - load_families().codes("cosmetic")


@rule(
    "covered-service-marked-excluded",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 30 (GY is for what the law excludes); NCD 250.4 (actinic keratosis is covered)",
    carc="96",
    since="0.1.0",
    modifiers=("GY",),
    payers=("medicare",),
    fix=FixKind.NEEDS_CHART,
    fix_text="Take GY off {code} unless the service was not for {shown}.",
    question="Was {code} done for {shown}?",
    message="GY on {code} makes Medicare deny it, though {shown} is treated under coverage.",
    facts=("AB-01",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """GY excludes a service whose diagnosis Medicare covers.

    What it finds:
        GY on skin procedures whose first diagnosis is a malignant neoplasm or carcinoma in situ of skin, or actinic
        keratosis.

    Why:
        A line with GY is denied without a look and the patient is billed for what Medicare would have paid.

    Example:
        17000 GY dx=L57.0

    Instead:
        17000 dx=L57.0

    References:
        CMS, National Coverage Determination 250.4; Medicare Claims Processing Manual, chapter 30.
    """
    covered = pl.col(c.DX_1).str.contains(r"^(?:C43|C44|C4A|D03|D04|L570)").fill_null(value=False)
    return (
        lines.filter(has_modifier("GY"), pl.col(c.CODE).is_in(SKIN))
        .filter(covered)
        .with_columns(dotted(c.DX_1).alias("shown"))
    )
