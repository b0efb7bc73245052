"""A destruction code where the chart describes something else."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import said


@rule(
    "destruction-against-chart",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="CPT definition of destruction (ablation by any method, nothing removed for pathology), restated; published coding guidance",
    carc="150",
    since="0.1.0",
    needs=(c.DOC_METHOD,),
    codes=load_families().codes("destruction") | load_families().codes("site_destruction"),
    fix=FixKind.NEEDS_CHART,
    fix_text="Report what was done: a shave removal, excision, biopsy or extraction (10040) by its own code; nothing where nothing was done.",
    question="How was the lesion treated, and was tissue sent to pathology?",
    message="{code} is a destruction, but the chart says: {doc_method}.",
    facts=("DS-05", "DS-08", "SH-01"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The chart describes a removal or no treatment, the claim a destruction.

    What it finds:
        Destruction codes where the chart says shaved, excised, snipped, punched or extracted, and names no method of
        destruction; or says that nothing was done.

    Why:
        Destruction leaves no specimen. What was cut off is a biopsy, shave or excision, each with its own code;
        what was only prescribed or looked at is part of the visit.

    Example:
        17110 dx=L82.0 method=shaved_off_with_a_blade

    Instead:
        11301 dx=L82.0 method=shaved_off_with_a_blade

    References:
        AAPC primary care coding alert; The Dermatologist, Coding genital lesions; BCBS, destruction of benign
        lesions.
    """
    text = said()
    cut = text.str.contains(r"\bshav|shave|excis|snip|scissor|punch|blade|ellip|comedone|extracted|\bextraction")
    nothing = text.str.contains(
        r"no treatment|not treated|nothing applied|reassur|observ(?:e|ed|ation)|home (?:use|treatment)|to use at home|prescri"
    )
    destroyed = text.str.contains(
        r"cryo|fr[eo]ez|froze|liquid nitrogen|\bln2\b|electro|desicc|fulgur|cauter|hyfrec|laser|curett|\bed ?& ?c\b|\bedc\b|chemical|\btca\b|canthar|podophyll|acid|destr|burn|ablat"
    )
    return lines.filter((cut | nothing) & ~destroyed)
