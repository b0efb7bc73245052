"""The manual of what a check writes is what it writes: each column and key, no other."""

import io
import json
import re
from pathlib import Path

import polars as pl
import pytest

from cutis.engine.options import Options
from cutis.engine.report import Report
from cutis.engine.run import check
from cutis.output import json as json_output
from cutis.output.findings import FLAT, as_dicts
from cutis.output.pages import NEEDS, as_markdown, find
from cutis.output.tables import write_csv, write_parquet
from cutis.reference.store import Reference
from tests.support.x12 import claim, file

PAGE = (Path(__file__).parents[2] / "docs" / "output.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def found() -> Report:
    return check(
        io.BytesIO(file(claim("A1", ("11102*165*UN*9***1",), "ABK:Z9999")).encode()), Options(), Reference.default()
    )


@pytest.fixture(scope="module")
def clear() -> Report:
    return check(
        io.BytesIO(file(claim("A1", ("17110*185",), "ABK:B078")).encode()),
        Options(select=("units",)),
        Reference.default(),
    )


def named(section: str) -> list[str]:
    """What the first column of the table of a section names, in its order."""
    rows = re.findall(r"^\| ([a-z_0-9, ]+) \|", PAGE.split(f"## {section}\n")[1].split("\n## ")[0], re.MULTILINE)
    return [n.strip() for row in rows[1:] for n in row.split(",")]


def test_columns_of_csv_and_parquet(found: Report, clear: Report) -> None:
    assert sorted(named("CSV and Parquet")) == sorted(FLAT)
    for report in (found, clear):
        table, parquet = io.BytesIO(), io.BytesIO()
        write_csv(report, table)
        write_parquet(report, parquet)
        frame = pl.read_parquet(io.BytesIO(parquet.getvalue()))
        assert table.getvalue().decode().splitlines()[0] == ",".join(FLAT)
        assert frame.schema == pl.Schema({n: pl.UInt32() if n == "segment" else pl.String() for n in FLAT})
        assert bool(frame.height) is (report is found)


def test_keys_of_json(found: Report) -> None:
    out = io.StringIO()
    json_output.write(found, out)
    report = json.loads(out.getvalue())
    assert set(named("JSON")) == set(report)
    flat = {*FLAT, "evidence", "fingerprint", "verdict"} - {"fix_kind", "question"}
    assert set(next(iter(as_dicts(found)))) == flat


def test_what_a_rule_needs_is_told_in_words() -> None:
    page = as_markdown(find("graft-area-differs-from-chart"))
    assert "- Needs: the documented area (column doc_area_sqcm)" in page
    from cutis.model import columns as c

    assert set(c.CHART_SCHEMA) <= set(NEEDS)
