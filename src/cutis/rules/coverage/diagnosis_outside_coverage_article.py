"""A diagnosis that the contractor's coverage article does not accept for the code."""

import polars as pl

from cutis.model import columns as c
from cutis.model.finding import REASON, RELEASE
from cutis.reference.coverage import articles
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Outcome, Scope, Severity, any_modifier, rule
from cutis.rules._shared.chart import shown
from cutis.rules._shared.modifiers import LIABILITY
from cutis.rules._shared.visits import EM

KEY = [c.CLAIM_INDEX, c.LINE]
SYMPTOM = r"symptom|bleed|itch|prurit|pain|tender|inflam|irritat|infect|obstruct|chang|suspicio"
# NCD 250.4: destruction of actinic keratoses is covered without regard to lesion or patient
KERATOSES = ("17000", "17003", "17004")


@rule(
    "diagnosis-outside-coverage-article",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.CMS_FILE,
    authority="Medicare Coverage Database, billing and coding articles of the contractor",
    url="https://www.cms.gov/medicare-coverage-database",
    carc="50",
    since="0.1.0",
    tables=("lcd",),
    needs=(c.STATE, c.PAYER_ID),
    uses=(c.DOC_INTENT,),
    payers=("medicare",),
    fix=FixKind.NEEDS_CHART,
    fix_text="{advice}",
    question="Which symptom, finding or diagnosis of this lesion does the note record?",
    message="{code} points to {shown}; {article} accepts none of it{remark}.",
    facts=("DX-01",),
    supersedes=("benign-lesion-without-symptom",),
)
def check(lines: pl.DataFrame, ref: Reference) -> Outcome:
    """No diagnosis of the line is one that the coverage article accepts for its code.

    What it finds:
        Lines on Medicare claims whose code stands in articles of their contractor in force on the day, where none of
        their diagnoses is accepted by any of these articles, or all are on a list of what is not covered. The contractor
        is that of the claim's payer id where it is a contractor's number, else of its state. A line whose chart states a
        symptom is a remark: the symptom's diagnosis is what is missing. Lines with GA, GX, GY or GZ state the denial
        themselves, a cosmetic service is excluded by law and not by an article, and actinic keratosis under its own codes is covered everywhere.

    Why:
        The contractor denies what its article does not list as not necessary. Only with a waiver signed before may the
        patient be billed.

    Example:
        17110 dx=L82.1 state=OH

    Instead:
        17110 dx=L82.0 state=OH

    References:
        CMS, Medicare Coverage Database; National Coverage Determination 250.4.
    """
    known = articles(ref)
    asked = lines.filter(pl.col(c.CODE).is_in(known["code"].unique().implode()), ~pl.col(c.CODE).is_in(sorted(EM)))
    national = pl.col(c.CODE).is_in(KERATOSES) & pl.any_horizontal(
        pl.col(d).eq_missing(pl.lit("L570")) for d in c.DIAGNOSES
    )
    asked = asked.filter(pl.col(c.DX_1).is_not_null(), ~any_modifier(LIABILITY), ~national, ~_cosmetic(asked))
    if asked.is_empty():
        return Outcome(asked, pl.DataFrame())
    judged = _judge(asked, known)
    has_symptom = _symptom(judged)
    found = judged.filter(~pl.col("accepted")).with_columns(
        shown().alias("shown"),
        pl.when(has_symptom)
        .then(pl.lit(Severity.INFO.value))
        .otherwise(pl.lit(Severity.ERROR.value))
        .alias("severity"),
        pl.when(has_symptom)
        .then(pl.lit("; the chart states a symptom, whose diagnosis is missing"))
        .otherwise(pl.lit(""))
        .alias("remark"),
        pl.when(has_symptom)
        .then(pl.lit("Point the line to the diagnosis of the documented symptom, if the article lists it."))
        .otherwise(
            pl.lit(
                "Point the line to a documented diagnosis that the article lists; where there is none, it is the patient's to pay, with a waiver (GA)."
            )
        )
        .alias("advice"),
    )
    return Outcome(found, _without_article(asked, judged))


def _cosmetic(lines: pl.DataFrame) -> pl.Expr:
    """Excluded by law, which is another denial than that of necessity and another rule."""
    if c.DOC_INTENT not in lines.columns:
        return pl.lit(value=False)
    text = pl.col(c.DOC_INTENT).str.to_lowercase().fill_null("")
    return text.str.contains("cosmetic") & ~text.str.contains(r"not? cosmetic|non-?cosmetic")


def _symptom(lines: pl.DataFrame) -> pl.Expr:
    """The chart states a symptom of the lesion."""
    if c.DOC_INTENT not in lines.columns:
        return pl.lit(value=False)
    text = pl.col(c.DOC_INTENT).str.to_lowercase().fill_null("")
    return text.str.contains(SYMPTOM) & ~text.str.contains("asymptom")


def _judge(asked: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Lines with an article of their place and day: `accepted`, and the articles and releases in one text each."""
    numbers = known["of_number"].drop_nulls().unique().implode()
    by_number = pl.col(c.PAYER_ID).is_in(numbers).fill_null(value=False)
    place = (
        pl.when(by_number)
        .then(pl.col(c.PAYER_ID) == pl.col("of_number"))
        .otherwise(pl.col(c.STATE) == pl.col("of_state"))
    )
    day = pl.col(c.SERVICE_FROM)
    hits = (
        asked.select(
            *KEY, c.CODE, c.PAYER_ID, c.STATE, c.SERVICE_FROM, pl.concat_list(c.DIAGNOSES).list.drop_nulls().alias("dx")
        )
        .join(known, left_on=c.CODE, right_on="code")
        .filter(
            place,
            pl.col("effective_from").is_null() | (pl.col("effective_from") <= day),
            pl.col("effective_to").is_null() | (day <= pl.col("effective_to")),
        )
        .unique([*KEY, "article", "version"], keep="first", maintain_order=True)
    )
    listed = pl.col("covered").list.len().fill_null(0) > 0
    meets = pl.col("dx").list.set_intersection("covered").list.len().fill_null(0) > 0
    barred = pl.col("dx").list.set_difference("noncovered").list.len().fill_null(1) == 0
    each = hits.with_columns((~listed | meets).alias("_meets"), barred.alias("_barred"))
    of_line = each.group_by(KEY, maintain_order=True).agg(
        (pl.col("_meets") & ~pl.col("_barred")).any().alias("accepted"),
        pl.col("article").unique().sort().str.join(", "),
        pl.col("release").unique().sort().str.join(", ").alias(RELEASE),
    )
    return asked.join(of_line, on=KEY, how="inner", maintain_order="left")


def _without_article(asked: pl.DataFrame, judged: pl.DataFrame) -> pl.DataFrame:
    rest = asked.join(judged, on=KEY, how="anti", maintain_order="left")
    nowhere = pl.col(c.STATE).is_null() & pl.col(c.PAYER_ID).is_null()
    reason = pl.when(nowhere).then(
        pl.lit("the claim names neither a state nor a contractor: no coverage article can be chosen")
    )
    return rest.select(
        *KEY, reason.otherwise(pl.lit("no coverage article of its place and day is on file")).alias(REASON)
    )
