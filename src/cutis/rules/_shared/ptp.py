"""What the PTP rules have in common: which pairs are theirs, and which lines the table cannot speak about."""

import polars as pl

from cutis.model import columns as c
from cutis.model.finding import REASON
from cutis.reference.store import Reference


def procedures_only(pairs: pl.DataFrame) -> pl.DataFrame:
    """Pairs whose column two is not a visit: visits beside procedures are the visit family's."""
    return pairs.filter(~pl.col(c.CODE).is_in(sorted(_visits())))


def visits_only(pairs: pl.DataFrame) -> pl.DataFrame:
    """Pairs whose column two is a visit."""
    return pairs.filter(pl.col(c.CODE).is_in(sorted(_visits())))


def _visits() -> frozenset[str]:
    from cutis.reference.families import load_families  # noqa: PLC0415 - read once, when a pair is there to judge

    return load_families().codes("em")


def not_in_force(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Lines of days before the oldest complete PTP release: not checked there."""
    complete = [r for r in ref.releases("ptp") if r.rows > 100_000]
    starts = min((r.effective_from for r in complete if r.effective_from), default=None)
    if starts is None:
        return lines.select(c.CLAIM_INDEX, c.LINE, pl.lit("no complete PTP release is loaded").alias(REASON))
    early = lines.filter(pl.col(c.SERVICE_FROM) < starts)
    return early.select(
        c.CLAIM_INDEX, c.LINE, pl.lit(f"no complete PTP release in force before {starts}").alias(REASON)
    )
