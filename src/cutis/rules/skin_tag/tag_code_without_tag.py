"""The code of skin tags with another lesion."""

import polars as pl

from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import only, shown


@rule(
    "tag-code-without-tag",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="CPT definition of 11200 (tags only), restated; published coding guidance on benign lesions",
    carc="11",
    since="0.1.0",
    codes=("11200", "11201"),
    fix=FixKind.NEEDS_CHART,
    fix_text="By the lesion: warts and other benign lesions destroyed are 17110 or 17111, keratoses 17000 to 17004.",
    question="What kind of lesion was removed, and how?",
    message="{code} is for skin tags, but the line points to {shown}.",
    facts=("TG-01", "DS-05", "DS-06"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The skin tag code points to lesions that are no tags.

    What it finds:
        11200 and 11201 whose diagnoses are all warts, molluscum, keratoses, cysts, nevi or malignancies.

    Why:
        The codes are for tags only. Other lesions have their own by kind, number and method; the diagnosis gives
        the mismatch away.

    Example:
        11200 dx=B07.8

    Instead:
        17110 dx=B07.8

    References:
        AAPC dermatology coding alert; CPT, skin tags (restated).
    """
    other = only(r"B07|B081|A630|L57|L82|L72|C4[34]|C4A|D0[34]")
    # papillomatous nevi are called tags by some, so that a nevus alone is worth a look and no more
    nevus = only(r"D22|D23")
    found = lines.filter(other | nevus).with_columns(shown().alias("shown"))
    weak = only(r"D22|D23|L82")
    severity = pl.when(weak).then(pl.lit(Severity.WARNING.value)).otherwise(pl.lit(Severity.ERROR.value))
    return found.with_columns(severity.alias("severity"))
