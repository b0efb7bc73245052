"""The findings as CSV or Parquet, one row a finding."""

from typing import BinaryIO

import polars as pl

from cutis.engine.report import Report
from cutis.output.findings import FLAT, flat_batches
from cutis.output.spreadsheet import guarded


def write_csv(report: Report, out: BinaryIO) -> None:
    """Write CSV with a header row; batches follow one another."""
    first = True
    for batch in flat_batches(report):
        guarded(batch).write_csv(out, include_header=first)
        first = False
    if first:
        out.write((",".join(FLAT) + "\n").encode())


def write_parquet(report: Report, out: BinaryIO) -> None:
    """Write Parquet; the findings of a run fit in memory as columns."""
    frames = list(flat_batches(report))
    empty = pl.DataFrame(schema=dict.fromkeys(FLAT, pl.String) | {"segment": pl.UInt32})
    (pl.concat(frames) if frames else empty).write_parquet(out, compression="zstd")
