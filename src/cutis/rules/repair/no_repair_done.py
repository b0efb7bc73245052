"""A repair code where the chart shows that nothing was repaired."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import affirmed


@rule(
    "no-repair-done",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="CPT guideline on repairs (cautery, strips and second intention are no repair), restated; AAD guidance for 2022",
    url="https://www.aad.org/dw/monthly/2021/december/dcc-2022-simple-repair-guideline-updates",
    carc="97",
    since="0.1.0",
    needs=(c.DOC_METHOD,),
    codes=load_families().codes("repair"),
    fix=FixKind.NEEDS_CHART,
    fix_text="Take {code} off: hemostasis, strips and healing by second intention are not repairs.",
    question="Does the note describe sutures, staples or adhesive, and in how many layers?",
    message="{code} is billed, but the chart shows no repair: {doc_method}.",
    facts=("RP-06",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A repair is billed for a wound that was not repaired.

    What it finds:
        Repair codes where the chart describes second intention, cautery or adhesive strips and no suture.

    Why:
        Such wounds are not repaired in the meaning of the code. Billing one is a false claim.

    Example:
        12011 dx=C44.319 method=electrocautery,_heals_by_second_intention

    Instead:
        12011 dx=C44.319 method=single_layer_sutured_repair

    References:
        American Academy of Dermatology, simple repair guideline updates.
    """
    text = pl.col(c.DOC_METHOD).str.to_lowercase()
    none = text.str.contains(
        r"second(?:ary)? inten|heal(?:s|ed|ing)? by (?:second|granul)|electrocaut|cauter|steri-?strip|(?:adhesive|butterfly|closure) strip|butterfl(?:y|ies)|bandage only|no sutur|left open|granulat"
    )
    # cautery and strips often stand beside a closure, which the sutures show; what is denied does not
    done = affirmed().str.contains(
        r"layer|intermediate|complex (?:repair|clos)|sutur|stitch|stapl|undermin|flap|graft|nylon|prolene|polypropylene|vicryl|monocryl|ethilon|\bgut\b|tissue (?:adhesive|glue)|dermabond|cyanoacrylate"
    )
    return lines.filter(none & ~done)
