"""A nerve block with 59 or X beside the procedure that it was given for."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import DAY, OTHER_LINES, Evidence, FixKind, Scope, Severity, any_modifier, narrow, on_days, rule
from cutis.rules._shared.chart import said
from cutis.rules._shared.pairs import DISTINCT

BLOCKS = (
    "64400", "64405", "64408", "64417", "64418", "64420", "64425", "64430", "64435", "64445", "64447", "64450",
)  # fmt: skip
PROCEDURES = load_families().codes("skin_procedure")


@rule(
    "anesthesia-by-surgeon",
    scope=Scope.DAY,
    severity=Severity.WARNING,
    evidence=Evidence.CMS_MANUAL,
    authority="NCCI policy manual, chapters I and II (anesthesia by the physician who performs the procedure is included)",
    carc="97",
    since="0.1.0",
    uses=(c.DOC_METHOD,),
    codes=(*BLOCKS, *PROCEDURES),
    fix=FixKind.NEEDS_CHART,
    fix_text="Take {code} off unless the block treated a pain of its own, apart from {procedure}.",
    question="Was the block given as anesthesia for {procedure}, or to treat something else?",
    message="{code} carries a modifier of separate services beside {procedure}; a block as anesthesia for one's own procedure is included.",
    facts=("NC-11",),
    supersedes=("bypass-modifier-on-same-lesion",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A nerve block is said to be separate from the procedure of the day.

    What it finds:
        A block of a peripheral nerve with 59 or an X modifier on the day of a procedure on skin or nails by the same
        physician. Where the chart does not speak of a block or of anesthesia it is a remark.

    Why:
        Anesthesia that the operating physician gives is in the payment of the procedure. The modifier is for a block
        that treats a pain of its own, and such blocks are rare beside skin surgery.

    Example:
        11750 T5 dx=L60.0
        64450 59 dx=L60.0 method=digital_block

    Instead:
        11750 T5 dx=L60.0

    References:
        CMS, National Correct Coding Initiative policy manual, chapter I, section G; chapter II.
    """
    block = pl.col(c.CODE).is_in(BLOCKS) & any_modifier(DISTINCT)
    blocked = on_days(lines, narrow(lines, (DAY,), block)[DAY])
    if blocked.is_empty():
        return blocked
    procedure = pl.col(c.CODE).is_in(sorted(PROCEDURES))
    where = pl.col(c.LINE).filter(procedure).first().over(DAY, c.CLAIM_INDEX)
    marked = blocked.with_columns(
        pl.col(c.CODE).filter(procedure).first().over(DAY).alias("procedure"),
        pl.concat_list(where).list.drop_nulls().alias(OTHER_LINES),
    )
    found = marked.filter(block, pl.col("procedure").is_not_null())
    if c.DOC_METHOD not in found.columns:
        return found.with_columns(pl.lit(Severity.INFO.value).alias("severity"))
    told = said().str.contains(r"anesth|block|numb|lidocaine").fill_null(value=False)
    severity = pl.when(told).then(pl.lit(Severity.WARNING.value)).otherwise(pl.lit(Severity.INFO.value))
    return found.with_columns(severity.alias("severity"))
