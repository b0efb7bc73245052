"""Diagnoses of lines looked up in the code set of their day."""

from functools import cache

import polars as pl

from cutis.model import columns as c
from cutis.reference.dated import in_force
from cutis.reference.store import Reference
from cutis.rulekit import narrow


def looked_up(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Diagnoses that are unknown or too short on their day: claim_index, line, code (of the line), dx, `billable`, `known`.

    Only days on which a release of the code set is in force are looked at.
    """
    found = ref.remember(lines, "diagnoses", lambda: _look_up(lines, ref))
    assert isinstance(found, pl.DataFrame)
    return found


def outside(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Claim and line of days on which no release of the code set is in force."""
    return narrow(lines, (c.CLAIM_INDEX, c.LINE), ~_covered(ref))


def _covered(ref: Reference) -> pl.Expr:
    day = pl.col(c.SERVICE_FROM)
    spans = [(r.effective_from, r.effective_to) for r in ref.releases("icd10")]
    return pl.any_horizontal(
        (day >= first if first else pl.lit(value=True)) & (day <= last if last else pl.lit(value=True))
        for first, last in spans
    ).fill_null(value=False)


def _look_up(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    used = used_diagnoses(lines, ref)
    known = ref.table("icd10").rename({"code": "dx"}).filter(pl.col("dx").is_in(used.implode()))
    suspects = used.filter(~used.is_in(_sound(known, len(ref.releases("icd10"))).implode()))
    place = (c.CLAIM_INDEX, c.LINE, c.CODE, c.SERVICE_FROM)
    wanted = pl.col("dx").is_in(suspects.implode())
    each = pl.concat(narrow(lines.rename({d: "dx"}), (*place, "dx"), wanted, _covered(ref)) for d in c.DIAGNOSES)
    each = each.unique([c.CLAIM_INDEX, c.LINE, "dx"], keep="first", maintain_order=True)
    return in_force(each, known, on=["dx"]).filter(~pl.col("known") | ~pl.col("billable"))


def _sound(table: pl.DataFrame, releases: int) -> pl.Series:
    """Codes that every release has as billable: right on any day, while the few others are judged by their day."""
    codes = table.group_by("dx").agg(pl.col("billable").all(), pl.len() == releases)
    return codes.filter("billable", "len")["dx"]


def used_diagnoses(lines: pl.DataFrame, ref: Reference) -> pl.Series:
    """Each diagnosis that some line points to, once."""
    found = ref.remember(lines, "used diagnoses", lambda: pl.concat(lines[d].unique() for d in c.DIAGNOSES).unique())
    assert isinstance(found, pl.Series)
    return found.drop_nulls()


def points_to(lines: pl.DataFrame, ref: Reference, *diagnoses: str) -> pl.Expr:
    """True where the line points to one of these diagnoses; never null."""
    there = sorted(set(diagnoses).intersection(used_diagnoses(lines, ref)))
    return pl.any_horizontal(
        pl.lit(value=False), *(pl.col(d).eq_missing(pl.lit(x)) for d in c.DIAGNOSES for x in there)
    )


@cache
def dotted(dx: str) -> pl.Expr:
    """A diagnosis as people write it, with its dot."""
    text = pl.col(dx)
    return pl.when(text.str.len_chars() > 3).then(text.str.head(3) + "." + text.str.slice(3)).otherwise(text)
