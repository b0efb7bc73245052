"""Diagnoses of lines looked up in the code set of their day."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.dated import in_force
from cutis.reference.store import Reference


def looked_up(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """One row per line and diagnosis: claim_index, line, code (of the line), dx, `billable`, `known`, `covered`.

    `covered` is false where no release of the code set is in force on the day, so that an unknown code says nothing.
    """
    found = ref.remember(lines, "diagnoses", lambda: _look_up(lines, ref))
    assert isinstance(found, pl.DataFrame)
    return found


def _look_up(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    table = ref.table("icd10").rename({"code": "dx"})
    # judge each diagnosis and day once, then find the lines of the few that are wrong
    each = pl.concat(lines.select(c.SERVICE_FROM, pl.col(d).alias("dx")).unique() for d in c.DIAGNOSES)
    judged = in_force(each.filter(pl.col("dx").is_not_null()).unique(), table, on=["dx"])
    spans = [(r.effective_from, r.effective_to) for r in ref.releases("icd10")]
    day = pl.col(c.SERVICE_FROM)
    covered = pl.any_horizontal(
        (day >= first if first else pl.lit(value=True)) & (day <= last if last else pl.lit(value=True))
        for first, last in spans
    )
    wrong = judged.with_columns(covered.alias("covered")).filter(~pl.col("known") | ~pl.col("billable"))
    rows = []
    for d in c.DIAGNOSES:
        keyed = lines.select(c.CLAIM_INDEX, c.LINE, c.CODE, c.SERVICE_FROM, pl.col(d).alias("dx"))
        rows.append(keyed.join(wrong, on=["dx", c.SERVICE_FROM], how="inner", maintain_order="left"))
    return pl.concat(rows).unique([c.CLAIM_INDEX, c.LINE, "dx"], keep="first", maintain_order=True)


def dotted(dx: str) -> pl.Expr:
    """A diagnosis as people write it, with its dot."""
    text = pl.col(dx)
    return pl.when(text.str.len_chars() > 3).then(text.str.head(3) + "." + text.str.slice(3)).otherwise(text)
