"""59 or X where the chart says it was the same lesion."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.pairs import BYPASSED, ONE, pairs_on_day
from cutis.rules._shared.ptp import procedures_only

BIOPSY = load_families().codes("biopsy") | load_families().codes("biopsy_site_specific")


@rule(
    "bypass-modifier-on-same-lesion",
    scope=Scope.DAY,
    severity=Severity.ERROR,
    evidence=Evidence.CMS_MANUAL,
    authority="NCCI policy manual, chapter I (use of modifier 59) and chapter III (biopsy and removal of one lesion)",
    carc="97",
    since="0.1.0",
    needs=(c.DOC_LESION,),
    tables=("ptp",),
    fix=FixKind.NEEDS_CHART,
    fix_text="Take {included} off: the chart names one lesion, and the modifier would claim two.",
    question="Is there any other lesion in the note that {code} was done on?",
    message="A modifier separates {code} from {code_one}, but the chart shows the same lesion: {included} is included.",
    facts=("BX-08", "NC-05", "EX-06", "ID-02"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A modifier claims two lesions where the chart shows one.

    What it finds:
        Pairs with indicator 1 bypassed by a modifier while both lines carry the same lesion of the chart. The payer denies
        the column-two code; a biopsy of a lesion that is then treated is part of the treatment, in whichever column.

    Why:
        The modifier states that the services were separate. On one lesion they were not: this is a false claim and the
        commonest finding of an audit of modifier 59.

    Example:
        11401 dx=D22.62 lesion=a
        11104 59 dx=D22.62 lesion=a

    Instead:
        11401 dx=D22.62 lesion=a
        11104 59 dx=D22.62 lesion=b

    References:
        CMS, National Correct Coding Initiative policy manual, chapters I and III.
    """
    pairs = procedures_only(pairs_on_day(lines, ref), pl.col("indicator") == 1, pl.col(BYPASSED))
    same = pairs.filter(pl.col(c.DOC_LESION) == pl.col(c.DOC_LESION + ONE))
    biopsied = pl.col(c.CODE + ONE).is_in(BIOPSY) & ~pl.col(c.CODE).is_in(BIOPSY)
    included = pl.when(biopsied).then(pl.col(c.CODE + ONE)).otherwise(pl.col(c.CODE))
    return same.with_columns(included.alias("included")).drop(c.MODIFIERS)
