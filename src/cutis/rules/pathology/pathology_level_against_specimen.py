"""A pathology level that the specimen is not of."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule


@rule(
    "pathology-level-against-specimen",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    evidence=Evidence.PUBLISHED,
    authority="CPT list of specimens by level, restated; AAD, using pathology codes",
    url="https://www.aad.org/dw/monthly/2012/may/using-pathology-codes",
    carc="150",
    since="0.1.0",
    needs=(c.DOC_METHOD,),
    codes=("88302", "88304", "88305", "88307", "88309"),
    fix=FixKind.NEEDS_CHART,
    fix_text="By the specimen: {level}.",
    question="What was the specimen: a scar from plastic repair, a cyst or tag, or other skin?",
    message="{code} for a specimen that the list puts at {level}.",
    facts=("PA-01",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The level of pathology does not fit the specimen.

    What it finds:
        88304 and higher where the chart names skin of a plastic repair or scar revision (88302), 88305 and higher where it names
        a skin cyst or tag (88304), and other levels where it names a biopsy, nevus, keratosis or tumor of the skin
        (88305).

    Why:
        The level follows from the kind of specimen, not from its difficulty. A level too high is denied on review.

    Example:
        88305 dx=L90.5 method=scar_revision

    Instead:
        88302 dx=L90.5 method=scar_revision

    References:
        CPT, surgical pathology, specimens by level (restated).
    """
    text = pl.col(c.DOC_METHOD).str.to_lowercase()
    scar = text.str.contains(r"scar revision|plastic repair|scar,? cicatri")
    cyst = text.str.contains(r"\b(?:epiderm\w+|pilar|sebaceous|inclusion) cyst|skin tag|acrochordon")
    lesion = text.str.contains(
        r"biops|skin excision|excision of skin|re-?excision|nevus|nevi\b|\bmole\b|keratos|carcinoma|melanoma|dermatitis|\bbcc\b|\bscc\b"
    )
    level = pl.when(scar).then(pl.lit("88302")).when(cyst).then(pl.lit("88304")).when(lesion).then(pl.lit("88305"))
    return lines.with_columns(level.alias("level")).filter(
        pl.col("level").is_not_null(), pl.col("level") != pl.col(c.CODE), ~(cyst & (pl.col(c.CODE) < "88304"))
    )
