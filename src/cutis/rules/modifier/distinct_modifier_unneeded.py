"""59 or X on a line that no edit bundles."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import (
    DAY,
    Evidence,
    FixKind,
    Scope,
    Severity,
    Stake,
    any_modifier,
    code_repeated,
    not_alone,
    on_days,
    rule,
)
from cutis.rules._shared.modifiers import marked as with_modifier
from cutis.rules._shared.pairs import DISTINCT, ONE, pairs_on_day

REPAIR = load_families().codes("repair")
KERATOSES, LIGHT = load_families().codes("premalignant_destruction"), load_families().codes("pdt")
EXCISION = load_families().codes("excision")
MOHS = load_families().codes("mohs_first")
KEY = [c.CLAIM_INDEX, c.LINE]


@rule(
    "distinct-modifier-unneeded",
    scope=Scope.DAY,
    severity=Severity.WARNING,
    evidence=Evidence.CMS_MANUAL,
    authority="NCCI policy manual, chapter I, section E (59 only to bypass an edit)",
    carc="4",
    since="0.1.0",
    modifiers=DISTINCT,
    tables=("ptp", "addon"),
    stake=Stake.NONE,
    fix=FixKind.NEEDS_CHART,
    fix_text="Take {modifier} off {code} unless the payer asks for it to tell two equal lines apart.",
    question="Which service of the day was {modifier} meant to separate {code} from?",
    message="{modifier} on {code}: no edit of the day bundles it, so the modifier says nothing.",
    facts=("NC-05",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """59 or an X modifier stands where no edit is bypassed.

    What it finds:
        Lines with 59, XE, XP, XS or XU that are in no PTP edit with another line of the day and have no second line of
        their code. Left out are lesser repairs beside another repair, where CPT itself asks for 59, a second tumor of
        Mohs surgery, a second excision, where payers want the other lesion shown, and add-on codes whose primary the
        modifier does separate from something.

    Why:
        Payers count these modifiers and audit practices that put them everywhere. They are for edits, and for telling
        two lines of one code apart.

    Example:
        17000 dx=L57.0
        17003 x3 59 dx=L57.0

    Instead:
        17000 dx=L57.0
        17003 x3 dx=L57.0

    References:
        CMS, NCCI policy manual, chapter I, section E; MLN on modifier 59.
    """
    marked = with_modifier(lines, ref).filter(any_modifier(DISTINCT))
    if marked.is_empty():
        return marked
    # a marked line is all that the pairs are asked about
    pairs = pairs_on_day(lines, ref).select(DAY, *KEY, *(k + ONE for k in KEY))
    pairs = on_days(pairs, marked[DAY])
    used = pl.concat(
        [
            pairs.select(KEY),
            pairs.select(pl.col(k + ONE).alias(k) for k in KEY),
        ]
    )
    days = on_days(lines.select(DAY, c.CODE), marked[DAY])
    twice = days.filter(code_repeated(days))
    which = pl.coalesce(pl.when(pl.col(m).is_in(DISTINCT)).then(pl.col(m)) for m in c.MODIFIERS)
    # an add-on rides on its primary; the separation is stated there
    parted = marked.join(used, on=KEY, how="semi")
    riding = (
        ref.table("addon")
        .select(pl.col("addon"), pl.col("primary").alias(c.CODE))
        .join(parted.select(DAY, c.CODE), on=c.CODE)
        .select(DAY, pl.col("addon").alias(c.CODE))
        .unique()
    )
    light = days.filter(pl.col(c.CODE).is_in(LIGHT))[DAY].implode()
    customary = pl.any_horizontal(
        *(_beside_kin(days, kin) for kin in (REPAIR, MOHS, EXCISION)),
        # keratoses apart from the field treated by light: no edit, but payers ask
        pl.col(c.CODE).is_in(KERATOSES) & pl.col(DAY).is_in(light),
    )
    return (
        marked.filter(~customary)
        .join(riding, on=[DAY, c.CODE], how="anti", maintain_order="left")
        .join(used, on=KEY, how="anti", maintain_order="left")
        .join(twice, on=[DAY, c.CODE], how="anti", maintain_order="left")
        .with_columns(which.alias("modifier"))
    )


def _beside_kin(days: pl.DataFrame, kin: frozenset[str]) -> pl.Expr:
    """The line is of a group of codes and its day has another of them."""
    many = days.filter(pl.col(c.CODE).is_in(kin)).filter(not_alone())
    return pl.col(c.CODE).is_in(kin) & pl.col(DAY).is_in(many[DAY].implode())
