"""Units of a drug that are not its dose."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, any_modifier, rule

# amount that one unit stands for, in the unit of the drug (mg, or labelled units of toxin)
UNIT = {
    "J3301": 10.0, "J0585": 1.0, "J0586": 5.0, "J0587": 100.0, "J0588": 1.0, "J1100": 1.0, "J1020": 20.0, "J1030": 40.0,
    "J1040": 80.0, "J9040": 15.0, "J9190": 500.0, "J9250": 5.0, "J9260": 50.0, "J3300": 1.0, "J0702": 6.0, "J7345": 10.0,
    "J1010": 1.0, "J2357": 5.0, "J3357": 1.0, "J1628": 1.0, "J3245": 1.0, "J0717": 1.0, "J1745": 10.0,
    "J7308": 354.0,
}  # fmt: skip


@rule(
    "drug-units-differ-from-dose",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="HCPCS unit of each drug code, restated",
    carc="151",
    since="0.1.0",
    needs=(c.DOC_DRUG_AMOUNT,),
    codes=UNIT,
    fix=FixKind.NEEDS_CHART,
    fix_text="{doc_drug_amount} given are {right} units; discarded amounts of a single-dose vial go on a line with JW.",
    question="How much of the drug was given, and how much discarded?",
    message="{code} has {units} units, but {doc_drug_amount} given are {right}.",
    facts=("IL-02", "PD-03"),
    supersedes=("toxin-units-too-few",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The units of a drug do not follow from the dose given.

    What it finds:
        Drug lines whose units are not the documented dose divided by the amount of one unit, rounded up.

    Why:
        A unit is an amount, not an injection or a vial. Toxin billed as one unit is paid one hundredth of its
        price; billed too high it is recovered.

    Example:
        64650 dx=L74.510
        J0585 dx=L74.510 drug_amount=100

    Instead:
        64650 dx=L74.510
        J0585 x100 dx=L74.510 drug_amount=100

    References:
        HCPCS level II, drug codes (units restated).
    """
    per = pl.col(c.CODE).replace_strict(UNIT, return_dtype=pl.Float64)
    dosed = lines.filter(pl.col(c.DOC_DRUG_AMOUNT).is_not_null()).with_columns(
        (pl.col(c.DOC_DRUG_AMOUNT) / per).ceil().alias("right")
    )
    jw = any_modifier(("JW",))
    # an amount smaller than one applicator counts applicators
    applicators = (pl.col(c.CODE) == "J7308") & (pl.col(c.DOC_DRUG_AMOUNT) < UNIT["J7308"])
    return dosed.filter(~jw, ~applicators, pl.col("right") != pl.col(c.UNITS))
