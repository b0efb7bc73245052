"""Both lines of an edit name the same site."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.pairs import ANATOMIC, BYPASS, BYPASSED, ONE, pairs_on_day
from cutis.rules._shared.ptp import procedures_only


@rule(
    "same-site-on-both-of-a-pair",
    scope=Scope.DAY,
    severity=Severity.WARNING,
    evidence=Evidence.CMS_MANUAL,
    authority="NCCI policy manual, chapter I, section E (an anatomic modifier bypasses an edit where the sites differ)",
    carc="236",
    since="0.1.0",
    tables=("ptp",),
    fix=FixKind.NEEDS_CHART,
    fix_text="If the two were on different sites, name both; if on one, take {code} off.",
    question="On which site was {code_one} done, and on which {code}?",
    message="{code} and {code_one} both carry {modifier}: one site does not make them separate.",
    facts=("NC-02", "AN-01"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The modifier that should separate two services names one site for both.

    What it finds:
        Pairs with indicator 1 whose only bypass modifier is one and the same eyelid, digit or side on both lines.

    Why:
        The edit is bypassed by the modifier, but the claim itself shows one site. An audit recovers the column-two
        code.

    Example:
        11750 T5 dx=L60.0
        11730 T5 dx=L60.0

    Instead:
        11750 T5 dx=L60.0
        11730 T6 dx=L60.0

    References:
        CMS, NCCI policy manual, chapter I, section E.
    """
    pairs = procedures_only(pairs_on_day(lines, ref), pl.col("indicator") == 1, pl.col(BYPASSED))
    if pairs.is_empty():
        return pairs
    other = tuple(m for m in BYPASS if m not in ANATOMIC)
    clear = ~_on(other, "") & ~_on(other, ONE) & (_count("") == 1) & (_count(ONE) == 1)
    named = pairs.filter(clear).with_columns(_site("").alias("modifier"), _site(ONE).alias("_too"))
    return named.filter(pl.col("modifier") == pl.col("_too")).drop(c.MODIFIERS)


def _on(modifiers: tuple[str, ...], suffix: str) -> pl.Expr:
    return pl.any_horizontal(pl.col(m + suffix).is_in(list(modifiers)).fill_null(value=False) for m in c.MODIFIERS)


def _count(suffix: str) -> pl.Expr:
    return pl.sum_horizontal(
        pl.col(m + suffix).is_in(list(ANATOMIC)).fill_null(value=False).cast(pl.UInt8) for m in c.MODIFIERS
    )


def _site(suffix: str) -> pl.Expr:
    return pl.coalesce(pl.when(pl.col(m + suffix).is_in(list(ANATOMIC))).then(pl.col(m + suffix)) for m in c.MODIFIERS)
