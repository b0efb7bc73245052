"""24, 58, 78 or 79 after the global period has ended."""

import polars as pl

from cutis.model import columns as c
from cutis.model.finding import RELEASE
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, Stake, any_modifier, rule
from cutis.rules._shared.globals import LENGTH, with_length
from cutis.rules._shared.modifiers import first_of

GLOBAL = ("24", "58", "78", "79")


@rule(
    "global-modifier-outside-period",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    evidence=Evidence.CMS_FILE,
    authority="CMS relative value file, global days; Medicare Claims Processing Manual, chapter 12, section 40.2",
    url="https://www.cms.gov/regulations-and-guidance/guidance/manuals/downloads/clm104c12.pdf",
    carc="4",
    since="0.1.0",
    modifiers=GLOBAL,
    needs=(c.DOC_GLOBAL_CODE, c.DOC_GLOBAL_DAYS),
    tables=("fee",),
    stake=Stake.NONE,
    fix=FixKind.NEEDS_CHART,
    fix_text="Take {modifier} off {code}, unless another procedure with a longer period came before.",
    question="Was there another procedure by the group whose global period is still running?",
    message="{modifier} on {code}: the {length} global days of {doc_global_code} were over on day {doc_global_days}.",
    facts=("GL-01", "GL-02", "EM-03", "EM-04"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A global modifier stands on a service outside the global period.

    What it finds:
        24, 58, 78 or 79 where the earlier procedure that the chart names has no global days left.

    Why:
        The modifiers explain a service within a global period. Outside it they say nothing, some payers reject them,
        and 78 cuts the payment for no reason.

    Example:
        99213 24 dx=L23.0 global_code=17110 global_days=11

    Instead:
        99213 dx=L23.0 global_code=17110 global_days=11

    References:
        CMS, Medicare Claims Processing Manual, chapter 12, section 40.2.
    """
    some = lines.filter(any_modifier(GLOBAL), pl.col(c.DOC_GLOBAL_CODE).is_not_null())
    known = with_length(some, ref).with_columns(pl.col("release").alias(RELEASE))
    return known.filter(pl.col(c.DOC_GLOBAL_DAYS) > pl.col(LENGTH)).with_columns(first_of(GLOBAL).alias("modifier"))
