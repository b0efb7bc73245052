"""Global periods: whether a service falls into the days after an earlier procedure of the same group."""

from typing import Final

import polars as pl

from cutis.model import columns as c
from cutis.model.finding import REASON
from cutis.reference.dated import in_force
from cutis.reference.store import Reference
from cutis.rulekit import DAY, narrow
from cutis.rules._shared.visits import surgical

LENGTH: Final = "length"
NEEDS: Final = (c.BILLING_NPI, c.TAXONOMY)
CHART: Final = (c.DOC_GLOBAL_CODE, c.DOC_GLOBAL_DAYS, c.DOC_GLOBAL_RELATED)
USES: Final = (*CHART, c.HISTORY_FROM)
LONGEST: Final = 90
_DAYS: Final = {"090": 90, "010": 10, "000": 0}


def within_global(services: pl.DataFrame, lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Of `services` those within 10 or 90 global days of an earlier procedure, with its code, day and `length`.

    The earlier procedure is the chart's where it names one, else the latest that the input holds of the same patient,
    billing provider and specialty. A period of 10 days is the day of surgery and the ten that follow; of 90 days, the
    ninety that follow (and the day before surgery, which is not an earlier procedure).

    Args:
        services: part of `lines` to judge.
        lines: all lines of these patients, with `NEEDS` and those of `CHART` that the input has.
        ref: has the table fee.
    """
    if services.is_empty():
        return services
    rows = _charted(services)
    earlier = surgery_of_returning(lines, ref)
    rest = services.filter(pl.col(c.PATIENT_KEY).is_in(earlier[c.PATIENT_KEY].implode()))
    rest = rest.join(rows, on=[c.CLAIM_INDEX, c.LINE], how="anti", maintain_order="left")
    rows = pl.concat([rows, _claimed(rest, earlier)], how="diagonal")
    within = with_length(rows, ref).filter(pl.col(c.DOC_GLOBAL_DAYS).is_between(1, pl.col(LENGTH)))
    return within.sort(c.CLAIM_INDEX, c.LINE, c.DOC_GLOBAL_DAYS, c.DOC_GLOBAL_CODE).unique(
        [c.CLAIM_INDEX, c.LINE], keep="first", maintain_order=True
    )


def with_length(rows: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Rows with the global days of their earlier procedure: `length` (0, 10, 90), null where it has none or is unknown."""
    fee = ref.lasting("global days", lambda: _global_days(ref.table("fee")))
    length = pl.col("global_days").replace_strict(_DAYS, default=None, return_dtype=pl.Int64)
    known = in_force(rows, fee, on=[c.DOC_GLOBAL_CODE])
    return known.with_columns(length.alias(LENGTH)).drop("global_days", "known")


def _global_days(fee: pl.DataFrame) -> pl.DataFrame:
    code = pl.col("code").alias(c.DOC_GLOBAL_CODE)
    return fee.filter(pl.col("modifier") == "").select(code, "global_days", "effective_from", "effective_to", "release")


def may_follow(lines: pl.DataFrame, ref: Reference) -> pl.Expr:
    """True where chart or input name a procedure at all that the line could fall behind: the others need no look."""
    known = pl.col(c.PATIENT_KEY).is_in(surgery_of_returning(lines, ref)[c.PATIENT_KEY].unique().implode())
    return known | pl.col(c.DOC_GLOBAL_CODE).is_not_null() if c.DOC_GLOBAL_CODE in lines.columns else known


def no_history(services: pl.DataFrame, *where: pl.Expr) -> pl.DataFrame:
    """Claim, line and reason of services of which neither the chart nor a history says what was done before.

    Args:
        services: lines to judge.
        where: only those that meet these conditions.
    """
    if c.DOC_GLOBAL_CODE in services.columns:
        where = (*where, pl.col(c.DOC_GLOBAL_CODE).is_null())
    asked = [c.CLAIM_INDEX, c.LINE, *(n for n in (c.SERVICE_FROM, c.HISTORY_FROM) if n in services.columns)]
    silent = narrow(services, asked, *where)
    return unknown_before(silent, f"-{LONGEST}d", f"{LONGEST} days", "procedures")


def unknown_before(services: pl.DataFrame, span: str, words: str, what: str) -> pl.DataFrame:
    """Claim, line and reason of services whose time before them no history covers.

    Args:
        services: with `HISTORY_FROM` where a history was given.
        span: how far back the rule looks, as an offset (`-90d`).
        words: the same in words.
        what: what would be looked for.
    """
    if c.HISTORY_FROM not in services.columns:
        reason = f"no history was given (--history): earlier {what} are known only as far as this input goes"
        return services.select(c.CLAIM_INDEX, c.LINE, pl.lit(reason).alias(REASON))
    begun = (pl.col(c.HISTORY_FROM) <= pl.col(c.SERVICE_FROM).dt.offset_by(span)).fill_null(value=False)
    reason = f"the history begins within the {words} before the service: earlier {what} are not known"
    return services.filter(~begun).select(c.CLAIM_INDEX, c.LINE, pl.lit(reason).alias(REASON))


def _charted(services: pl.DataFrame) -> pl.DataFrame:
    if not {c.DOC_GLOBAL_CODE, c.DOC_GLOBAL_DAYS} <= set(services.columns):
        return services.clear().with_columns(
            pl.lit(None, dtype=pl.String).alias(c.DOC_GLOBAL_CODE),
            pl.lit(None, dtype=pl.Int64).alias(c.DOC_GLOBAL_DAYS),
        )
    return services.filter(pl.col(c.DOC_GLOBAL_CODE).is_not_null(), pl.col(c.DOC_GLOBAL_DAYS).is_not_null())


def _claimed(services: pl.DataFrame, earlier: pl.DataFrame) -> pl.DataFrame:
    """Services with each earlier surgery of the input within ninety days, as the chart's columns."""
    bare = services.drop(c.DOC_GLOBAL_CODE, c.DOC_GLOBAL_DAYS, strict=False)
    joined = bare.join(earlier, on=[c.PATIENT_KEY, c.BILLING_NPI], how="inner", maintain_order="left")
    since = (pl.col(c.SERVICE_FROM) - pl.col("_then")).dt.total_days()
    same = pl.col(c.TAXONOMY).is_null() | pl.col("_taxonomy").is_null() | (pl.col(c.TAXONOMY) == pl.col("_taxonomy"))
    return (
        joined.with_columns(since.alias(c.DOC_GLOBAL_DAYS))
        .filter(same, pl.col(c.DOC_GLOBAL_DAYS).is_between(1, LONGEST))
        .drop("_then", "_taxonomy")
    )


def surgery_of_returning(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Procedures of 10 or 90 global days of patients who were seen on more than one day, as earlier procedures."""
    found = ref.remember(lines, "surgery-of-returning", lambda: _surgery(lines, ref))
    assert isinstance(found, pl.DataFrame)
    return found


def returning(lines: pl.DataFrame, ref: Reference) -> pl.Series:
    """Keys of the patients who were seen on more than one day; `lines` are sorted by `DAY`."""
    found = ref.remember(lines, "returning", lambda: _returning(lines))
    assert isinstance(found, pl.Series)
    return found


def _returning(lines: pl.DataFrame) -> pl.Series:
    # by the heads of the days, of which there are fewer than lines
    head = (pl.col(DAY) != pl.col(DAY).shift(1)).fill_null(value=True)
    heads = narrow(lines, (c.PATIENT_KEY, c.SERVICE_FROM), head)
    again = heads.filter(pl.col(c.PATIENT_KEY).is_duplicated())
    seen = again.unique()[c.PATIENT_KEY]
    return seen.filter(seen.is_duplicated()).unique()


def _surgery(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    codes = surgical(ref, periods=("010", "090")).implode()
    wanted = (
        c.PATIENT_KEY,
        c.BILLING_NPI,
        pl.col(c.TAXONOMY).alias("_taxonomy"),
        pl.col(c.SERVICE_FROM).alias("_then"),
        pl.col(c.CODE).alias(c.DOC_GLOBAL_CODE),
    )
    again = pl.col(c.PATIENT_KEY).is_in(returning(lines, ref).implode())
    return narrow(lines, wanted, again, pl.col(c.CODE).is_in(codes)).unique(maintain_order=True)
