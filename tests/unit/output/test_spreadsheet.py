"""What somebody else wrote into a claim is never run by the spreadsheet that opens the findings."""

import csv
import io

import polars as pl
import pytest

from cutis.engine.options import Options
from cutis.engine.run import check
from cutis.output.spreadsheet import guarded, guarded_row
from cutis.output.tables import write_csv, write_parquet
from cutis.reference.store import Reference
from tests.support.x12 import claim, file


@pytest.mark.parametrize("text", ['=HYPERLINK("x")', "+cmd|' /C calc'!A0", "-2+3+cmd", "@SUM(1)", "\tx", "\r=1"])
def test_a_text_that_would_be_run_has_an_apostrophe(text: str) -> None:
    frame = pl.DataFrame({"claim": [text], "segment": [7]})
    assert guarded(frame).row(0) == ("'" + text, 7)
    assert guarded_row([text, 7]) == ["'" + text, "7"]


@pytest.mark.parametrize("text", ["A1", "", "-12.50", "+3", "-1,000.00", "99213-25", None])
def test_other_texts_and_numbers_stay(text: str | None) -> None:
    assert guarded(pl.DataFrame({"claim": [text]}, schema={"claim": pl.String})).row(0) == (text,)


def test_findings_as_csv_are_guarded_and_as_parquet_whole(tmp_path, ref: Reference) -> None:
    path = tmp_path / "in.837"
    path.write_text(file(claim("=1+1", ("99213:25:25*145",))))
    report = check(path, Options(), ref)
    out, whole = io.BytesIO(), io.BytesIO()
    write_csv(report, out)
    write_parquet(report, whole)
    rows = list(csv.DictReader(io.StringIO(out.getvalue().decode())))
    assert rows
    assert {r["claim"] for r in rows} == {"'=1+1"}
    assert set(pl.read_parquet(io.BytesIO(whole.getvalue()))["claim"]) == {"=1+1"}
