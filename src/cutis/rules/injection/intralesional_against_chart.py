"""An intralesional code for an injection into muscle, or the other way round."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import affirmed

INTRALESIONAL = load_families().codes("intralesional")
THERAPEUTIC = "96372"


@rule(
    "intralesional-against-chart",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="CPT: intralesional injections count lesions, therapeutic injections are subcutaneous or intramuscular, restated; AAPC dermatology coding alert",
    carc="150",
    since="0.1.0",
    needs=(c.DOC_METHOD,),
    uses=(c.DOC_SITE,),
    codes=INTRALESIONAL | {THERAPEUTIC},
    fix=FixKind.NEEDS_CHART,
    fix_text="Into lesions of the skin it is 11900 or 11901 by their number; into muscle or under the skin for the whole body it is 96372.",
    question="Was the drug injected into lesions (how many), or into muscle or under the skin?",
    message="{code} is an injection {billed}, but the chart says {named}.",
    facts=("IL-01",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The chart names another way of injection than the code.

    What it finds:
        11900 and 11901 where the chart says intramuscular or names a muscle, and 96372 where it says intralesional;
        not where it says both.

    Why:
        One counts lesions, the other injections; they differ in price, and the record shows which it was.

    Example:
        11900 dx=L23.7 method=triamcinolone_im_to_the_gluteus

    Instead:
        96372 dx=L23.7 method=triamcinolone_im_to_the_gluteus

    References:
        CPT, intralesional and therapeutic injections (restated).
    """
    text = affirmed()
    if c.DOC_SITE in lines.columns:
        text = pl.concat_str(text, affirmed(c.DOC_SITE), separator="; ", ignore_nulls=True)
    deep = text.str.contains(r"\bi\.?m\b|intramuscul|glute|deltoid|vastus|ventrogluteal|into (?:the )?muscle")
    lesion = text.str.contains(
        r"intra-?lesion|\bil\b|\bilk\b|into (?:the|each|every) (?:lesion|keloid|plaque|cyst|nodule|scar)"
    )
    of_lesions = pl.col(c.CODE) != THERAPEUTIC
    wrong = (of_lesions & deep & ~lesion) | (~of_lesions & lesion & ~deep)
    into = pl.when(of_lesions).then(pl.lit("into lesions")).otherwise(pl.lit("under the skin or into muscle"))
    named = pl.when(of_lesions).then(pl.lit("into muscle")).otherwise(pl.lit("into lesions"))
    return lines.filter(wrong).with_columns(into.alias("billed"), named.alias("named"))
