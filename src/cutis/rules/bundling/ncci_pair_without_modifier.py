"""A PTP edit that a modifier may bypass, and none does."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import DAY, Evidence, Exposure, FixKind, Outcome, Scope, Severity, narrow, on_days, once_each, rule
from cutis.rules._shared.modifiers import first_of
from cutis.rules._shared.pairs import BYPASSED, OF_VISIT, ONE, pairs_on_day
from cutis.rules._shared.ptp import borrowed_remark, not_in_force, procedures_only, severity_of

# NCCI policy manual, chapter I: these stand on lines of a pair by mistake, and the edit does not look at them
NO_BYPASS = ("76", "77", "22", "50", "51", "25", "24", "57")


@rule(
    "ncci-pair-without-modifier",
    scope=Scope.DAY,
    severity=Severity.ERROR,
    exposure=Exposure.DENIAL,
    evidence=Evidence.CMS_FILE,
    authority="CMS NCCI procedure-to-procedure edits, practitioner; NCCI policy manual, chapter I",
    url="https://www.cms.gov/medicare/coding-billing/national-correct-coding-initiative-ncci-edits",
    carc="236",
    since="0.1.0",
    tables=("ptp", "addon"),
    uses=(c.DOC_LESION,),
    fix=FixKind.NEEDS_CHART,
    fix_text="{advice}",
    question="Were {code} and {code_one} done on different lesions, sites or at different times, and where does the note say so?",
    message="{code} is part of {code_one} on the same day unless a modifier says it was separate (indicator 1), and none does{remark}.",
    facts=("NC-01", "NC-02", "NC-03", "NC-04", "BX-08", "BX-10", "DS-07", "TG-02", "ID-01", "DB-02"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame | Outcome:
    """Two codes of a bundling edit stand on one day without a modifier that separates them.

    What it finds:
        The column-two line of an edit with indicator 1 where neither line carries a bypass modifier. An add-on code
        whose primary carries the modifier against the same code is a warning: payers differ on whether it needs its own.

    Why:
        The payer takes the column-two code as included in the column-one code and denies it. The edit may be bypassed
        where the two were separate: another lesion, another site, another session.

    Example:
        11102 dx=D49.2
        17000 dx=L57.0

    Instead:
        11102 dx=D49.2
        17000 59 dx=L57.0

    References:
        CMS, National Correct Coding Initiative policy manual for Medicare services, chapter I, section E.
    """
    pairs = pairs_on_day(lines, ref)
    open_to_modifiers = pl.col("indicator") == 1
    bare = procedures_only(pairs, open_to_modifiers, ~pl.col(BYPASSED))
    parted = narrow(pairs, (DAY, c.CODE, c.CODE + ONE), open_to_modifiers, pl.col(BYPASSED), ~pl.col(OF_VISIT))
    found = _with_primary_apart(bare, parted, ref)
    tried = first_of(NO_BYPASS)
    remark = (
        pl.when("_apart")
        .then(pl.lit("; the modifier stands on its primary, and many payers want it here too"))
        .when(tried.is_not_null())
        .then(pl.concat_str([pl.lit("; "), tried, pl.lit(" does not bypass the edit")]))
        .otherwise(pl.lit(""))
    )
    severity = pl.when("_apart").then(pl.lit(Severity.WARNING.value)).otherwise(pl.lit(Severity.ERROR.value))
    remark = pl.concat_str(remark, borrowed_remark())
    advice = once_each(
        found, [n for n in (c.CODE, c.DOC_LESION, c.DOC_LESION + ONE) if n in found.columns], _advice(found)
    )
    out = found.with_columns(remark.alias("remark"), severity_of(severity), *advice)
    return Outcome(out.drop(c.MODIFIERS), not_in_force(lines, ref))


def _with_primary_apart(bare: pl.DataFrame, parted: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """`_apart`: one of the two is an add-on whose primary of the day is parted from the other by a modifier."""
    present = pl.concat([bare[c.CODE].unique(), bare[c.CODE + ONE].unique()]).implode()
    family = ref.table("addon").select("addon", "primary").filter(pl.col("addon").is_in(present)).unique()
    both = parted.select(DAY, pl.col(c.CODE).alias("a"), pl.col(c.CODE + ONE).alias("b"))
    both = pl.concat([both, both.select(DAY, pl.col("b").alias("a"), pl.col("a").alias("b"))])
    # "a" becomes the add-on of each primary that is parted from "b"
    spared = both.join(family, left_on="a", right_on="primary").select(DAY, pl.col("addon").alias("a"), "b").unique()
    row = pl.int_range(pl.len(), dtype=pl.UInt32)
    near = on_days(bare.select(row.alias("_row"), DAY, c.CODE, c.CODE + ONE), spared[DAY])
    apart = pl.concat(
        near.join(spared, left_on=[DAY, *codes], right_on=[DAY, "a", "b"], how="semi")["_row"]
        for codes in ((c.CODE, c.CODE + ONE), (c.CODE + ONE, c.CODE))
    )
    return bare.with_columns(row.is_in(apart.implode()).alias("_apart"))


def _advice(found: pl.DataFrame) -> pl.Expr:
    asked = pl.format(
        "If the chart shows separate lesions or sites, put XS or 59 on {} (the column-two line); else take {} off.",
        c.CODE,
        c.CODE,
    )
    if c.DOC_LESION not in found.columns:
        return asked.alias("advice")
    same = pl.col(c.DOC_LESION) == pl.col(c.DOC_LESION + ONE)
    return (
        pl.when(same)
        .then(pl.format("Take {} off: the chart names one lesion for both.", c.CODE))
        .when(~same)
        .then(pl.format("The chart names different lesions: XS or 59 on {} (the column-two line) states that.", c.CODE))
        .otherwise(asked)
    ).alias("advice")
