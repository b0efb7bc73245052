"""Trimming of a loose nail billed as its avulsion."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import said


@rule(
    "avulsion-of-loose-nail",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="AAPC coding guidance on nail avulsion (an attached plate, under a block)",
    url="https://www.aapc.com/blog/37661-long-lasting-tips-for-superior-nail-coding/",
    carc="150",
    since="0.1.0",
    needs=(c.DOC_METHOD,),
    codes=("11730", "11732"),
    fix=FixKind.NEEDS_CHART,
    fix_text="Take {code} off; the trimming is part of the visit.",
    question="Was an attached nail plate separated from its bed, and under which anesthesia?",
    message="{code} is the avulsion of an attached nail; the chart describes the trimming of a loose one.",
    facts=("NL-03",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A nail that hung loose was trimmed, and an avulsion is billed.

    What it finds:
        11730 and 11732 where the chart says that a loose or hanging nail was snipped, trimmed or clipped off, or that no
        block was given.

    Why:
        Avulsion parts an attached nail plate from its bed. Trimming what hangs loose is part of the visit.

    Example:
        11730 TA dx=L60.0 method=loose_nail_snipped_off

    Instead:
        11730 TA dx=L60.0 method=nail_plate_avulsed_under_digital_block

    References:
        AAPC, long-lasting tips for superior nail coding.
    """
    text = said()
    loose = text.str.contains(r"hanging|\bloose\b|by a thread|already (?:detached|avulsed|off)|snip|trimm|clip")
    done = text.str.contains(
        r"(?:avuls|elevat|freed|separated)\w*[^.;]{0,40}(?:bed|matrix|block|hemostat|elevator)|under (?:a )?(?:digital|local)"
    )
    return lines.filter(loose & ~done)
