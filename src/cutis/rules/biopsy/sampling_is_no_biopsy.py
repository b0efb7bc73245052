"""A scraping billed as a biopsy."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule


@rule(
    "sampling-is-no-biopsy",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="CPT guideline on skin biopsies (stratum corneum alone is none), restated",
    url="https://blogs.the-hospitalist.org/index.php/content/guide-avoiding-common-procedural-coding-mistakes",
    carc="150",
    since="0.1.0",
    needs=(c.DOC_METHOD,),
    codes=load_families().codes("biopsy"),
    fix=FixKind.NEEDS_CHART,
    fix_text="Take {code} off; only the laboratory test may be billed.",
    question="How deep was the tissue that was taken?",
    message="{code} is billed, but the chart describes a scraping: {doc_method}.",
    facts=("BX-06",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Scraped or stripped scale is billed as a biopsy.

    What it finds:
        Biopsy codes where the chart describes scraping, swabbing or tape stripping only.

    Why:
        A biopsy takes at least epidermis with dermis. Scale for microscopy is part of the test.

    Example:
        11102 dx=B35.3 method=scale_scraped_for_koh

    Instead:
        11102 dx=D49.2 method=shave_biopsy_into_dermis

    References:
        CPT, biopsy of skin (restated).
    """
    text = pl.col(c.DOC_METHOD).str.to_lowercase()
    scrape = text.str.contains(r"scrap|tape.?strip|swab|stratum corneum|smear")
    return lines.filter(scrape, ~text.str.contains(r"punch|shave|incision|dermis|curett|biops"))
