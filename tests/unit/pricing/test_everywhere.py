"""The whole schedule at all localities equals the prices of single codes, cell by cell."""

import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cutis.model.errors import DataError
from cutis.pricing.derive import price
from cutis.pricing.everywhere import schedule
from cutis.pricing.locality import all_localities
from cutis.reference.store import BUILT_IN, Reference
from tests.unit.pricing.test_prices import DAY

REF = Reference([BUILT_IN])
WHOLE = schedule(REF, DAY)
PLACES = all_localities(REF)


def test_every_code_at_every_locality_once() -> None:
    assert WHOLE.height == REF.table("fee").height * 109
    assert not WHOLE.select("code", "modifier", "locality", "state").is_duplicated().any()
    assert WHOLE.select(pl.min_horizontal(pl.col("^.*_cents$").min())).item() >= 0


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, WHOLE.height - 1))
def test_a_cell_is_the_derived_price(at: int) -> None:
    row = WHOLE.row(at, named=True)
    place = next(x for x in PLACES if (x.key, x.state) == (row["locality"], row["state"]))
    got = price(REF, row["code"], place, DAY, modifier=row["modifier"])
    assert (row["nonfacility_cents"], row["facility_cents"]) == (got.nonfacility, got.facility)


def test_a_date_outside_what_is_loaded_is_said() -> None:
    with pytest.raises(DataError, match="no fee release in force on 2025-12-31"):
        schedule(REF, date(2025, 12, 31))


def test_published_prices_match(shared: Path, capsys) -> None:
    sys.path.insert(0, str(Path(__file__).parents[3] / "scripts"))
    try:
        from score_prices import main
    finally:
        sys.path.pop(0)
    assert main([str(shared / "cases")]) == 0
    said = capsys.readouterr().out
    assert said.count(" right: ") >= 6
    assert "WRONG" not in said
