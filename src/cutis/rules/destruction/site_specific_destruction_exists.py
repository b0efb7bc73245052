"""A skin destruction code at a site that has its own."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import said

SITES = (
    (r"peri-?an|\banus|\banal\b|perirect", "46900 to 46924"),
    (r"penis|penile|glans|foreskin|prepuce|corona", "54050 to 54065"),
    (r"vulva|labia|clitor|introit", "56501 and 56515"),
    (r"vagin", "57061 and 57065"),
)


@rule(
    "site-specific-destruction-exists",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="Published guidance on coding of genital lesions; CPT guideline (the code of the site comes first), restated",
    carc="150",
    since="0.1.0",
    needs=(c.DOC_SITE,),
    codes=("17110", "17111"),
    fix=FixKind.NEEDS_CHART,
    fix_text="At this site the codes are {right}, by extent and method.",
    question="Where were the lesions, how many, and how were they destroyed?",
    message="{code} at {doc_site}: that site has destruction codes of its own, {right}.",
    facts=("BX-07", "DS-05"),
    supersedes=("genital-wart-under-skin-code",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The site has a destruction code of its own.

    What it finds:
        17110, 17111 and 17000 to 17004 where the chart names anus, penis, vulva or vagina.

    Why:
        Destruction of lesions of anus and genitals has codes by site, extent and method. The general code is wrong
        there and mostly pays less.

    Example:
        17110 dx=A63.0 site=penile_shaft

    Instead:
        54056 dx=A63.0 site=penile_shaft

    References:
        The Dermatologist, Coding genital lesions.
    """
    right = pl.coalesce(pl.when(said(c.DOC_SITE).str.contains(pattern)).then(pl.lit(codes)) for pattern, codes in SITES)
    return lines.with_columns(right.alias("right")).filter(pl.col("right").is_not_null())
