"""A routine stain billed beside Mohs surgery."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import DAY, OTHER_LINES, Evidence, FixKind, Scope, Severity, not_alone, rule
from cutis.rules._shared.chart import said

MOHS = load_families().codes("mohs_first")


@rule(
    "mohs-stain-included",
    scope=Scope.DAY,
    severity=Severity.WARNING,
    evidence=Evidence.RECALLED,
    authority="NCCI policy manual, chapter III, and CPT guideline on Mohs (routine stains are included), recalled",
    carc="97",
    since="0.1.0",
    needs=(c.DOC_METHOD,),
    codes=("88314", *MOHS),
    fix=FixKind.NEEDS_CHART,
    fix_text="Take {code} off; only a stain other than the routine one is separate, with the reason in the note.",
    question="Which stain was used, and why beside the routine one?",
    message="{code} is billed for a stain that {mohs} includes: {doc_method}.",
    facts=("MO-09", "MO-10"),
    supersedes=("ncci-pair-without-modifier",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The stain of Mohs sections is billed on its own.

    What it finds:
        88314 on the day of Mohs surgery where the chart names hematoxylin and eosin or toluidine blue, or that the
        stain was routine.

    Why:
        Preparing and staining the sections with the routine stain is part of the Mohs codes. A further stain is
        separate only where it is not the routine one.

    Example:
        17311 dx=C44.311
        88314 59 dx=C44.311 method=toluidine_blue

    Instead:
        17311 dx=C44.311
        88342 59 dx=C44.311 method=cytokeratin_immunostain

    References:
        CMS, NCCI policy manual, chapter III; CPT, Mohs micrographic surgery (restated).
    """
    mohs = pl.col(c.CODE).is_in(sorted(MOHS))
    first = pl.col(c.CODE).filter(mohs).first().over(DAY)
    where = pl.col(c.LINE).filter(mohs).first().over(DAY, c.CLAIM_INDEX)
    marked = lines.filter(not_alone()).with_columns(
        first.alias("mohs"), pl.concat_list(where).list.drop_nulls().alias(OTHER_LINES)
    )
    routine = said().str.contains(r"h ?(?:&|and) ?e\b|hematoxylin|toluidine|routine")
    return marked.filter(~mohs & pl.col("mohs").is_not_null() & routine)
