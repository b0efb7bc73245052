"""A biopsy code of lip, lid margin or inner nose for the skin beside it."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import said

# what the code is for, what in the chart is the skin beside it, and what is the site itself
SITES = {
    "40490": (
        "the lip's vermilion or mucosa",
        r"cutaneous lip|hair.?bearing|(?:above|below|outside|beyond|off|from) the vermilion|skin of (?:the )?(?:upper |lower )?lip|lip skin|perioral|philtrum|\bchin\b|cheek|mustache|moustache",
        r"mucos|wet lip|on the vermilion|vermilion (?:lip|lesion|of)",
    ),
    "30100": (
        "the inside of the nose",
        r"skin|nasal tip|tip of (?:the )?nose|\bala\b|\balar?\b|bridge|dorsum|side ?wall|columella|nasolabial",
        r"intranasal|inside|septum|turbinate|mucos|vestibul|nostril|nasal cavity",
    ),
    "67810": (
        "the margin of the lid",
        r"eyebrow|brow\b|(?:away|mm|cm|off|below|above) (?:from |the )*(?:lid |lash )?(?:margin|line)|skin of (?:the )?(?:upper |lower )?(?:eye)?lid|eyelid skin|canth|cheek|temple",
        r"(?:on|at|of|involving|through) the (?:lid |eyelid )?margin|lash line involved|margin of",
    ),
}


@rule(
    "biopsy-site-against-chart",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="CPT sites of the biopsy codes of lip, lid margin and inner nose, restated; AAPC dermatology coding alert",
    carc="150",
    since="0.1.0",
    needs=(c.DOC_SITE,),
    codes=SITES,
    fix=FixKind.NEEDS_CHART,
    fix_text="A biopsy of the skin is 11102, 11104 or 11106 by its technique.",
    question="Where exactly was it taken: from {words}, or from the skin beside it?",
    message="{code} is for {words}, but the chart says {doc_site}.",
    facts=("BX-07",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The biopsy code of lip, lid margin or inner nose stands for a biopsy of skin.

    What it finds:
        40490 where the chart names the skin of the lip or beyond it, 67810 where it names skin away from the margin, and
        30100 where it names the skin of the nose.

    Why:
        The skin of lip, eyelid and nose is skin: its biopsy is coded by technique.

    Example:
        40490 dx=D49.2 site=hair-bearing_skin_of_the_upper_lip

    Instead:
        11104 dx=D49.2 site=hair-bearing_skin_of_the_upper_lip

    References:
        CPT, biopsies of lip, eyelid and nose (restated).
    """
    words, beside, own = (
        pl.col(c.CODE).replace_strict({code: site[i] for code, site in SITES.items()}, return_dtype=pl.String)
        for i in range(3)
    )
    site = said(c.DOC_SITE)
    return lines.filter(site.str.contains(beside), ~site.str.contains(own)).with_columns(words.alias("words"))
