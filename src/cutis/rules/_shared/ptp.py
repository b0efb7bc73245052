"""What the PTP rules have in common: which pairs are theirs, and which lines the table cannot speak about."""

import polars as pl

from cutis.model import columns as c
from cutis.model.finding import REASON
from cutis.reference.store import Reference
from cutis.rulekit import Severity, narrow
from cutis.rules._shared.pairs import BORROWED, MEDICAID, OF_VISIT


def procedures_only(pairs: pl.DataFrame, *which: pl.Expr) -> pl.DataFrame:
    """Pairs that meet every condition and whose column two is not a visit: those are the visit family's."""
    return pairs.filter(~pl.col(OF_VISIT), *which)


def not_in_force(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Lines of days before the oldest complete PTP release: not checked there."""
    complete = [r for r in ref.releases("ptp") if r.rows > 100_000]
    starts = min((r.effective_from for r in complete if r.effective_from), default=None)
    if starts is None:
        return lines.select(c.CLAIM_INDEX, c.LINE, pl.lit("no complete PTP release is loaded").alias(REASON))
    early = narrow(lines, (c.CLAIM_INDEX, c.LINE), pl.col(c.SERVICE_FROM) < starts)
    early = early.with_columns(pl.lit(f"no complete PTP release in force before {starts}").alias(REASON))
    return early if ref.has(MEDICAID) else pl.concat([early, borrowed_lines(lines, "PTP edits")])


def borrowed_lines(lines: pl.DataFrame, what: str) -> pl.DataFrame:
    """Claim, line and reason of Medicaid lines whose own table is not loaded."""
    medicaid = narrow(lines, (c.CLAIM_INDEX, c.LINE), pl.col(c.PAYER_KIND) == "medicaid")
    reason = pl.lit(f"Medicaid's own {what} are not loaded: judged by Medicare's, as a warning")
    return medicaid.with_columns(reason.alias(REASON))


def severity_of(otherwise: pl.Expr | None = None) -> pl.Expr:
    """Error, or a warning where the table was borrowed."""
    own = pl.lit(Severity.ERROR.value) if otherwise is None else otherwise
    return pl.when(BORROWED).then(pl.lit(Severity.WARNING.value)).otherwise(own).alias("severity")


def borrowed_remark() -> pl.Expr:
    """What a message adds where the table was borrowed."""
    return pl.when(BORROWED).then(pl.lit(" (by Medicare's table; Medicaid's own is not loaded)")).otherwise(pl.lit(""))
