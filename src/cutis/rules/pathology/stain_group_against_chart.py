"""A special stain under the code of the other group."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import said


@rule(
    "stain-group-against-chart",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    evidence=Evidence.RECALLED,
    authority="CPT special stains, group I for organisms and group II for others, restated from knowledge",
    carc="150",
    since="0.1.0",
    needs=(c.DOC_METHOD,),
    codes=("88312", "88313"),
    fix=FixKind.NEEDS_CHART,
    fix_text="Report {right} for this stain.",
    question="Which stain was done, and on how many blocks?",
    message="The stain that the chart names is {right}; billed is {code}.",
    facts=("PA-03",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The special stain is of the other group.

    What it finds:
        88313 where the chart names a stain for organisms (GMS, AFB, Gram, Fite, Warthin-Starry) or says that it was done to look for them, and 88312 where it names
        one of the other group (iron, trichrome, elastic, amyloid, mucin).

    Why:
        Stains for organisms are 88312, others 88313. The two are paid differently.

    Example:
        88313 dx=B35.1 method=gms_stain

    Instead:
        88312 dx=B35.1 method=gms_stain

    References:
        CPT, special stains (restated).
    """
    text = said()
    organisms = text.str.contains(
        r"\b(?:gms|grocott|afb|acid.fast|gram|fite|ziehl|warthin|methenamine|steiner)\b|fung|hypha|\b(?:micro-?)?organism|bacteri|mycobact"
    )
    other = text.str.contains(
        r"\b(?:iron|trichrome|elastic|vvg|verhoeff|congo|amyloid|mucicarmine|mucin|alcian|colloidal|reticulin|masson|fontana|von kossa)\b"
    )
    right = pl.when(organisms & ~other).then(pl.lit("88312")).when(other & ~organisms).then(pl.lit("88313"))
    return lines.with_columns(right.alias("right")).filter(pl.col("right") != pl.col(c.CODE))
