"""A neoplasm whose site or side the code leaves open, beside a procedure."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, Exposure, FixKind, Scope, Severity, Stake, rule
from cutis.rules._shared.diagnoses import dotted

# .9 no site; eyelid .1, ear .2, arm .6, leg .7 with the character for "unspecified side"
SKIN = load_families().codes("skin_procedure")
OPEN = r"^(?:C43|C4A|D03|D04|D22|D23)(?:9|[1267]0)$|^C44(?:9|[1267]\d1$)"


@rule(
    "diagnosis-site-not-named",
    scope=Scope.LINE,
    severity=Severity.INFO,
    exposure=Exposure.DENIAL,
    evidence=Evidence.CMS_MANUAL,
    authority="ICD-10-CM official guidelines, sections I.B.13 and I.B.18 (side and site where the record has them)",
    url="https://www.cms.gov/medicare/coding-billing/icd-10-codes",
    carc="16",
    since="0.1.0",
    stake=Stake.NONE,
    fix=FixKind.NEEDS_CHART,
    fix_text="Replace {shown} by the code of the site and side that the note names.",
    question="On which site and side was {code} done?",
    message="{code} points to {shown}, which leaves the site or side open, though the procedure had one.",
    facts=("DX-03",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A procedure on a neoplasm points to a code that names no site or side.

    What it finds:
        Skin procedures whose first diagnosis is a skin neoplasm of unspecified site, or of an unspecified side of
        eyelid, ear, arm or leg.

    Why:
        Whoever did the procedure knows where. Payers increasingly deny unspecified codes, and the site decides many
        policies.

    Example:
        17311 dx=C44.91

    Instead:
        17311 dx=C44.311

    References:
        ICD-10-CM official guidelines for coding and reporting, section I.B.
    """
    # the pattern is tried on each code once, not on each line
    used = lines[c.DX_1].unique().drop_nulls()
    wanted = used.filter(used.str.contains(OPEN)).implode()
    found = lines.filter(pl.col(c.DX_1).is_in(wanted)).filter(pl.col(c.CODE).is_in(SKIN))
    return found.with_columns(dotted(c.DX_1).alias("shown"))
