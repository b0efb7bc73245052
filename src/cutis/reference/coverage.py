"""Coverage articles put together: which diagnoses an article accepts for a code, when, and of which contractor."""

import polars as pl

from cutis.reference.store import Reference

CODES = "article_codes"


def articles(ref: Reference) -> pl.DataFrame:
    """One row per article, code and place.

    Returns:
        article, code, `of_number` (of the contractor), `of_state` (two letters), `covered` and `noncovered` (lists of
        diagnoses without dot, over all groups of the article), effective_from, effective_to, release. Null dates are
        open; articles without a place have null of_number and of_state.

    Raises:
        DataError: the table lcd is not loaded.
    """
    table = ref.table("lcd")
    made = ref.lasting(CODES, lambda: _put_together(table))
    assert isinstance(made, pl.DataFrame)
    return made


def _put_together(table: pl.DataFrame) -> pl.DataFrame:
    key = ["article", "version"]

    def of(kind: str) -> pl.DataFrame:
        return table.filter(pl.col("kind") == kind)

    def listed(kind: str) -> pl.DataFrame:
        return of(kind).group_by(key).agg(pl.col("code").unique().sort().alias(kind))

    dates = of("article").select(*key, "effective_from", "effective_to").unique(key, keep="last", maintain_order=True)
    states = of("jurisdiction").select(pl.col("group").alias("contractor"), pl.col("code").alias("state_id"))
    names = of("state").select(pl.col("group").alias("state_id"), pl.col("code").alias("state"))
    numbers = of("number").select(pl.col("group").alias("contractor"), pl.col("code").alias("number"))
    places = (
        of("contractor")
        .select(*key, pl.col("code").alias("contractor"))
        .join(states, on="contractor", how="left")
        .join(names, on="state_id", how="left")
        .join(numbers, on="contractor", how="left")
        .select(*key, pl.col("number").alias("of_number"), pl.col("state").alias("of_state"))
        .unique(maintain_order=True)
    )
    return (
        of("code")
        .select(*key, "code", "release")
        .unique(maintain_order=True)
        .join(listed("covered"), on=key, how="left", maintain_order="left")
        .join(listed("noncovered"), on=key, how="left", maintain_order="left")
        .join(dates, on=key, how="left", maintain_order="left")
        .join(places, on=key, how="left", maintain_order="left")
    )
