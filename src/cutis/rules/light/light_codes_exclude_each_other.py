"""Several codes of one treated area on a day."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import DAY, OTHER_LINES, Evidence, FixKind, Scope, Severity, rule

GROUP = dict.fromkeys(("96920", "96921", "96922"), "excimer") | dict.fromkeys(
    ("96567", "96573", "96574"), "photodynamic"
)


@rule(
    "light-codes-exclude-each-other",
    scope=Scope.DAY,
    severity=Severity.WARNING,
    evidence=Evidence.RECALLED,
    authority="CPT codes by total area (excimer) and by provider (photodynamic), restated from knowledge; CMS MUE of 1",
    carc="231",
    since="0.1.0",
    codes=GROUP,
    fix=FixKind.NEEDS_CHART,
    fix_text="Report the one {group} code of the day, by the whole area or by who did it.",
    question="What was the whole area treated, and who applied the drug and the light?",
    message="{code} is a second {group} code of the day; one of them stands for the whole.",
    facts=("PD-01", "PH-01"),
    supersedes=("ncci-pair-never-together", "ncci-pair-without-modifier"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Excimer or photodynamic codes that exclude each other stand on one day.

    What it finds:
        Two different excimer codes, or two different photodynamic codes, on one day.

    Why:
        The codes divide by the day's area or by who did the work; a second one is denied as mutually exclusive.

    Example:
        96920 dx=L40.0
        96921 dx=L40.0

    Instead:
        96921 dx=L40.0

    References:
        CPT (restated).
    """
    group = pl.col(c.CODE).replace_strict(GROUP, return_dtype=pl.String)
    grouped = lines.with_columns(group.alias("group"))
    several = grouped.filter(pl.col(c.CODE).n_unique().over(DAY, "group") > 1)
    listed = several.group_by(DAY, "group", c.CLAIM_INDEX).agg(pl.col(c.LINE).alias(OTHER_LINES))
    # the largest stays, whatever the order of the lines
    lesser = several.sort(c.CODE, descending=True, maintain_order=True).filter(
        ~pl.struct(DAY, "group").is_first_distinct()
    )
    return lesser.join(listed, on=[DAY, "group", c.CLAIM_INDEX], how="left", maintain_order="left")
