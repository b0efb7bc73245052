"""A removal billed as a biopsy."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import said


@rule(
    "removal-billed-as-biopsy",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="Published coding guidance: the intent parts biopsy from removal (AAPC; The Hospitalist)",
    url="https://www.aapc.com/blog/23099-three-tidbits-help-you-code-lesion-biopsy-and-removal/",
    carc="150",
    since="0.1.0",
    needs=(c.DOC_METHOD,),
    codes=load_families().codes("biopsy"),
    fix=FixKind.NEEDS_CHART,
    fix_text="If the lesion was to be removed, report {right} by site and size.",
    question="Was the aim to sample the lesion or to remove it?",
    message="{code} is a biopsy, but the chart describes a removal: {doc_method}.",
    facts=("SH-03", "BX-08"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The chart describes a removal, the claim a biopsy.

    What it finds:
        Skin biopsy codes where the chart says that the whole lesion was removed, shaved off or excised, and does
        not say that it was sampled.

    Why:
        The intent decides: sampling for a diagnosis is a biopsy, taking the lesion off is a shave removal or an
        excision, whether or not tissue went to pathology.

    Example:
        11102 dx=L82.0 method=lesion_shaved_off_in_toto

    Instead:
        11302 dx=L82.0 method=lesion_shaved_off_in_toto

    References:
        The Hospitalist, guide to common procedural coding mistakes; AAPC, lesion biopsy and removal.
    """
    text = said()
    whole = text.str.contains(
        r"in toto|entire(?:ly)? (?:lesion )?(?:removed|excised|shaved)|complete(?:ly)? (?:remov|excis|shav)|(?:remov|excis|shav)\w* (?:completely|entirely|in its entirety)|entire lesion|shave removal|excised|excision of|aim was removal|intent(?:ion)? (?:was )?(?:to remove|removal)"
    )
    sampled = text.str.contains(
        r"sampl|for diagnosis|diagnostic|partial|portion|only part|incisional|not (?:completely|entirely) remov"
    )
    right = (
        pl.when(text.str.contains(r"excis|full.?thickness|to (?:the )?fat|subcut"))
        .then(pl.lit("an excision"))
        .otherwise(pl.lit("a shave removal"))
    )
    return lines.filter(whole & ~sampled).with_columns(right.alias("right"))
