"""Repairs of one class and site group on several lines."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import DAY, OTHER_LINES, Evidence, FixKind, Scope, Severity, any_modifier, rule

# class and site group of each primary repair code, in words of our own
GROUP = (
    dict.fromkeys(("12001", "12002", "12004", "12005", "12006", "12007"), "simple, body and scalp")
    | dict.fromkeys(("12011", "12013", "12014", "12015", "12016", "12017", "12018"), "simple, face")
    | dict.fromkeys(("12031", "12032", "12034", "12035", "12036", "12037"), "intermediate, body and scalp")
    | dict.fromkeys(("12041", "12042", "12044", "12045", "12046", "12047"), "intermediate, neck, hands, feet")
    | dict.fromkeys(("12051", "12052", "12053", "12054", "12055", "12056", "12057"), "intermediate, face")
    | dict.fromkeys(("13100", "13101"), "complex, trunk")
    | dict.fromkeys(("13120", "13121"), "complex, scalp and limbs")
    | dict.fromkeys(("13131", "13132"), "complex, face, neck, hands, feet")
    | dict.fromkeys(("13151", "13152"), "complex, eyelids, nose, ears, lips")
)


@rule(
    "repairs-of-one-class-on-two-lines",
    scope=Scope.DAY,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="CPT guideline on repairs (add the lengths of one class and site group), restated; NCCI edits between such codes",
    carc="97",
    since="0.1.0",
    codes=GROUP,
    fix=FixKind.NEEDS_CHART,
    fix_text="Add the lengths of the {group} repairs and report one code for the sum.",
    question="What are the lengths of the {group} repairs of this day?",
    message="{code} is a second {group} repair of the day; their lengths are added and reported as one.",
    facts=("RP-01", "RP-02", "RP-08"),
    supersedes=("ncci-pair-never-together", "ncci-pair-without-modifier"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Lengths of repairs that are added up stand on two lines.

    What it finds:
        Two or more repair codes of the same class and site group on one day by one provider.

    Why:
        Lengths of one class and group are summed. Two lines are denied as bundled and pay wrongly either way.

    Example:
        12031 dx=C44.519
        12032 dx=C44.519

    Instead:
        12034 dx=C44.519

    References:
        CPT, repair (restated).
    """
    group = pl.col(c.CODE).replace_strict(GROUP, default=None, return_dtype=pl.String)
    grouped = lines.with_columns(group.alias("group")).filter(pl.col("group").is_not_null())
    apart = any_modifier(("XE", "XP", "76", "77", "78", "79"))
    many = grouped.filter(~apart).filter(pl.len().over(DAY, "group") > 1)
    listed = many.group_by(DAY, "group", c.CLAIM_INDEX).agg(pl.col(c.LINE).alias(OTHER_LINES))
    # the largest stays, whatever the order of the lines
    lesser = many.sort(c.CODE, descending=True, maintain_order=True).filter(
        ~pl.struct(DAY, "group").is_first_distinct()
    )
    return lesser.join(listed, on=[DAY, "group", c.CLAIM_INDEX], how="left", maintain_order="left")
