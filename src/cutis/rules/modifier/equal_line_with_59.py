"""59 on the second line of the same code, where payers ask for 76."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import DAY, OTHER_LINES, Evidence, FixKind, Scope, Severity, Stake, any_modifier, code_repeated, rule
from cutis.rules._shared.pairs import ANATOMIC, DISTINCT
from cutis.rules._shared.visits import with_fee

# 59 is the custom between first stages of Mohs, and lengths of repairs are added, not told apart
LEFT_OUT = load_families().codes("mohs") | load_families().codes("repair")


@rule(
    "equal-line-with-59",
    scope=Scope.DAY,
    severity=Severity.WARNING,
    evidence=Evidence.PUBLISHED,
    authority="AAD coding guidance (76 for a second lesion of the same code under Medicare); MACs differ",
    url="https://www.aad.org/dw/monthly/2023/january/dcc-coding-lessons-learned-in-2022",
    carc="18",
    since="0.1.0",
    modifiers=DISTINCT,
    tables=("fee",),
    payers=("medicare",),
    stake=Stake.NONE,
    fix=FixKind.NEEDS_CHART,
    fix_text="Ask the MAC; where it wants 76 for a further lesion of the same code, use that in place of {modifier}.",
    question="Are the two {code} on different lesions, and which sites?",
    message="{code} stands twice with {modifier} on the second; many MACs deny that and want 76 for a further lesion.",
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """59 marks the second of two equal lines.

    What it finds:
        A second line of a code with surgical global days on a day, carrying 59 or X and neither 76 nor an anatomic
        modifier. Mohs codes, where 59 is the custom, and repairs, whose lengths are added, are left out.

    Why:
        59 is for two different codes. For a further lesion of the same code several Medicare contractors want 76, and
        have denied the line with 59 as a duplicate.

    Example:
        17262 dx=C44.722
        17262 59 dx=C44.729

    Instead:
        17262 dx=C44.722
        17262 76 dx=C44.729

    References:
        American Academy of Dermatology, coding lessons learned in 2022.
    """
    marked = any_modifier(DISTINCT)
    twice = lines.filter(code_repeated(lines))
    equal = twice.join(twice.filter(marked), on=[DAY, c.CODE], how="semi", maintain_order="left").with_columns(
        pl.col(c.LINE).implode().over(DAY, c.CODE, c.CLAIM_INDEX, mapping_strategy="join").alias(OTHER_LINES)
    )
    which = pl.coalesce(pl.when(pl.col(m).is_in(DISTINCT)).then(pl.col(m)) for m in c.MODIFIERS)
    # a line without the modifier is the first of them, wherever it stands
    ranked = equal.sort(marked.cast(pl.Int8), maintain_order=True)
    late = ranked.filter(marked & ~any_modifier(("76", *ANATOMIC)), ~pl.struct(DAY, c.CODE).is_first_distinct())
    known = with_fee(late, ref, "global_days").filter(pl.col("global_days").is_in(["000", "010", "090"]))
    return known.filter(~pl.col(c.CODE).is_in(LEFT_OUT)).with_columns(which.alias("modifier"))
