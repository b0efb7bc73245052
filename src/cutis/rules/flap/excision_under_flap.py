"""An excision beside the flap that includes it."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import DAY, OTHER_LINES, Evidence, FixKind, Scope, Severity, any_modifier, not_alone, rule

FLAP = load_families().codes("flap")
EXCISION = load_families().codes("excision")


@rule(
    "excision-under-flap",
    scope=Scope.DAY,
    severity=Severity.ERROR,
    evidence=Evidence.CMS_MANUAL,
    authority="NCCI policy manual, chapter III (adjacent tissue transfer includes the excision); CPT guideline, restated",
    carc="97",
    since="0.1.0",
    uses=(c.DOC_LESION,),
    codes=(*FLAP, *EXCISION),
    fix=FixKind.NEEDS_CHART,
    fix_text="Report {flap} alone; only an excision at another site is separate.",
    question="Was {code} done at the site that {flap} closed?",
    message="{code} is included in {flap}, which closed its defect.",
    facts=("EX-07", "FL-01", "FL-03"),
    supersedes=("ncci-pair-never-together", "ncci-pair-without-modifier"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The excision of a lesion is billed beside the flap that closed it.

    What it finds:
        114xx and 116xx beside 14000 to 14302 without a modifier for another site, or on the same lesion of the
        chart.

    Why:
        Adjacent tissue transfer includes the excision of the lesion at its site.

    Example:
        14060 dx=C44.311
        11641 dx=C44.311

    Instead:
        14060 dx=C44.311

    References:
        CMS, NCCI policy manual, chapter III; CPT (restated).
    """
    lines = lines.filter(not_alone())
    flap = pl.col(c.CODE).is_in(sorted(FLAP))
    beside = flap.any().over(DAY)
    first = pl.col(c.CODE).filter(flap).first().over(DAY)
    where = pl.col(c.LINE).filter(flap).first().over(DAY, c.CLAIM_INDEX)
    found = lines.with_columns(first.alias("flap"), pl.concat_list(where).list.drop_nulls().alias(OTHER_LINES)).filter(
        beside & ~flap
    )
    apart = any_modifier(("59", "XS", "XE", "XP", "XU"))
    if c.DOC_LESION in found.columns:
        by_lesion = lines.filter(flap).select(c.CLAIM_INDEX, c.DOC_LESION, pl.lit(value=True).alias("_same")).unique()
        found = found.join(by_lesion, on=[c.CLAIM_INDEX, c.DOC_LESION], how="left", maintain_order="left")
        same, known = pl.col("_same").fill_null(value=False), pl.col(c.DOC_LESION).is_not_null()
        return found.filter((known & same) | (~known & ~apart))
    return found.filter(~apart)
