"""A lipoma under the code of skin lesions."""

import polars as pl

from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import only, shown


@rule(
    "lipoma-under-skin-excision",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    evidence=Evidence.PUBLISHED,
    authority="AAD coding guidance on soft tissue tumors (2026); AAPC coding alerts",
    url="https://www.aad.org/dw/monthly/2026/february/dcc-excision-and-biopsy-of-soft-tissue-tumors",
    carc="150",
    since="0.1.0",
    codes=load_families().codes("benign_excision"),
    fix=FixKind.NEEDS_CHART,
    fix_text="If it was taken from subcutaneous tissue, report the soft tissue code of the region by size; if it was within the skin, {code} stays.",
    question="How deep did the lipoma lie, and how large was it?",
    message="{code} points to a lipoma ({shown}), which is mostly below the skin: soft tissue codes are for that.",
    facts=("EX-03", "EX-09"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A lipoma is billed as the excision of a skin lesion.

    What it finds:
        114xx whose diagnoses are lipomas of skin and subcutaneous tissue alone (D17.0 to D17.3).

    Why:
        A tumor below the skin is excised by the soft tissue codes of its region (such as 21930, 23075), by size and
        depth, and those pay more. The skin code is right only for one within the skin.

    Example:
        11403 dx=D17.22

    Instead:
        23075 dx=D17.22

    References:
        American Academy of Dermatology, excision and biopsy of soft tissue tumors (2026); AAPC coding alerts.
    """
    return lines.filter(only("D17[0-3]")).with_columns(shown().alias("shown"))
