"""A skin biopsy code with a diagnosis of a site that has its own."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, is_like, rule
from cutis.rules._shared.diagnoses import dotted

# beginnings of diagnosis codes, the site in words, its biopsy code
SITES = (
    (r"^(?:C432|C442|C4A2|D032|D042|D222|D232|H61)", "the external ear", "69100"),
    (r"^(?:C431|C441|C4A1|D031|D041|D221|D231)", "the eyelid with its margin", "67810"),
    (r"^(?:C00|D000|K130)", "the vermilion or mucosa of the lip", "40490"),
    (r"^(?:L60|B351)", "the nail unit", "11755"),
    (r"^(?:C60|D074|D290|N48)", "the penis", "54100"),
    (r"^(?:C51|D071|D280|N90)", "the vulva", "56605"),
)


@rule(
    "biopsy-of-site-named-by-diagnosis",
    scope=Scope.LINE,
    severity=Severity.INFO,
    evidence=Evidence.PUBLISHED,
    authority="CPT guideline on skin biopsies (a code of the site comes first), restated; AAPC dermatology coding alert",
    carc="150",
    since="0.1.0",
    codes=load_families().codes("biopsy"),
    fix=FixKind.NEEDS_CHART,
    fix_text="If the tissue was of {site}, the biopsy is {right}; if of the skin beside it, {code} stays.",
    question="Was the tissue of {site}?",
    message="{code} points to {shown}, at whose site {right} may be the code.",
    facts=("BX-07",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The diagnosis names a site that has a biopsy code of its own.

    What it finds:
        Skin biopsy codes whose first diagnosis is of the ear, eyelid, vermilion, nail, penis or vulva.

    Why:
        A code of the site comes before the general skin code; editors see the site in the diagnosis. Skin beside
        the site, as behind the ear, keeps the general code.

    Example:
        11102 dx=D04.22

    Instead:
        69100 dx=D04.22

    References:
        CPT, biopsy of skin (restated); AAPC dermatology coding alert.
    """

    def of(position: int) -> pl.Expr:
        first = pl.col(c.DX_1)
        return pl.coalesce(pl.when(first.str.contains(s[0])).then(pl.lit(s[position])) for s in SITES)

    named = lines.filter(is_like(lines[c.DX_1], "|".join(s[0] for s in SITES)))
    return named.with_columns(of(2).alias("right"), of(1).alias("site"), dotted(c.DX_1).alias("shown"))
