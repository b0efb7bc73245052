"""A shave removal billed for a sample."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import said


@rule(
    "shave-for-sampling",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="Published coding guidance: the intent parts biopsy from removal (AAPC; The Hospitalist)",
    url="https://blogs.the-hospitalist.org/index.php/content/guide-avoiding-common-procedural-coding-mistakes",
    carc="150",
    since="0.1.0",
    needs=(c.DOC_METHOD,),
    codes=load_families().codes("shave"),
    fix=FixKind.NEEDS_CHART,
    fix_text="If the lesion was sampled for a diagnosis, report the tangential biopsy 11102 (or 11103 for a further one).",
    question="Was the aim to sample the lesion or to remove it?",
    message="{code} is a removal, but the chart describes a sample: {doc_method}.",
    facts=("SH-03",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The chart describes a biopsy, the claim a removal by shave.

    What it finds:
        Shave removal codes where the chart says that the lesion was sampled or biopsied and does not say that it
        was removed.

    Why:
        A sample taken with a shaving motion is a tangential biopsy. The removal code claims that the whole lesion
        was to come off.

    Example:
        11301 dx=D49.2 method=shave_biopsy_for_diagnosis

    Instead:
        11102 dx=D49.2 method=shave_biopsy_for_diagnosis

    References:
        The Hospitalist, guide to common procedural coding mistakes; AAPC, lesion biopsy and removal.
    """
    text = said()
    sample = text.str.contains(r"biops|sampl|for diagnosis|diagnostic")
    removed = text.str.contains(r"remov|in toto|entire|complete|shaved off|taken off|excis")
    return lines.filter(sample & ~removed)
