"""More than one primary skin biopsy on a day."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import DAY, OTHER_LINES, Evidence, FixKind, Scope, Severity, not_alone, rule

# The hierarchy: incisional over punch over tangential, and the add-on by the lesion's own technique.
RANK = {"11106": 3, "11104": 2, "11102": 1}
ADD_ON = {"11106": "11107", "11104": "11105", "11102": "11103"}


@rule(
    "two-primary-biopsies",
    scope=Scope.DAY,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="AAD coding guidance for the 2019 skin biopsy codes; CPT guideline on one primary biopsy a session",
    url="https://www.aad.org/dw/monthly/2019/january/biopsy-coding-in-2019-part-3",
    carc="97",
    since="0.1.0",
    in_force=("2019-01-01", None),
    codes=RANK,
    fix=FixKind.NEEDS_CHART,
    fix_text="Report {code} as {add_on}, one unit a further lesion of that technique, under the primary {primary}.",
    question="Is each biopsy of its own lesion, and by which technique was each taken?",
    message="{code} is a second primary biopsy beside {primary}; further lesions are add-on codes.",
    facts=("BX-02", "BX-03"),
    supersedes=("ncci-pair-never-together", "ncci-pair-without-modifier"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A second primary biopsy stands beside the first.

    What it finds:
        A primary skin biopsy code on the same day as a primary of higher (or the same) technique.

    Why:
        Only one primary biopsy code is reported a session: the highest technique taken. Every other lesion is an
        add-on by its own technique, so a second primary is denied as included.

    Example:
        11104 dx=D49.2
        11102 dx=D49.2

    Instead:
        11104 dx=D49.2
        11103 dx=D49.2

    References:
        American Academy of Dermatology, Dermatology World, biopsy coding in 2019.
    """
    rank = pl.col(c.CODE).replace_strict(RANK, return_dtype=pl.Int8)
    several = lines.filter(not_alone())
    ranked = several.with_columns(rank.alias("rank")).sort(
        "rank", c.CLAIM_INDEX, c.LINE, descending=[True, False, False]
    )
    first = ranked.with_columns(
        pl.col(c.CODE).first().over(DAY).alias("primary"),
        pl.concat_list(pl.col(c.LINE).first().over(DAY, c.CLAIM_INDEX)).alias(OTHER_LINES),
    )
    return first.filter(~pl.col(DAY).is_first_distinct()).with_columns(
        pl.col(c.CODE).replace_strict(ADD_ON, return_dtype=pl.String).alias("add_on")
    )
