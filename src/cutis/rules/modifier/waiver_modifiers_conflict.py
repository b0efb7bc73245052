"""GA, GX, GY and GZ that contradict each other."""

import polars as pl

from cutis.reference.store import Reference
from cutis.rulekit import Evidence, Exposure, FixKind, Scope, Severity, has_modifier, rule


@rule(
    "waiver-modifiers-conflict",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    exposure=Exposure.DENIAL,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 30; change request 7228 (GZ), 6563 (GX)",
    carc="4",
    since="0.1.0",
    modifiers=("GA", "GZ"),
    payers=("medicare",),
    fix=FixKind.NEEDS_CHART,
    fix_text="Keep the one that is true: GA with a required ABN on file, GZ without one, GY for what the law excludes, GX with GY for a voluntary ABN.",
    question="Is an ABN on file, was it required or voluntary, and why is denial expected?",
    message="{code} carries {pair}, which contradict each other.",
    facts=("AB-01", "AB-02"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Waiver of liability modifiers contradict each other.

    What it finds:
        GA with GZ, GA with GX, GA with GY, and GZ with GY or GX on one line.

    Why:
        GA states that a required ABN is on file, GZ that it is not; GY states exclusion by law, where necessity is not
        the question and a required ABN has no place. Medicare returns or denies the line.

    Example:
        11200 GA GZ dx=L91.8

    Instead:
        11200 GA dx=L91.8

    References:
        CMS, Medicare Claims Processing Manual, chapter 30, section 50.
    """
    pairs = (("GA", "GZ"), ("GA", "GX"), ("GA", "GY"), ("GZ", "GY"), ("GZ", "GX"))
    both = [(has_modifier(a) & has_modifier(b), f"{a} and {b}") for a, b in pairs]
    which = pl.coalesce(pl.when(cond).then(pl.lit(text)) for cond, text in both)
    return lines.with_columns(which.alias("pair")).filter(pl.col("pair").is_not_null())
