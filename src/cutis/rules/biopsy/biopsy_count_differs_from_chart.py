"""Biopsies that are not as many as the chart's."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import DAY, OTHER_LINES, Evidence, FixKind, Scope, Severity, rule

_FAMILIES = load_families()
BIOPSY = _FAMILIES.codes("biopsy")
# other services that a count may be of
OTHERS = frozenset().union(
    *(
        _FAMILIES.codes(f)
        for f in (
            "destruction",
            "skin_tag",
            "intralesional",
            "paring",
            "surgical_pathology",
            "excision",
            "shave",
            "mohs",
        )
    )
)


@rule(
    "biopsy-count-differs-from-chart",
    scope=Scope.DAY,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="AAD coding guidance for the skin biopsy codes",
    url="https://www.aad.org/dw/monthly/2019/january/biopsy-coding-in-2019-part-3",
    carc="151",
    since="0.1.0",
    needs=(c.DOC_COUNT,),
    codes=(*BIOPSY, *OTHERS),
    fix=FixKind.NEEDS_CHART,
    fix_text="Report one primary biopsy and an add-on unit for each further lesion, {doc_count} in all.",
    question="How many separate lesions or sites were biopsied, and by which technique each?",
    message="The chart counts {doc_count} biopsies; the lines of the day have {billed}.",
    facts=("BX-02", "BX-03"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The biopsies billed are not as many as the chart counts.

    What it finds:
        Skin biopsies of a day whose units, primary and add-on together, are more or fewer than the documented
        number. A count that belongs to other counted lesions of the day is left alone.

    Why:
        One primary and an add-on for each further lesion make up the count. More is denied or recovered, fewer is
        work not paid.

    Example:
        11102 dx=D49.2 count=4
        11103 x2 dx=D49.2 count=4

    Instead:
        11102 dx=D49.2 count=4
        11103 x3 dx=D49.2 count=4

    References:
        American Academy of Dermatology, biopsy coding in 2019.
    """
    counted = lines.filter(pl.col(c.DOC_COUNT).is_not_null())
    elsewhere = counted.filter(pl.col(c.CODE).is_in(sorted(OTHERS))).select(DAY, c.DOC_COUNT).unique()
    biopsies = counted.filter(pl.col(c.CODE).is_in(sorted(BIOPSY))).join(
        elsewhere, on=[DAY, c.DOC_COUNT], how="anti", maintain_order="left"
    )
    # a count that each line states for itself is of that line's lesions; one that all repeat is of the day
    same = pl.col(c.DOC_COUNT).n_unique().over(DAY) == 1
    expected = pl.when(same).then(pl.col(c.DOC_COUNT)).otherwise(pl.col(c.DOC_COUNT).sum().over(DAY))
    billed = biopsies.with_columns(pl.col(c.UNITS).sum().over(DAY).alias("billed"), expected.alias(c.DOC_COUNT))
    wrong = billed.filter(pl.col("billed") != pl.col(c.DOC_COUNT), pl.col(c.DOC_COUNT) > 0)
    # lines that repeat one may each count their own
    own = (pl.col(c.UNITS) == 1).all().over(DAY) & (pl.col(c.DOC_COUNT) == 1)
    listed = wrong.group_by(DAY, c.CLAIM_INDEX).agg(pl.col(c.LINE).alias(OTHER_LINES))
    last = wrong.filter(~own).unique([DAY], keep="last", maintain_order=True)
    return last.join(listed, on=[DAY, c.CLAIM_INDEX], how="left", maintain_order="left")
