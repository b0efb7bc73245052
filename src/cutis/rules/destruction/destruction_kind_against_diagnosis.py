"""A destruction code whose kind of lesion the diagnosis is not."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, once_each, rule
from cutis.rules._shared.chart import pointed, shown

_FAMILIES = load_families()
KIND = (
    dict.fromkeys(_FAMILIES.codes("premalignant_destruction"), "premalignant")
    | dict.fromkeys(_FAMILIES.codes("benign_destruction"), "benign")
    | dict.fromkeys(_FAMILIES.codes("malignant_destruction"), "malignant")
)


@rule(
    "destruction-kind-against-diagnosis",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="CPT kinds of destruction (premalignant, benign, malignant), restated; published denial guides",
    carc="11",
    since="0.1.0",
    codes=KIND,
    fix=FixKind.NEEDS_CHART,
    fix_text="By the lesion: keratoses are 17000 to 17004, warts and other benign lesions 17110 or 17111, malignant ones 17260 to 17286.",
    question="What kind of lesion was destroyed, and is its diagnosis the one on the line?",
    message="{code} is for {kind} lesions, but the line points to {shown}.",
    facts=("DS-06", "DS-08", "DX-01"),
    supersedes=("destroyed-lesion-against-chart",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The destruction code and the diagnosis name different kinds of lesion.

    What it finds:
        17000 to 17004 with a wart, another benign lesion or a cancer; 17110 and 17111 with a keratosis or
        cancer; 17260 to 17286 without a malignancy.

    Why:
        The payer's edit matches the kind of code with the diagnosis and denies the line as not supported.

    Example:
        17110 dx=L57.0

    Instead:
        17000 dx=L57.0

    References:
        CPT, destruction (restated).
    """
    keratosis = pointed().str.contains(r"\bL57[0-9]|\bD0[34]|\bD48|\bD49|\bK130|\bN870|\bL56[58]")
    wart = pointed().str.contains(
        r"\bB07|\bB081|\bA630|\bL82|\bL84|\bD2[23]|\bL72|\bL91[08]|\bD18|\bL81|\bQ82|\bL85|\bD17|\bL92|\bL94|\bL90|\bI78|\bL73|\bL98|\bD10|\bD36|\bD48|\bD49|\bB079|\bZ41|\bD29|\bD28|\bL30|\bL74"
    )
    cancer = pointed().str.contains(r"\bC4[3479]|\bC4A|\bD0[34]|\bC6[03]|\bC51|\bC76|\bC79|\bC00|\bC80|\bD48|\bD49")
    kind = pl.col(c.CODE).replace_strict(KIND, return_dtype=pl.String)
    wrong = (
        ((kind == "premalignant") & ~keratosis & (wart | pointed().str.contains(r"\bC4[34]")))
        | ((kind == "benign") & pointed().str.contains(r"\bL57|\bC4[34A]|\bD0[34]") & ~wart)
        | ((kind == "malignant") & ~cancer)
    )
    against = once_each(lines, (c.CODE, *c.DIAGNOSES), wrong & pl.col(c.DX_1).is_not_null()).to_series()
    return lines.filter(against).with_columns(kind.alias("kind"), shown().alias("shown"))
