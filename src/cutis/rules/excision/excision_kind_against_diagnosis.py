"""A benign or malignant excision code with a diagnosis of the other kind."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, once_each, rule
from cutis.rules._shared.chart import shown

BENIGN = load_families().codes("benign_excision")
MALIGNANT = load_families().codes("malignant_excision")


@rule(
    "excision-kind-against-diagnosis",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="CPT guideline on benign and malignant excisions (final pathology decides), restated",
    carc="11",
    since="0.1.0",
    codes=(*BENIGN, *MALIGNANT),
    fix=FixKind.NEEDS_CHART,
    fix_text="Take the code family from the final pathology: 114xx benign, 116xx malignant.",
    question="What is the final pathology of the lesion?",
    message="{code} is for {kind} lesions, but the line points to {shown}.",
    facts=("EX-03", "DX-01", "DX-02"),
    supersedes=("excision-kind-against-chart",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The excision code and the diagnosis disagree on malignancy.

    What it finds:
        114xx with a malignant diagnosis, and 116xx without one.

    Why:
        The code and the diagnosis contradict each other; payers deny the line. Malignant codes pay more, so a
        benign diagnosis under them is an audit risk.

    Example:
        11402 dx=C44.519

    Instead:
        11602 dx=C44.519

    References:
        CPT, excision of skin lesions (restated).
    """
    text = pl.concat_str(*(pl.col(d) for d in c.DIAGNOSES), separator=" ", ignore_nulls=True)
    malignant = text.str.contains(r"\bC4[349]|\bC4A|\bD0[34]|\bC6[03]|\bC51|\bC79|\bC00|\bC7B|\bC8|\bC90")
    uncertain = text.str.contains(r"\bD48|\bD49|\bD37|\bZ85|\bZ08")
    is_malignant_code = pl.col(c.CODE).is_in(sorted(MALIGNANT))
    kind = pl.when(is_malignant_code).then(pl.lit("malignant")).otherwise(pl.lit("benign"))
    wrong = (is_malignant_code & ~malignant & ~uncertain) | (~is_malignant_code & malignant)
    against = once_each(lines, (c.CODE, *c.DIAGNOSES), wrong & pl.col(c.DX_1).is_not_null()).to_series()
    return lines.filter(against).with_columns(kind.alias("kind"), shown().alias("shown"))
