"""Chemical cautery of a wound that was made at the same session."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import one_on_each_lesion, said

SURGERY = load_families().codes("skin_procedure") - {"17250"}


@rule(
    "cautery-of-fresh-wound",
    scope=Scope.DAY,
    severity=Severity.WARNING,
    evidence=Evidence.RECALLED,
    authority="CPT guideline on 17250 (not for hemostasis of a wound of the session), restated from knowledge; CMS NCCI edits of 17250 with excisions and biopsies",
    carc="97",
    since="0.1.0",
    needs=(c.DOC_METHOD,),
    uses=(c.DOC_LESION,),
    codes=("17250", *SURGERY),
    fix=FixKind.NEEDS_CHART,
    fix_text="Take {code} off unless granulation tissue of an older wound was treated.",
    question="Was it granulation tissue of an older wound, or bleeding of a wound made today?",
    message="{code} is for granulation tissue; {reason}.",
    facts=("DS-11",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Stopping the bleeding of a wound is billed as cautery of granulation tissue.

    What it finds:
        17250 where the chart says hemostasis, or on the lesion of another procedure of the day.

    Why:
        17250 is for granulation tissue of an old wound. Stopping the bleeding of a wound just made is part of the
        procedure that made it.

    Example:
        17250 dx=D49.2 method=aluminum_chloride_for_hemostasis

    Instead:
        17250 dx=L92.9 method=silver_nitrate_to_exuberant_granulation_tissue

    References:
        CPT, chemical cauterization (restated); CMS, NCCI edits of 17250.
    """
    text = said()
    stopped = text.str.contains(r"h(?:a)?emosta|bleed|drysol|alumin|monsel|styptic")
    old = text.str.contains(r"granul|proud flesh|pyogenic")
    by_words = lines.filter(pl.col(c.CODE) == "17250").filter(stopped & ~old)
    found = by_words.with_columns(pl.lit("the chart describes stopping a bleeding").alias("reason"))
    if c.DOC_LESION not in lines.columns:
        return found
    same = one_on_each_lesion(lines, ("17250",), SURGERY)
    reason = pl.format("the wound is that of {}", "partner")
    same = same.join(found, on=[c.CLAIM_INDEX, c.LINE], how="anti").with_columns(reason.alias("reason"))
    return pl.concat([found, same], how="diagonal_relaxed")
