"""More units than a medically unlikely edit allows."""

import polars as pl

from cutis.model import columns as c
from cutis.model.finding import REASON, RELEASE, STAKE_UNITS
from cutis.reference.dated import in_force
from cutis.reference.store import Reference
from cutis.rulekit import DAY, Evidence, FixKind, Outcome, Scope, Severity, code_repeated, narrow, rule
from cutis.rules._shared.codes import codes_of
from cutis.rules._shared.pairs import BORROWED
from cutis.rules._shared.ptp import borrowed_lines, severity_of

KIND = {
    1: "a line",
    2: "a day, by definition of the code or by policy",
    3: "a day, unless records show more was needed",
}

MEDICAID = "mue_medicaid"


@rule(
    "units-over-mue",
    scope=Scope.DAY,
    severity=Severity.ERROR,
    evidence=Evidence.CMS_FILE,
    authority="CMS NCCI medically unlikely edits, practitioner; NCCI policy manual, chapter I, section V",
    url="https://www.cms.gov/medicare/coding-billing/national-correct-coding-initiative-ncci-edits/medicare-ncci-medically-unlikely-edits",
    carc="151",
    since="0.1.0",
    needs=(c.SERVICE_TO,),
    uses=(c.FREQUENCY,),
    tables=("mue",),
    fix=FixKind.NEEDS_CHART,
    fix_text="{advice}",
    question="How many were done, counted in the note?",
    message="{code} has {total} units; the edit allows {mue} {kind} (MAI {mai}).",
    facts=("NC-06", "NC-07", "NC-08", "NC-09", "BX-05", "DS-03", "MO-05", "PT-01", "PA-04", "PH-01", "PD-03"),
)
def check(lines: pl.DataFrame, ref: Reference) -> Outcome:
    """Units exceed the medically unlikely edit.

    What it finds:
        A line above its limit (MAI 1), or lines of a code that together exceed the day's limit (MAI 2 and 3). A line
        over several days is divided by its days first. A limit of 0 means that the program does not pay the code, which
        says nothing to other payers. Voided claims do not count; a replacement does not add to what it replaces.

    Why:
        The units above the limit are denied, with MAI 2 and 3 often the whole line. MAI 2 admits no appeal; MAI 3 may
        be appealed with records. Neither may be billed to the patient, and no ABN shifts it.

    Example:
        17311 dx=C44.311
        17312 x7 dx=C44.311

    Instead:
        17311 dx=C44.311
        17312 x2 dx=C44.311

    References:
        CMS, National Correct Coding Initiative policy manual, chapter I, section V.
    """
    # larger lines first: which line is the one too many must not depend on their order
    order = ["_units", *c.MODIFIERS]
    known = _by_payer(lines, ref).sort(order, descending=[True, *[False] * 4], maintain_order=True)
    by_line = known.filter(pl.col("mai") == 1, pl.col("_units") > pl.col("mue")).with_columns(
        pl.col("_units").alias("total"), pl.col("_units").alias("_running")
    )
    key = [DAY, c.CODE, "_again"]
    by_day = (
        known.filter(pl.col("mai") > 1)
        .with_columns(
            pl.col("_units").sum().over(key).alias("total"), pl.col("_units").cum_sum().over(key).alias("_running")
        )
        .filter(pl.col("_running") > pl.col("mue"))
    )
    found = pl.concat([by_line, by_day], how="diagonal")
    above = pl.min_horizontal(pl.col("_running") - pl.col("mue"), pl.col("_units"))
    return Outcome(
        found.with_columns(
            pl.col("mai").replace_strict(KIND, return_dtype=pl.String).alias("kind"),
            above.alias(STAKE_UNITS),
            pl.col("release").alias(RELEASE),
            _advice().alias("advice"),
            severity_of(),
        ),
        _early(lines, ref),
    )


def _by_payer(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Lines in question, those of Medicaid by its own table where that is loaded."""
    medicaid = pl.col(c.PAYER_KIND).eq_missing(pl.lit("medicaid"))
    if not ref.has(MEDICAID) or not lines.select(medicaid.any()).item():
        known = _in_question(lines, ref, "mue").with_columns(medicaid.alias(BORROWED))
        # Medicare's zero says that Medicare does not pay for the code, which is nothing to another program
        return known.filter(~pl.col(BORROWED) | (pl.col("mue") > 0))
    own = _in_question(lines.filter(medicaid), ref, MEDICAID)
    others = _in_question(lines.filter(~medicaid), ref, "mue")
    return pl.concat([others, own.select(others.columns)]).with_columns(pl.lit(value=False).alias(BORROWED))


def _in_question(lines: pl.DataFrame, ref: Reference, name: str) -> pl.DataFrame:
    """Lines that could exceed an edit, with the edit of their day, `_units` a day and `_again` for replacements."""
    table = ref.table(name)
    present = table.filter(pl.col("code").is_in(codes_of(lines, ref).implode()))
    least = present.group_by(pl.col("code").alias(c.CODE)).agg(pl.col("mue").min().alias("_least"))
    # a line within its limit that stands alone on its day is the common case: the dated join is for the others
    smallest = pl.lit(least["_least"].min(), dtype=least.schema["_least"])  # null where no edit speaks of these codes
    some = lines.filter((pl.col(c.UNITS) > smallest) | code_repeated(lines))
    limit = some.select(c.CODE).join(least, on=c.CODE, how="left", maintain_order="left")["_least"]
    few = some.filter((pl.col(c.UNITS) > limit) | (limit.is_not_null() & code_repeated(some)))
    frequency = pl.col(c.FREQUENCY) if c.FREQUENCY in lines.columns else pl.lit(None, dtype=pl.String)
    days = (pl.col(c.SERVICE_TO) - pl.col(c.SERVICE_FROM)).dt.total_days().clip(0) + 1
    program = pl.col(c.PAYER_KIND).is_in(["medicare", "medicaid"])
    return (
        in_force(few.filter(~frequency.eq_missing(pl.lit("8"))), present, on=["code"])
        .filter("known", pl.col(c.UNITS).is_not_null(), (pl.col("mue") > 0) | program)
        .with_columns(
            (pl.col(c.UNITS) / days.fill_null(1)).alias("_units"), frequency.eq_missing(pl.lit("7")).alias("_again")
        )
    )


def _advice() -> pl.Expr:
    return (
        pl.when(pl.col("mue") == 0)
        .then(pl.lit("This code is not paid under the edit; look for the code that describes the service."))
        .when(pl.col("mai") == 1)
        .then(pl.lit("Where the chart supports the count, report the further units on a line of their own with 76, 59 or an anatomic modifier."))
        .when(pl.col("mai") == 2)
        .then(pl.lit("Correct the units or the code: this limit follows from what the code means, and no appeal changes it."))
        .otherwise(pl.lit("Send it with the count in the note and expect to appeal with the record; do not bill the patient."))
    )  # fmt: skip


def _early(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    first = min(r.effective_from for r in ref.releases("mue") if r.effective_from)
    early = narrow(lines, (c.CLAIM_INDEX, c.LINE), pl.col(c.SERVICE_FROM) < first)
    early = early.with_columns(pl.lit(f"no MUE release in force before {first}").alias(REASON))
    return early if ref.has(MEDICAID) else pl.concat([early, borrowed_lines(lines, "MUE")])
