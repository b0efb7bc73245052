"""Diagnoses of lines looked up in the code set of their day."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.dated import in_force
from cutis.reference.store import Reference


def looked_up(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Diagnoses that are unknown or too short on their day: claim_index, line, code (of the line), dx, `billable`, `known`.

    Only days on which a release of the code set is in force are looked at.
    """
    found = ref.remember(lines, "diagnoses", lambda: _look_up(lines, ref))
    assert isinstance(found, pl.DataFrame)
    return found


def outside(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Lines of days on which no release of the code set is in force."""
    return lines.filter(~_covered(ref))


def _covered(ref: Reference) -> pl.Expr:
    day = pl.col(c.SERVICE_FROM)
    spans = [(r.effective_from, r.effective_to) for r in ref.releases("icd10")]
    return pl.any_horizontal(
        (day >= first if first else pl.lit(value=True)) & (day <= last if last else pl.lit(value=True))
        for first, last in spans
    ).fill_null(value=False)


def _look_up(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    table = ref.table("icd10").rename({"code": "dx"})
    sound = ref.lasting("sound diagnoses", lambda: _sound(table))
    used = pl.concat(lines.select(pl.col(d).unique().alias("dx")) for d in c.DIAGNOSES).unique().drop_nulls()
    suspects = used.join(sound, on="dx", how="anti")["dx"].implode()
    rows = [
        lines.select(c.CLAIM_INDEX, c.LINE, c.CODE, c.SERVICE_FROM, pl.col(d).alias("dx")).filter(
            pl.col("dx").is_in(suspects), _covered(ref)
        )
        for d in c.DIAGNOSES
    ]
    each = pl.concat(rows).unique([c.CLAIM_INDEX, c.LINE, "dx"], keep="first", maintain_order=True)
    return in_force(each, table, on=["dx"]).filter(~pl.col("known") | ~pl.col("billable"))


def _sound(table: pl.DataFrame) -> pl.DataFrame:
    """Codes that every release has as billable: right on any day, while the few others are judged by their day."""
    codes = table.group_by("dx").agg(pl.col("billable").all(), pl.len() == table["release"].n_unique())
    return codes.filter("billable", "len")


def dotted(dx: str) -> pl.Expr:
    """A diagnosis as people write it, with its dot."""
    text = pl.col(dx)
    return pl.when(text.str.len_chars() > 3).then(text.str.head(3) + "." + text.str.slice(3)).otherwise(text)
