"""80, 81, 82 or AS on a code that is paid without assistants."""

import polars as pl

from cutis.model import columns as c
from cutis.model.finding import RELEASE
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, any_modifier, rule
from cutis.rules._shared.visits import with_fee

ASSISTANT = ("80", "81", "82", "AS")


@rule(
    "assistant-not-allowed",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.CMS_FILE,
    authority="CMS relative value file, assistant at surgery indicator",
    carc="54",
    since="0.1.0",
    modifiers=ASSISTANT,
    tables=("fee",),
    fix=FixKind.NEEDS_CHART,
    fix_text="Do not bill the assistant for {code}; with indicator 0 it needs documents of necessity.",
    question="Was an assistant needed for {code}, and does the operative note say why?",
    message="{modifier} on {code}: an assistant at surgery is not paid for it (indicator {assistant}).",
    facts=("PY-05",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """An assistant is billed where none is paid.

    What it finds:
        80, 81, 82 or AS on codes with assistant indicator 0, 1 or 9.

    Why:
        Indicator 1 is a statutory restriction: never paid. Indicator 0 is paid only with documents of necessity.

    Example:
        11602 80 dx=C44.519

    Instead:
        11602 dx=C44.519

    References:
        CMS, physician fee schedule relative value file, field ASST SURG.
    """
    known = with_fee(lines.filter(any_modifier(ASSISTANT)), ref).with_columns(pl.col("release").alias(RELEASE))
    which = pl.coalesce(pl.when(pl.col(m).is_in(ASSISTANT)).then(pl.col(m)) for m in c.MODIFIERS)
    return known.filter(pl.col("assistant").is_in(["0", "1", "9"])).with_columns(which.alias("modifier"))
