"""Pathology billed on Mohs tissue."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import DAY, OTHER_LINES, Evidence, FixKind, Scope, Severity, any_modifier, rule

MOHS = load_families().codes("mohs_first")
BESIDE = (*load_families().codes("biopsy"), "88305", "88331", "88332")


@rule(
    "mohs-biopsy-with-prior-result",
    scope=Scope.DAY,
    severity=Severity.ERROR,
    evidence=Evidence.CMS_MANUAL,
    authority="NCCI policy manual, chapter III, section G (Mohs and pathology or biopsy of the same tumor)",
    carc="97",
    since="0.1.0",
    needs=(c.DOC_PRIOR_PATHOLOGY,),
    codes=(*MOHS, *BESIDE),
    fix=FixKind.NEEDS_CHART,
    fix_text="Take {code} off: a result was on file, so the biopsy and its frozen section are part of {mohs}.",
    question="Was {code} done on another lesion, or was the earlier result not obtainable?",
    message="{code} is separated from {mohs} by a modifier, but a pathology result of the lesion was on file.",
    facts=("MO-07", "MO-08", "BX-09"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Slides of Mohs tissue are billed as pathology.

    What it finds:
        Biopsies and frozen sections with 59 or X on the day of Mohs surgery, where the chart says that a result
        existed.

    Why:
        A biopsy before Mohs is separate only where no result of the last 60 days exists or it cannot be had.
        Otherwise it and its slides are included.

    Example:
        17311 dx=C44.311 prior_pathology=yes
        11102 59 dx=C44.311 prior_pathology=yes

    Instead:
        17311 dx=C44.311 prior_pathology=no
        11102 59 dx=C44.311 prior_pathology=no

    References:
        CMS, NCCI policy manual, chapter III; MAC articles on Mohs surgery.
    """
    mohs = pl.col(c.CODE).is_in(sorted(MOHS))
    beside = mohs.any().over(DAY)
    first = pl.col(c.CODE).filter(mohs).first().over(DAY)
    where = pl.col(c.LINE).filter(mohs).first().over(DAY, c.CLAIM_INDEX)
    marked = lines.with_columns(first.alias("mohs"), pl.concat_list(where).list.drop_nulls().alias(OTHER_LINES))
    prior = pl.col(c.DOC_PRIOR_PATHOLOGY) if c.DOC_PRIOR_PATHOLOGY in lines.columns else pl.lit(None, dtype=pl.Boolean)
    return marked.filter(beside & ~mohs & any_modifier(("59", "XS", "XE", "XP", "XU")), prior.eq(other=True))
