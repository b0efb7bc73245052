"""The malformed corpus of tables: each file is refused in one sentence, or read with exactly the faults that it must give."""

from pathlib import Path

import polars as pl
import pytest
import yaml

from cutis.engine.options import Options
from cutis.engine.run import check
from cutis.model import columns as c
from cutis.model.errors import InputError
from cutis.parse import detect
from cutis.reference.store import Reference

REFERENCE = Reference.default()

FOLDER = Path(__file__).parents[2] / "malformed_tables"
EXPECTED = yaml.safe_load((FOLDER / "expected.yaml").read_text())
READ = sorted(n for n, e in EXPECTED.items() if "refused" not in e)


def test_every_file_has_its_expectation() -> None:
    assert sorted(EXPECTED) == sorted(f.name for f in FOLDER.iterdir() if f.suffix != ".yaml")


@pytest.mark.parametrize("name", sorted(set(EXPECTED) - set(READ)))
def test_what_is_no_table_is_refused_in_one_sentence(name: str) -> None:
    with pytest.raises(InputError) as caught:
        list(detect.read(FOLDER / name))
    assert str(caught.value) == f"{name} {EXPECTED[name]['refused']}"


@pytest.mark.parametrize("name", READ)
def test_exactly_the_faults_are_found(name: str) -> None:
    (chunk,) = detect.read(FOLDER / name)
    counts = chunk.counts
    assert [counts.claims_read, counts.claims_refused, counts.lines] == EXPECTED[name]["counts"]
    said = [f"{r['severity']} {r['rule']}: {r['message']}" for r in chunk.faults.to_dicts()]
    assert said == EXPECTED[name].get("faults", [])
    columns = [*c.LINE_SCHEMA, *(n for n in c.CHART_SCHEMA if n in chunk.lines.columns)]
    assert chunk.lines.schema == pl.Schema((n, (c.LINE_SCHEMA | c.CHART_SCHEMA)[n]) for n in columns)
    for values in EXPECTED[name].get("lines", []):
        row = chunk.lines.row(values.get("row", 1) - 1, named=True)
        assert {n: str(row[n]) for n in values if n != "row"} == {n: str(v) for n, v in values.items() if n != "row"}


@pytest.mark.parametrize("name", READ)
def test_no_rule_fails_on_what_was_read(name: str) -> None:
    report = check(FOLDER / name, Options(), REFERENCE)
    assert report.problems == []
    assert report.summary.lines == EXPECTED[name]["counts"][2]
