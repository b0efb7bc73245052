"""What is worked out once for rows that are alike is what each row would give."""

import polars as pl
import pytest

from cutis.rulekit import once_each

SAID = pl.concat_str("code", pl.lit(" of "), "day").alias("said")


@pytest.mark.parametrize("kinds", [1, 7, 2999, 3000])
def test_every_row_has_its_own(kinds: int) -> None:
    rows = pl.DataFrame({"code": [f"c{n % kinds}" for n in range(3000)], "day": [n % kinds % 3 for n in range(3000)]})
    rows = rows.with_columns(pl.when(pl.col("day") < 2).then("code").alias("code"))
    found = once_each(rows, ["code", "day"], SAID, pl.col("code").is_null().alias("none"))
    assert found.equals(rows.select(SAID, pl.col("code").is_null().alias("none")))


def test_no_rows() -> None:
    rows = pl.DataFrame(schema={"code": pl.String, "day": pl.Int64})
    assert once_each(rows, ["code", "day"], SAID).schema == {"said": pl.String}
