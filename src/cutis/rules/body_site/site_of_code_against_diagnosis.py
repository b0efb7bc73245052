"""A code for one group of body sites with a diagnosis of another."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import shown
from cutis.rules._shared.sites import ALLOWED, allowed, with_sites, words_of_code


@rule(
    "site-of-code-against-diagnosis",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    evidence=Evidence.PUBLISHED,
    authority="CPT site groups of the code series, restated; ICD-10-CM site characters; AAPC, site groups of Mohs surgery",
    url="https://www.aapc.com/blog/38410-dont-marginalize-mohs/",
    carc="11",
    since="0.1.0",
    codes=ALLOWED,
    fix=FixKind.NEEDS_CHART,
    fix_text="Take the code of the site in the note, or correct the diagnosis.",
    question="Where exactly was the lesion or wound?",
    message="{code} is for {words}, but {shown} names another site.",
    facts=("EX-04", "MO-02", "SH-01", "DS-08", "RP-02", "FL-01", "GR-01"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The code is for other body sites than the diagnosis names.

    What it finds:
        Shaves, excisions, malignant destructions, Mohs surgery, repairs, flaps and grafts whose site group holds
        none of the sites that the line's diagnoses name (skin neoplasms, open wounds). Lines whose diagnoses name
        no site are left alone.

    Why:
        The site decides the code. A diagnosis of the nose under a code of the trunk shows that one of the two is
        wrong; payers' editors compare them, and the groups are paid differently.

    Example:
        11602 dx=C44.311

    Instead:
        11642 dx=C44.311

    References:
        AAPC, Don't Marginalize Mohs; CPT site groups (restated); ICD-10-CM, site characters of skin neoplasms.
    """
    wrong = with_sites(lines).filter(
        pl.col(c.DX_1).is_not_null(), pl.col("_sites") != 0, (pl.col("_sites") & allowed()) == 0
    )
    # these two are also for other sites where deep structures are involved
    deep = (
        pl.when(pl.col(c.CODE) == "17311").then(pl.lit(Severity.INFO.value)).otherwise(pl.lit(Severity.WARNING.value))
    )
    return wrong.with_columns(words_of_code().alias("words"), shown().alias("shown"), deep.alias("severity"))
