"""Global pathology beside its own components."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import OTHER_LINES, Evidence, FixKind, Scope, Severity, has_modifier, narrow, rule


@rule(
    "components-and-global-together",
    scope=Scope.DAY,
    severity=Severity.ERROR,
    evidence=Evidence.CMS_FILE,
    authority="CMS relative value file, PC/TC indicator 1; Medicare Claims Processing Manual, chapter 12, section 20.2",
    carc="18",
    since="0.1.0",
    needs=(c.BILLING_NPI,),
    fix=FixKind.NEEDS_CHART,
    fix_text="One entity bills {code} globally, or one bills 26 and one TC; take the others off.",
    question="Who prepared the slides, who read them, and how many specimens were there?",
    message="{code} is billed by component and globally on this day: each part may be billed once.",
    facts=("PA-02",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A service is billed whole and in parts.

    What it finds:
        The line of a code without 26 or TC on a day where the patient also has the code with one of them from the same
        practice.

    Why:
        The global service is 26 and TC together. Billed beside them, one part is paid twice and the second denied as a
        duplicate, or recovered in an audit.

    Example:
        88305 26 dx=D22.5
        88305 TC dx=D22.5
        88305 dx=D22.5

    Instead:
        88305 dx=D22.5

    References:
        CMS, Medicare Claims Processing Manual, chapter 12, section 20.2.
    """
    part = has_modifier("26") | has_modifier("TC")
    key = [c.PATIENT_KEY, c.BILLING_NPI, c.SERVICE_FROM, c.CODE]
    codes = narrow(lines, [c.CODE], part)[c.CODE].unique().implode()
    of_split = lines.filter(pl.col(c.CODE).is_in(codes)).with_columns(part.alias("_part"))
    mixed = of_split.filter(pl.col("_part").any().over(key) & ~pl.col("_part").all().over(key))
    whole = [*key, c.CLAIM_INDEX]
    listed = mixed.group_by(whole).agg(pl.col(c.LINE).alias(OTHER_LINES))
    # one finding a code and day: the whole service, which the parts repeat
    global_line = mixed.filter(~pl.col("_part")).unique(key, keep="first", maintain_order=True)
    return global_line.join(listed, on=whole, how="left", maintain_order="left", nulls_equal=True)
