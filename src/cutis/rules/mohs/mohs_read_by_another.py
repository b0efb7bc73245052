"""Mohs codes where another physician read the slides."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule


@rule(
    "mohs-read-by-another",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="MAC article A56514: one physician is surgeon and pathologist",
    url="https://www.cms.gov/medicare-coverage-database/view/article.aspx?articleId=56514",
    carc="150",
    since="0.1.0",
    needs=(c.DOC_METHOD,),
    codes=load_families().codes("mohs"),
    fix=FixKind.NEEDS_CHART,
    fix_text="Where another physician read the slides, report the excision (116xx) and leave pathology to that physician.",
    question="Who read the slides of each stage?",
    message="{code} needs one physician as surgeon and pathologist; the chart says that another read the slides.",
    facts=("MO-01",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Mohs surgery is billed, but the surgeon was not the pathologist.

    What it finds:
        Mohs codes where the chart says that a pathologist other than the surgeon read the sections.

    Why:
        Mohs codes pay for surgery and pathology by one physician. With two it is an excision and its pathology.

    Example:
        17311 dx=C44.319 method=frozen_sections_read_by_pathologist

    Instead:
        17311 dx=C44.319 method=surgeon_is_pathologist

    References:
        Medicare Coverage Database, A56514.
    """
    text = pl.col(c.DOC_METHOD).str.to_lowercase()
    other = text.str.contains(
        r"(?:read|interpreted|sections?|slides?)[^.;]{0,40}(?:by|to) (?:a |the |an )?(?:outside |separate |other |another |dermato)?patholog|sent to pathology|pathologist dr|separate pathologist|slow mohs"
    )
    # permanent sections in place of frozen ones; those made besides say nothing about who read the stages
    permanent = text.str.contains("permanent sections") & ~text.str.contains(
        r"frozen|also|in addition|confirm|mohs (?:tissue|layer)"
    )
    same = text.str.contains(r"surgeon (?:is|was|=|acted as) (?:the |also )*pathologist|same physician")
    return lines.filter((other | permanent) & ~same)
