"""An eyelid or digit modifier on a diagnosis of another site."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, any_modifier, rule
from cutis.rules._shared.diagnoses import dotted
from cutis.rules._shared.modifiers import DIGITS, EYELIDS, first_of

# Third characters of skin neoplasm codes that name eyelid (.1x) or limbs including digits (.6x, .7x), as C44.1, D04.6.
NEOPLASM = ("C43", "C44", "D03", "D04", "D22", "D23")


@rule(
    "anatomic-modifier-against-diagnosis",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    evidence=Evidence.CMS_MANUAL,
    authority="NCCI policy manual, chapter I, section E (anatomic modifiers)",
    carc="4",
    since="0.1.0",
    modifiers=(*EYELIDS, *DIGITS),
    fix=FixKind.NEEDS_CHART,
    fix_text="Make the modifier and the diagnosis name the same site.",
    question="On which eyelid, finger or toe was {code} done?",
    message="{modifier} on {code} names {names}, but the diagnosis {shown} is of another site.",
    facts=("AN-01",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The anatomic modifier and the diagnosis name different sites.

    What it finds:
        E1 to E4 where the first diagnosis is a skin neoplasm of a site other than the eyelid; FA, F1 to F9, TA, T1 to
        T9 where it is one of neither limb.

    Why:
        The modifier bypasses edits by naming a place; a diagnosis of another place shows the statement to be wrong.

    Example:
        11102 E1 dx=D22.5

    Instead:
        11102 E1 dx=D22.121

    References:
        CMS, NCCI policy manual, chapter I, section E.
    """
    family = pl.col(c.DX_1).str.head(3).is_in(NEOPLASM)
    site = pl.col(c.DX_1).str.slice(3, 1)
    eyelid = any_modifier(EYELIDS) & (site != "1")
    digit = any_modifier(DIGITS) & ~site.is_in(["6", "7"])
    # unspecified and overlapping sites contradict nothing
    said = ~site.is_in(["8", "9", ""])
    names = pl.when(eyelid).then(pl.lit("an eyelid")).otherwise(pl.lit("a finger or toe"))
    found = lines.filter(family & said & (eyelid | digit))
    return found.with_columns(
        first_of((*EYELIDS, *DIGITS)).alias("modifier"), names.alias("names"), dotted(c.DX_1).alias("shown")
    )
