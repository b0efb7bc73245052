"""How payers answered a line: paid, reduced, denied or not answered, from the remittances that name it."""

from enum import StrEnum
from typing import Final

import polars as pl

from cutis.model import columns as c
from cutis.model import remittance as r

REASONS: Final = "reasons"  # List(String): CARCs that took something off and are not of the ordinary course
PAID_CENTS: Final = "answered_paid_cents"

# Reasons that every paid line may carry: deductible, coinsurance, copayment, fee schedule, what another payer paid,
# sequestration, and the order of several procedures. They do not say that anything was wrong with the line.
ORDINARY: Final = ("1", "2", "3", "23", "45", "59", "66", "104", "131", "161", "187", "237", "241", "253")
REVERSAL: Final = "22"
DENIED_STATUS: Final = "4"
# A payer that has sent the claim on, or predetermined it, has not judged it.
UNJUDGED: Final = ("23", "25")


class Answer(StrEnum):
    """What the payers' last word on a line was."""

    PAID = "paid"
    REDUCED = "reduced"
    DENIED = "denied"


def answers(lines: pl.DataFrame, remittances: pl.DataFrame) -> pl.DataFrame:
    """Lines with `past_outcome` (null where no remittance names them), `reasons` and what was paid.

    A line is matched by the claim's number, code, first modifiers in any order and day; equal lines in their order. A
    claim that was answered as a whole answers each of its lines. The last answer counts; one that the payer took
    back counts as none. A line is *denied* where nothing was paid, nothing is left to the patient as deductible,
    coinsurance or copayment, and an unusual reason stands; *reduced* where something was paid or left to the patient
    beside an unusual reason.

    Args:
        lines: at least claim id, index, line, code, modifiers, service day.
        remittances: `REMITTANCE_SCHEMA`.
    """
    bare = lines.drop(c.PAST_OUTCOME, REASONS, PAID_CENTS, strict=False)
    judged = _judged(remittances.filter(pl.col(c.CLAIM_ID).is_in(lines[c.CLAIM_ID].unique().implode())))
    by_line = judged.filter(pl.col(c.CODE).is_not_null())
    whole = judged.filter(pl.col(c.CODE).is_null()).unique(c.CLAIM_ID, keep="last", maintain_order=True)
    key = [c.CLAIM_ID, c.CODE, "_mods", c.SERVICE_FROM, "_nth"]
    values = [c.PAST_OUTCOME, REASONS, PAID_CENTS]
    keyed = bare.with_columns(_modifiers()).with_columns(_nth([c.CLAIM_INDEX, c.CODE, "_mods", c.SERVICE_FROM]))
    found = keyed.join(by_line.select(*key, *values), on=key, how="left", maintain_order="left")
    found = found.join(
        whole.select(c.CLAIM_ID, *values), on=c.CLAIM_ID, how="left", maintain_order="left", suffix="_whole"
    )
    return found.with_columns(pl.coalesce(v, f"{v}_whole").alias(v) for v in values).drop(
        "_mods", "_nth", *(f"{v}_whole" for v in values)
    )


def _modifiers() -> pl.Expr:
    return pl.concat_list(c.MODIFIERS).list.drop_nulls().list.sort().list.join(" ").alias("_mods")


def _nth(key: list[str]) -> pl.Expr:
    return pl.int_range(pl.len(), dtype=pl.UInt32).over(key).alias("_nth")


def _judged(remittances: pl.DataFrame) -> pl.DataFrame:
    """The last answer per claim, as rows with outcome and reasons; taken back or unjudged ones are left out."""
    ordered = remittances.filter(~pl.col(r.STATUS).is_in(UNJUDGED).fill_null(value=False)).sort(
        r.PAID_ON, nulls_last=False, maintain_order=True
    )
    # a claim may be answered in pieces; what is said last of the same line counts
    run = [r.PAID_ON, r.TRACE, r.CLAIM, c.CLAIM_ID, c.CODE, "_mods", c.SERVICE_FROM]
    key = [c.CLAIM_ID, c.CODE, "_mods", c.SERVICE_FROM, "_nth"]
    numbered = ordered.with_columns(_modifiers()).with_columns(_nth(run))
    last = numbered.unique(key, keep="last", maintain_order=True).filter(pl.col(r.STATUS).ne_missing(pl.lit(REVERSAL)))
    entries = pl.concat_list(r.ADJUSTMENTS, r.CLAIM_ADJUSTMENTS).list
    codes = entries.eval(pl.element().struct["carc"]).list.drop_nulls()
    odd = codes.list.set_difference(pl.lit(list(ORDINARY))).list.unique(maintain_order=True)
    share = (
        pl.col(r.ADJUSTMENTS)
        .list.eval(
            pl.when((pl.element().struct["group"] == "PR") & pl.element().struct["carc"].is_in(["1", "2", "3"])).then(
                pl.element().struct["cents"]
            )
        )
        .list.sum()
        .fill_null(0)
    )
    paid = pl.coalesce(r.PAID, r.CLAIM_PAID).fill_null(0)
    cut = (pl.col(r.UNITS_PAID) < pl.col(c.UNITS)).fill_null(value=False)
    something = (paid > 0) | (share > 0)
    status = pl.col(r.STATUS).eq_missing(pl.lit(DENIED_STATUS))
    outcome = (
        pl.when(~something & ((pl.col(REASONS).list.len() > 0) | status)).then(pl.lit(Answer.DENIED.value))
        .when((pl.col(REASONS).list.len() > 0) | cut).then(pl.lit(Answer.REDUCED.value))
        .otherwise(pl.lit(Answer.PAID.value))
    )  # fmt: skip
    return last.with_columns(odd.alias(REASONS), paid.alias(PAID_CENTS)).with_columns(outcome.alias(c.PAST_OUTCOME))
