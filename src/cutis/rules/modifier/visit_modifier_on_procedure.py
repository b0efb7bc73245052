"""24, 25 or 57 on a code that is no visit."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, Exposure, FixKind, Scope, Severity, any_modifier, rule
from cutis.rules._shared.modifiers import VISIT_ONLY
from cutis.rules._shared.visits import EM, with_fee

# no visits either, though without a surgical period: pathology, tests, injections, light and photodynamic treatment
OTHER = r"^(?:88|950[0-7]|963[67]|964|965[67]|969[0-2])"


@rule(
    "visit-modifier-on-procedure",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    exposure=Exposure.DENIAL,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 12, section 40.2; NCCI policy manual, chapter I, section E",
    carc="4",
    since="0.1.0",
    modifiers=VISIT_ONLY,
    tables=("fee",),
    fix=FixKind.NEEDS_CHART,
    fix_text="Take {modifier} off {code}; if a separate visit is documented, the modifier belongs on the visit.",
    question="Is there a visit of the day that the modifier was meant for?",
    message="{modifier} on {code}: 24, 25, 27 and 57 belong on visits, not on procedures.",
    facts=("EM-01",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A visit's modifier stands on a procedure.

    What it finds:
        24, 25, 27 or 57 on a code with a surgical global period, or on pathology, light treatment, an injection or a
        test.

    Why:
        These modifiers describe an evaluation and management service. On a procedure they mean nothing, and the line is
        denied as a code and modifier that do not fit.

    Example:
        11102 25 dx=D49.2

    Instead:
        11102 dx=D49.2

    References:
        CMS, NCCI policy manual, chapter I, section E.
    """
    candidates = with_fee(lines.filter(any_modifier(VISIT_ONLY) & ~pl.col(c.CODE).is_in(sorted(EM))), ref)
    surgical = pl.col("global_days").is_in(["000", "010", "090", "ZZZ"]) | pl.col(c.CODE).str.contains(OTHER)
    which = pl.coalesce(pl.when(pl.col(m).is_in(VISIT_ONLY)).then(pl.col(m)) for m in c.MODIFIERS)
    # G2211 and other visit add-ons (ZZZ in the visit chapter) are not surgery
    visit_like = pl.col(c.CODE).str.starts_with("99") | pl.col(c.CODE).str.starts_with("G")
    return candidates.filter(surgical & ~visit_like).with_columns(which.alias("modifier"))
