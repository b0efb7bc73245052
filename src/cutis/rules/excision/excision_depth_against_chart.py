"""An excision code for what the chart describes as a shave."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import affirmed, said


@rule(
    "excision-depth-against-chart",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="Published coding guidance: an excision is full thickness through the dermis (FPM); CPT, restated",
    url="https://vdocuments.us/12-errors-to-avoid-in-coding-skin-procedures-err-12-errors-to-avoid-in-coding.html",
    carc="150",
    since="0.1.0",
    needs=(c.DOC_METHOD,),
    codes=load_families().codes("excision"),
    fix=FixKind.NEEDS_CHART,
    fix_text="Report what was done: a shave removal (11300 to 11313), a destruction, an incision and drainage (10060) or a biopsy.",
    question="Did the cut go through the full thickness of the dermis?",
    message="{code} is an excision, but the chart describes none: {doc_method}.",
    facts=("EX-09", "SH-01"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The chart describes a shave, a destruction or a drainage, the claim an excision.

    What it finds:
        Benign and malignant excision codes where the chart says shave, tangential or down to dermis, or names only
        a method of destruction, and nothing of full thickness; or a cyst that was opened and emptied, its wall left.

    Why:
        An excision goes through the dermis. A tangential removal is a shave, sized without margin and paid less; an
        emptied cyst is an incision and drainage.

    Example:
        11402 dx=D22.5 method=shave_removal_to_mid_dermis

    Instead:
        11302 dx=D22.5 method=shave_removal_to_mid_dermis

    References:
        FPM, errors to avoid in coding skin procedures.
    """
    text = said()
    flat = text.str.contains(
        r"\bshav|tangential|saucer|scoop|mid.?dermis|superficial dermis|electrodesicc|curettage|cryo|liquid nitrogen|sampl|biops(?:y|ied) only"
    )
    # a biopsy told of as history is no act of the day
    deep = affirmed().str.contains(
        r"full.?thickness|subcut|\bfat\b|through (?:the )?dermis|ellip|fusiform|excis|sutur|layered|margin"
    )
    no = text.str.contains(r"shave excis|not excised")
    opened = text.str.contains(
        r"\bi ?& ?d\b|incis\w+ and drain|(?:contents?|cyst|pus|keratin)\b.{0,30}(?:express|evacuat|drained|squeez)|(?:sac|wall|capsule|lining)\b.{0,20}(?:left|not removed|remain)"
    ) & ~affirmed().str.contains(
        r"excis|full.?thickness|(?:sac|wall|capsule|lining)\b.{0,20}(?:removed|dissected|delivered)"
    )
    return lines.filter((flat & (~deep | no)) | opened)
