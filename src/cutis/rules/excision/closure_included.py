"""A closure that the excision, shave or biopsy of the same lesion includes."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import (
    DAY,
    OTHER_LINES,
    Evidence,
    FixKind,
    Scope,
    Severity,
    any_modifier,
    narrow,
    not_alone,
    on_days,
    rule,
)

_FAMILIES = load_families()
INCLUDES = _FAMILIES.codes("excision") | _FAMILIES.codes("shave") | _FAMILIES.codes("biopsy_primary")
SIMPLE = _FAMILIES.codes("simple_repair")
LAYERED = _FAMILIES.codes("intermediate_repair") | _FAMILIES.codes("complex_repair_primary")


@rule(
    "closure-included",
    scope=Scope.DAY,
    severity=Severity.ERROR,
    evidence=Evidence.CMS_MANUAL,
    authority="NCCI policy manual, chapter III (simple closure; closure of benign excisions of 0.5 cm or less)",
    carc="97",
    since="0.1.0",
    uses=(c.DOC_LESION,),
    codes=(*INCLUDES, *SIMPLE, *LAYERED),
    fix=FixKind.NEEDS_CHART,
    fix_text="Take {code} off unless the note shows a wound of its own at another site, which XS or 59 states.",
    question="Which wound did {code} close: that of {includer}, or another one?",
    message="{code} closes what {includer} includes: it is not paid separately.",
    facts=("EX-06", "BX-11", "SH-02"),
    supersedes=("ncci-pair-never-together", "ncci-pair-without-modifier"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A simple closure is billed beside what includes it.

    What it finds:
        Simple repairs beside an excision, shave or biopsy; intermediate and complex repairs beside a benign
        excision of 0.5 cm or less; without a modifier for another site, or on the same lesion of the chart.

    Why:
        Simple closure is in the payment of the excision, shave or biopsy. NCCI includes every closure in a
        benign excision of 0.5 cm or less.

    Example:
        11401 dx=D22.62
        12001 dx=D22.62

    Instead:
        11401 dx=D22.62

    References:
        CMS, NCCI policy manual, chapter III, section C.
    """
    closures = narrow(lines, [DAY], not_alone() & ~pl.col(c.CODE).is_in(INCLUDES))[DAY]
    here = on_days(lines, on_days(narrow(lines, [DAY], pl.col(c.CODE).is_in(INCLUDES)), closures)[DAY])
    small = ["11400", "11420", "11440"]
    simple = pl.col(c.CODE).is_in(sorted(SIMPLE))
    layered = pl.col(c.CODE).is_in(sorted(LAYERED))
    has = {
        "any": pl.col(c.CODE).is_in(sorted(INCLUDES)).any().over(DAY),
        "small": pl.col(c.CODE).is_in(small).any().over(DAY),
        "large": pl.col(c.CODE).is_in(sorted(INCLUDES - set(small))).any().over(DAY),
    }
    first = pl.col(c.CODE).filter(pl.col(c.CODE).is_in(sorted(INCLUDES))).first().over(DAY)
    where = pl.col(c.LINE).filter(pl.col(c.CODE).is_in(sorted(INCLUDES))).first().over(DAY, c.CLAIM_INDEX)
    marked = here.with_columns(first.alias("includer"), pl.concat_list(where).list.drop_nulls().alias(OTHER_LINES))
    found = marked.filter((simple & has["any"]) | (layered & has["small"] & ~has["large"]))
    apart = any_modifier(("59", "XS", "XE", "XP", "XU"))
    if c.DOC_LESION in found.columns:
        by_lesion = (
            lines.filter(not_alone())
            .filter(pl.col(c.CODE).is_in(sorted(INCLUDES)))
            .select(c.CLAIM_INDEX, c.DOC_LESION, pl.lit(value=True).alias("_same"))
        )
        found = found.join(by_lesion.unique(), on=[c.CLAIM_INDEX, c.DOC_LESION], how="left", maintain_order="left")
        same, known = pl.col("_same").fill_null(value=False), pl.col(c.DOC_LESION).is_not_null()
        return found.filter((known & same) | (~known & ~apart))
    return found.filter(~apart)
