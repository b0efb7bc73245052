"""One eyelid, finger or toe with more than one unit."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.modifiers import DIGITS, first_of


@rule(
    "one-site-many-units",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    evidence=Evidence.CMS_MANUAL,
    authority="NCCI policy manual, chapter I, sections E and V (anatomic modifiers tell sites apart, one line each)",
    carc="151",
    since="0.1.0",
    codes=load_families().codes("nail") - {"11719", "11720", "11721"},
    fix=FixKind.NEEDS_CHART,
    fix_text="Give each digit its own line with its modifier; a further avulsion is the add-on 11732.",
    question="Which digits were treated with {code}?",
    message="{code} has {units} units on one digit ({modifier}).",
    facts=("NL-03", "AN-01"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A line names one eyelid, finger or toe but has several units.

    What it finds:
        Nail procedures with one digit modifier and more than one unit.

    Why:
        A digit has one nail. Units above one contradict the modifier, and the line is cut or denied.

    Example:
        11750 x2 TA dx=L60.0

    Instead:
        11750 TA dx=L60.0
        11750 T5 dx=L60.0

    References:
        CMS, NCCI policy manual, chapter I.
    """
    count = pl.sum_horizontal(pl.col(m).is_in(DIGITS).fill_null(value=False).cast(pl.UInt8) for m in c.MODIFIERS)
    some = lines.filter(pl.col(c.UNITS) > 1, count == 1)
    return some.with_columns(first_of(DIGITS).alias("modifier"))
