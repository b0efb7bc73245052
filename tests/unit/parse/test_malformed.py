"""The malformed corpus: each file has one fault, and exactly that fault is found, whatever the size of the pieces."""

from pathlib import Path

import polars as pl
import pytest
import yaml

from cutis.model import columns as c
from cutis.parse.faults import FAULTS, Counts
from cutis.parse.x12_837p import read_837p

FOLDER = Path(__file__).parents[2] / "malformed"
EXPECTED = yaml.safe_load((FOLDER / "expected.yaml").read_text())


def test_every_file_has_its_expectation() -> None:
    assert sorted(EXPECTED) == sorted(f.stem for f in FOLDER.glob("*.837"))


@pytest.mark.parametrize("size", [150, 8 << 20], ids=["small pieces", "whole"])
@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_exactly_the_fault_is_found(name: str, size: int) -> None:
    chunks = list(read_837p(FOLDER / f"{name}.837", chunk_bytes=size))
    counts = sum((x.counts for x in chunks), Counts())
    faults = pl.concat(x.faults for x in chunks)
    said = [
        " ".join(f"{r['rule']} @{r['segment']} {r['element'] or ''} {r[c.CLAIM_ID] or ''} {r[c.LINE] or ''}".split())
        for r in faults.to_dicts()
    ]
    assert sorted(said) == sorted(" ".join(f.split()) for f in EXPECTED[name]["faults"])
    assert [counts.claims_read, counts.claims_refused, counts.clm_segments, counts.lines] == EXPECTED[name]["counts"]
    assert all(r["message"] and r["fix_text"] for r in faults.to_dicts())


def test_each_fault_kind_of_837p_has_a_file() -> None:
    found = {f.split(" ")[0] for e in EXPECTED.values() for f in e["faults"]}
    elsewhere = {
        "not-a-professional-claim", "too-many-lines", "unreadable-cell", "row-without-claim",
        "cell-with-too-many", "row-with-extra-cells", "column-misspelt", "column-not-read",
    }  # fmt: skip
    assert set(FAULTS) - elsewhere == found
