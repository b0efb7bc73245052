"""The shipped tables: complete, dated, without descriptors, and rebuilt byte for byte from the published files."""

import importlib.util
import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from cutis.reference.release import MANIFEST
from cutis.reference.store import BUILT_IN, Reference

ROOT = Path(__file__).parents[3]


def test_every_row_has_a_release_of_the_manifest(ref: Reference) -> None:
    for table in ref.manifest:
        frame = ref.scan(table).select("release", "effective_from").unique().collect()
        assert set(frame["release"]) == {r.release for r in ref.releases(table)}
        assert frame["effective_from"].null_count() in {0, frame.height}


@pytest.mark.parametrize(
    ("table", "rows"),
    [("fee", 19356), ("gpci", 109), ("addon", 7465), ("mue", 14677 + 15095), ("icd10", 98186), ("pos", 99)],
)
def test_rows(ref: Reference, table: str, rows: int) -> None:
    assert ref.table(table).height == rows


def test_all_active_pairs_are_there(ref: Reference, shared: Path) -> None:
    source = pl.read_parquet(shared / "data" / "cms" / "ncci_ptp_practitioner_2024-07-01.parquet")
    day = date(2024, 7, 1)
    active = source.filter(
        pl.col("deletion_date").is_null() | (pl.col("deletion_date") >= day), pl.col("modifier_indicator") < 9
    )
    pairs = active.select(pl.col("column1").alias("column_one"), pl.col("column2").alias("column_two"))
    assert pairs.join(ref.table("ptp"), on=["column_one", "column_two"], how="anti").is_empty()


def test_the_pairs_of_the_cheat_sheet(ref: Reference, shared: Path) -> None:
    sheet = json.loads((shared / "facts" / "seed_full.json").read_text())["ncci_pairs"]
    found = {}
    for pair in sheet:
        rows = ref.ptp([pair["column1"], pair["column2"]]).filter(
            pl.col("column_one") == pair["column1"], pl.col("column_two") == pair["column2"]
        )
        found[pair["column1"], pair["column2"]] = rows["indicator"].to_list()
    assert len(found) == 8
    assert found == {
        ("11102", "00170"): [0], ("11102", "0213T"): [0], ("11104", "00170"): [0], ("11104", "0213T"): [0],
        ("17000", "0213T"): [0], ("17000", "0216T"): [0], ("17003", "17340"): [1], ("17003", "36591"): [0],
    }  # fmt: skip


def test_no_text_of_others_is_shipped(ref: Reference) -> None:
    allowed = {"rationale", "name", "release"}
    for table in ref.manifest:
        frame = ref.table(table)
        texts = [n for n, t in frame.schema.items() if t == pl.String and n not in allowed]
        for column in texts:
            assert frame[column].str.len_chars().max() <= 8, f"{table}.{column}"
    assert ref.table("ptp")["rationale"].n_unique() <= 13


def test_the_wheel_stays_small() -> None:
    assert sum(f.stat().st_size for f in BUILT_IN.iterdir()) < 3_000_000


def test_rebuilt_byte_for_byte(shared: Path, tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("build", ROOT / "scripts" / "build_default_data.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.build_all(shared / "data", tmp_path)
    for file in BUILT_IN.iterdir():
        assert (tmp_path / file.name).read_bytes() == file.read_bytes(), file.name
    assert (tmp_path / MANIFEST).exists()


def test_staleness_is_said(ref: Reference) -> None:
    assert ref.staleness("fee", date(2026, 7, 1), date(2026, 9, 30)) is None
    assert "what changed since is not known" in (ref.staleness("fee", date(2026, 7, 1), date(2026, 10, 1)) or "")
    assert "2024-09-30" in (ref.staleness("ptp", date(2026, 7, 1), date(2026, 7, 1)) or "")
    assert "not checked there" in (ref.staleness("icd10", date(2026, 9, 30), date(2026, 10, 1)) or "")
