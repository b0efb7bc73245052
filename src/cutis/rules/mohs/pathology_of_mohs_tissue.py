"""Pathology of the Mohs layers billed as if it were of another specimen."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import DAY, OTHER_LINES, Evidence, FixKind, Scope, Severity, any_modifier, not_alone, rule
from cutis.rules._shared.chart import said
from cutis.rules._shared.pairs import DISTINCT

MOHS = load_families().codes("mohs_first")
READING = load_families().codes("surgical_pathology") | {"88331", "88332"}


@rule(
    "pathology-of-mohs-tissue",
    scope=Scope.DAY,
    severity=Severity.WARNING,
    evidence=Evidence.RECALLED,
    authority="NCCI policy manual, chapter III (pathology of the Mohs specimen is included), recalled",
    carc="97",
    since="0.1.0",
    needs=(c.DOC_METHOD,),
    codes=(*READING, *MOHS),
    fix=FixKind.NEEDS_CHART,
    fix_text="Take {code} off unless it is of a specimen apart from the Mohs layers.",
    question="Which specimen does {code} belong to: a Mohs layer, or one that is no part of the Mohs surgery?",
    message="{code} is said to be separate, but the chart names tissue of the Mohs surgery: {mohs} includes its pathology.",
    facts=("MO-07",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The tissue of Mohs surgery is billed again as a specimen.

    What it finds:
        88300 to 88309, 88331 and 88332 with 59 or an X modifier on the day of Mohs surgery where the chart says that the
        tissue was that of the stages.

    Why:
        The Mohs codes pay for the pathology of their tissue. The modifier states another specimen; of the same tissue it
        is a false claim.

    Example:
        17311 dx=C44.311
        88305 59 dx=C44.311 method=permanent_sections_of_the_same_mohs_tissue

    Instead:
        17311 dx=C44.311

    References:
        CMS, NCCI policy manual, chapter III, Mohs micrographic surgery.
    """
    mohs = pl.col(c.CODE).is_in(sorted(MOHS))
    where = pl.col(c.LINE).filter(mohs).first().over(DAY, c.CLAIM_INDEX)
    marked = lines.filter(not_alone()).with_columns(
        pl.col(c.CODE).filter(mohs).first().over(DAY).alias("mohs"),
        pl.concat_list(where).list.drop_nulls().alias(OTHER_LINES),
    )
    own = said().str.contains(
        r"\b(?:of|from|on) (?:the |a |each )?(?:same )?(?:mohs |stage )(?:tissue|layer|specimen|section|margin)|\bsame tissue|(?:mohs|stage) (?:tissue|layer|specimen)s? (?:was |were )?(?:also )?(?:sent|submitted)"
    ) & ~said().str.contains(r"biops|debulk|another|other (?:lesion|specimen|site)")
    return marked.filter(pl.col(c.CODE).is_in(READING), pl.col("mohs").is_not_null(), any_modifier(DISTINCT), own)
