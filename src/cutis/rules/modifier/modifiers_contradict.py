"""Two modifiers that exclude each other on one line."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, has_modifier, rule
from cutis.rules._shared.modifiers import marked

_E, _W = Severity.ERROR, Severity.WARNING
# two modifiers, why they exclude each other, and how sure a denial is
PAIRS = (
    ("26", "TC", "both parts together are the code without a modifier", _E),
    ("JW", "JZ", "an amount was discarded or none was", _E),
    ("50", "LT", "50 says both sides", _W),
    ("50", "RT", "50 says both sides", _W),
    ("52", "53", "the service was reduced by choice or broken off", _E),
    ("76", "77", "it was repeated by the same physician or by another", _W),
    ("58", "78", "the return was planned or it was not", _W),
    ("58", "79", "the procedure was related or it was not", _W),
    ("78", "79", "the procedure was related or it was not", _W),
    ("80", "81", "the assistant was there for all of it or for a part", _W),
    ("80", "82", "82 is for want of a resident, 80 is not", _W),
    ("81", "82", "82 is for want of a resident, 81 is not", _W),
    ("LT", "RT", "two sides are 50 or two lines", _W),
    ("Q7", "Q8", "a line states one class finding", _W),
    ("Q7", "Q9", "a line states one class finding", _W),
    ("Q8", "Q9", "a line states one class finding", _W),
)


@rule(
    "modifiers-contradict",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 12, sections 20.2 (26, TC), 40.2 (52, 53, 58, 76 to 82), 40.7 (50, LT, RT); Medicare Benefit Policy Manual, chapter 15, section 290 (Q7 to Q9)",
    url="https://www.cms.gov/regulations-and-guidance/guidance/manuals/downloads/clm104c12.pdf",
    carc="4",
    since="0.1.0",
    fix=FixKind.NEEDS_CHART,
    fix_text="Keep the one of {pair} that the chart supports; {reason}.",
    question="Which of {pair} describes what was done?",
    message="{code} carries {pair}, which exclude each other: {reason}.",
    facts=("PA-02", "EM-04", "AN-01", "NL-02"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Two modifiers of a line exclude each other.

    What it finds:
        26 with TC, JW with JZ, 50 with LT or RT, LT with RT, 52 with 53, 76 with 77, two of 58, 78 and 79, two of
        80, 81 and 82, and two of Q7, Q8 and Q9 on one line.

    Why:
        Each of the two states what the other denies, so the payer cannot tell which is meant and returns or denies the
        line.

    Example:
        88305 26 TC dx=D22.5

    Instead:
        88305 dx=D22.5

    References:
        CMS, Medicare Claims Processing Manual, chapter 12, sections 20.2, 40.2 and 40.7.
    """
    some = marked(lines, ref).filter(pl.col(c.MODIFIER_2).is_not_null())
    if some.is_empty():
        return some
    number = pl.coalesce(pl.when(has_modifier(a) & has_modifier(b)).then(n) for n, (a, b, _, _) in enumerate(PAIRS))
    which = some.select(number.alias("number"))["number"]
    said = pl.DataFrame(
        [(f"{a} and {b}", reason, severity.value) for a, b, reason, severity in PAIRS],
        schema=["pair", "reason", "severity"],
        orient="row",
    )
    return some.filter(which.is_not_null()).hstack(said[which.drop_nulls()])
