"""A flap code for a wound that was undermined and closed."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import said


@rule(
    "flap-without-transfer",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    evidence=Evidence.RECALLED,
    authority="CPT guideline on adjacent tissue transfer (undermining alone is none), restated from knowledge",
    carc="150",
    since="0.1.0",
    needs=(c.DOC_METHOD,),
    codes=load_families().codes("flap"),
    fix=FixKind.NEEDS_CHART,
    fix_text="If no tissue was moved by further incisions, report the repair by class and length.",
    question="Which flap was made, by which incisions, and how large are both defects?",
    message="{code} is a flap, but the chart names none: {doc_method}.",
    facts=("FL-02",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The chart describes no flap.

    What it finds:
        Adjacent tissue transfer codes where the chart says undermining or a layered or linear closure, and names no
        movement of tissue.

    Why:
        Adjacent tissue transfer moves tissue by further incisions. Undermining and closing is intermediate or
        complex repair, paid at a fraction.

    Example:
        14040 dx=L91.0 method=undermined_extensively_and_closed_in_layers

    Instead:
        13132 dx=L91.0 method=undermined_extensively_and_closed_in_layers

    References:
        CPT, adjacent tissue transfer (restated).
    """
    text = said()
    closed = text.str.contains(
        r"undermin|layered|linear|in layers|primary clos|side.to.side|simple clos|complex (?:clos|repair)"
    )
    moved = text.str.contains(
        r"flap|advance|rotat|transpos|rhomb|limberg|[zw]-?plast|v-?(?:to-?)?y|bilob|burow|island|[aot]-to-[tz]|o-[tz]\b|hatchet|keystone|rearrang|pedicle|tissue transfer|mustard"
    )
    none = text.str.contains(r"(?:no|without) (?:a )?flap|not a flap")
    return lines.filter(closed & (~moved | none))
