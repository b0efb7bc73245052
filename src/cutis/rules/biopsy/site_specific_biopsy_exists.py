"""A skin biopsy code at a site that has its own."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule

SITES = (
    (r"nail (?:bed|matrix|fold|unit)|lateral nail", "11755"),
    (r"\b(?:vermilion|lip mucosa|mucosal lip)", "40490"),
    (r"eyelid (?:margin|lid)|lid margin|^(?:left |right |upper |lower )*eyelid", "67810"),
    (r"\bear canal|auditory canal", "69105"),
    (r"\bear\b|helix|antihelix|tragus|pinna|concha|auricle", "69100"),
    (r"\bpenis|glans|foreskin|prepuce", "54100"),
    (r"\bvulva|labia|clitor", "56605"),
)
# a place beside the organ is skin of the face, the neck or the scalp
BESIDE = r"(?:behind|in front of|below|beneath|above|near|next to|beside|inferior to|superior to|anterior to|posterior to|adjacent to) (?:the |his |her )?(?:(?:left|right|upper|lower) )*(?:ears?|eyelids?|lid|lips?|vermilion|helix|tragus|nail|penis|vulva)\b"


@rule(
    "site-specific-biopsy-exists",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="CPT guideline on skin biopsies (a code of the site comes first), restated; AAPC dermatology coding alert",
    carc="150",
    since="0.1.0",
    needs=(c.DOC_SITE,),
    codes=load_families().codes("biopsy"),
    fix=FixKind.NEEDS_CHART,
    fix_text="At this site the biopsy is {right}.",
    question="Where exactly was the biopsy taken?",
    message="{code} at {doc_site}: that site has a biopsy code of its own, {right}.",
    facts=("BX-07",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The site has a biopsy code of its own.

    What it finds:
        Skin biopsy codes where the chart names ear, eyelid margin, vermilion, nail unit, penis or vulva.

    Why:
        A code of the site comes before the general skin code. The general one is denied on review, and may pay
        less.

    Example:
        11102 dx=D49.2 site=ear_helix

    Instead:
        69100 dx=D49.2 site=ear_helix

    References:
        CPT, biopsy of skin (restated).
    """
    text = pl.col(c.DOC_SITE).str.to_lowercase().str.replace_all(BESIDE, " ")
    right = pl.coalesce(pl.when(text.str.contains(pattern)).then(pl.lit(code)) for pattern, code in SITES)
    return lines.with_columns(right.alias("right")).filter(pl.col("right").is_not_null())
