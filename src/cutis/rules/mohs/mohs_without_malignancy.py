"""Mohs surgery on a diagnosis that is no malignancy."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, once_each, rule
from cutis.rules._shared.chart import shown


@rule(
    "mohs-without-malignancy",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="MAC coverage of Mohs surgery (A56515, A56514, L35494 and others): skin malignancies",
    url="https://www.cms.gov/medicare-coverage-database/view/article.aspx?articleid=56515",
    carc="11",
    since="0.1.0",
    codes=load_families().codes("mohs"),
    fix=FixKind.NEEDS_CHART,
    fix_text="Point {code} to the malignancy proven by pathology, if there is one.",
    question="What did the biopsy before the surgery show?",
    message="{code} points to {shown}: Mohs surgery is covered for skin malignancies.",
    facts=("DX-01", "MO-13"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Mohs surgery for a diagnosis that is no skin cancer.

    What it finds:
        17311 to 17315 where no diagnosis of the line is a malignancy, carcinoma or melanoma in situ, or a tumor
        of uncertain behavior.

    Why:
        Every Medicare contractor limits Mohs surgery to skin cancers; a keratosis or nevus is denied as not
        covered.

    Example:
        17311 dx=L57.0

    Instead:
        17311 dx=C44.311

    References:
        Medicare Coverage Database, articles on Mohs micrographic surgery.
    """
    text = pl.concat_str(*(pl.col(d) for d in c.DIAGNOSES), separator=" ", ignore_nulls=True)
    covered = text.str.contains(r"\bC4[349]|\bC4A|\bD0[34]|\bC00|\bC6[03]|\bC51|\bC7[69]|\bC21|\bD07|\bC44|\bD48|\bD09")
    outside = once_each(lines, c.DIAGNOSES, pl.col(c.DX_1).is_not_null() & ~covered).to_series()
    return lines.filter(outside).with_columns(shown().alias("shown"))
