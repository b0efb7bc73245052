"""A code for one group of body sites, done at a site of another."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.sites import ALLOWED, allowed, of_words, words_of_code


@rule(
    "site-of-code-against-chart",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="CPT site groups of the code series, restated; published coding guidance on excisions and Mohs surgery",
    url="https://www.hmpgloballearningnetwork.com/site/thederm/site/cathlab/event/size-matters",
    carc="150",
    since="0.1.0",
    needs=(c.DOC_SITE,),
    codes=ALLOWED,
    fix=FixKind.NEEDS_CHART,
    fix_text="Take the code of the same size or stage for the site in the note.",
    question="Where exactly was the lesion or wound?",
    message="{code} is for {words}, but the chart says {doc_site}.",
    facts=("EX-04", "MO-02", "SH-01", "DS-08", "RP-02", "FL-01", "GR-01"),
    supersedes=("site-of-code-against-diagnosis",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The code is for other body sites than the chart names.

    What it finds:
        Shaves, excisions, malignant destructions, repairs, flaps, grafts and Mohs surgery whose site group does not
        hold the site in the chart. Words that may mean several sites are read in the claim's favor.

    Why:
        The site decides the code and its price. The note is what an auditor reads.

    Example:
        11602 dx=C44.319 site=left_cheek

    Instead:
        11642 dx=C44.319 site=left_cheek

    References:
        AAPC, Don't Marginalize Mohs; HMP, Size Matters; CPT site groups (restated).
    """
    placed = lines.filter(pl.col(c.DOC_SITE).is_not_null()).with_columns(of_words().alias("_sites"))
    wrong = placed.filter(pl.col("_sites") != 0, (pl.col("_sites") & allowed()) == 0)
    # outside its sites 17311 is right where the surgery reached muscle, cartilage, bone, nerve or vessel
    deep = (
        pl.when(pl.col(c.CODE) == "17311").then(pl.lit(Severity.WARNING.value)).otherwise(pl.lit(Severity.ERROR.value))
    )
    return wrong.with_columns(words_of_code().alias("words"), deep.alias("severity"))
