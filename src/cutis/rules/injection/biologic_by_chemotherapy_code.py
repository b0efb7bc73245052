"""A skin biologic given under a chemotherapy code."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule

BIOLOGICS = (
    r"dupil|dupixent|tralok|adbry|lebriki|nemoliz|adalim|humira|etanerc|enbrel|secukin|cosentyx|ixekiz|taltz|brodal|"
    r"guselk|tremfya|tildrak|ilumya|risank|skyrizi|ustekin|stelara|bimekiz|omaliz|xolair|certoliz|spesol"
)


@rule(
    "biologic-by-chemotherapy-code",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    evidence=Evidence.PUBLISHED,
    authority="Published guidance on administering biologics (ACAAI); payers differ",
    url="https://college.acaai.org/administrating-biologics-which-code-to-use/",
    carc="150",
    since="0.1.0",
    uses=(c.DOC_DRUG,),
    codes=("96401",),
    fix=FixKind.NEEDS_CHART,
    fix_text="For an injection under the skin without the monitoring that 96401 stands for, report 96372; some payers list biologics that 96401 is right for.",
    question="Which drug was given, and does this payer list it under 96401?",
    message="{code} on a skin disease: payers expect 96372 for most of its biologics.",
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A biologic for skin disease is billed as chemotherapy.

    What it finds:
        96401 with a diagnosis of dermatitis, psoriasis, urticaria or hidradenitis and no cancer, or where the
        chart names a biologic for skin disease.

    Why:
        96401 is for chemotherapy and highly complex agents. Most payers want 96372 for a biologic given under
        the skin.

    Example:
        96401 dx=L20.9

    Instead:
        96372 dx=L20.9

    References:
        American College of Allergy, Asthma and Immunology.
    """
    skin = pl.any_horizontal(
        pl.col(d).str.contains(r"^L(20|23|27|28|30|40|50|73)").fill_null(value=False) for d in c.DIAGNOSES
    )
    cancer = pl.any_horizontal(pl.col(d).str.starts_with("C").fill_null(value=False) for d in c.DIAGNOSES)
    if c.DOC_DRUG in lines.columns:
        skin = skin | pl.col(c.DOC_DRUG).str.to_lowercase().str.contains(BIOLOGICS).fill_null(value=False)
    return lines.filter(skin & ~cancer)
