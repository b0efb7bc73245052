"""A right-sided modifier on a left-sided diagnosis, or the reverse."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, any_modifier, rule
from cutis.rules._shared.diagnoses import dotted
from cutis.rules._shared.modifiers import first_of

RIGHT = ("RT", "E3", "E4", "F5", "F6", "F7", "F8", "F9", "T5", "T6", "T7", "T8", "T9")
LEFT = ("LT", "E1", "E2", "FA", "F1", "F2", "F3", "F4", "TA", "T1", "T2", "T3", "T4")
# eyelid .1, ear .2, arm .6, leg .7; then 1 right and 2 left, but in C44 kind first and then 2 right and 9 left
_PLAIN = r"^(?:C43|C4A|D03|D04|D22|D23)[1267]"
DX_RIGHT = rf"{_PLAIN}1|^C44[267]\d2$|^C441\d2[12]$"
DX_LEFT = rf"{_PLAIN}2|^C44[267]\d9$|^C441\d9[12]$"


@rule(
    "side-modifier-against-diagnosis",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    evidence=Evidence.CMS_FILE,
    authority="ICD-10-CM code structure of skin neoplasms (side in the code); NCCI policy manual, chapter I, section E",
    carc="4",
    since="0.1.0",
    modifiers=(*RIGHT, *LEFT),
    fix=FixKind.NEEDS_CHART,
    fix_text="Make the modifier and the diagnosis name the same side.",
    question="On which side was {code} done?",
    message="{modifier} on {code} is {side}, but the diagnosis {shown} is of the {other} side.",
    facts=("AN-01", "DX-03"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Modifier and diagnosis name different sides.

    What it finds:
        LT, RT, eyelid, finger and toe modifiers whose first diagnosis is a neoplasm of the skin of the other side.

    Why:
        The two statements cannot both be true, and the diagnosis is the one the pathology report can be held against.

    Example:
        11602 RT dx=C44.619

    Instead:
        11602 LT dx=C44.619

    References:
        ICD-10-CM tabular list, skin neoplasms of eyelid, ear, upper and lower limb.
    """
    some = lines.filter(any_modifier((*RIGHT, *LEFT)))
    right, left = any_modifier(RIGHT), any_modifier(LEFT)
    first = pl.col(c.DX_1)
    wrong_right = right & ~left & first.str.contains(DX_LEFT)
    wrong_left = left & ~right & first.str.contains(DX_RIGHT)
    side = pl.when(wrong_right).then(pl.lit("right")).otherwise(pl.lit("left"))
    other = pl.when(wrong_right).then(pl.lit("left")).otherwise(pl.lit("right"))
    return some.filter((wrong_right | wrong_left).fill_null(value=False)).with_columns(
        first_of((*RIGHT, *LEFT)).alias("modifier"),
        side.alias("side"),
        other.alias("other"),
        dotted(c.DX_1).alias("shown"),
    )
