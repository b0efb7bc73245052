"""Cells that no spreadsheet takes for a formula: what stands in a claim or chart was written by somebody else."""

import polars as pl

_BEGINS = r"^[=+\-@\t\r]"
_NUMBER = r"^[+-]?[0-9.,]+$"


def guarded(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with an apostrophe before each text that a spreadsheet would run; numbers stay as they are."""
    text = pl.col(pl.String)
    runs = text.str.contains(_BEGINS) & ~text.str.contains(_NUMBER)
    return frame.with_columns(pl.when(runs).then(pl.lit("'") + text).otherwise(text).name.keep())


def guarded_row(values: list[object]) -> list[str]:
    """The values of a row as texts, guarded as `guarded` does."""
    frame = pl.DataFrame({"cell": [str(v) for v in values]}, schema={"cell": pl.String})
    return guarded(frame)["cell"].to_list()
