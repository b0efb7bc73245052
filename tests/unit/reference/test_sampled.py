"""The shipped tables against the published files, read here by other means: codes and pairs drawn by chance, with a fixed seed."""

import csv
import random
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from cutis.reference.store import Reference

SEED = 837
THOUSANDTHS = 1000


def rows(path: Path, first: str) -> Iterator[dict[str, str]]:
    """Rows of a CSV file below the row that begins with `first`, by the names in that row."""
    with path.open(encoding="latin-1", newline="") as stream:
        lines = csv.reader(stream)
        head = next(line for line in lines if line and line[0].strip() == first)
        for line in lines:
            if line and line[0].strip():
                yield {n.strip(): v.strip() for n, v in zip(head, line, strict=False)}


def drawn(some: list, count: int) -> list:
    return random.Random(SEED).sample(some, count)


def hundredths(text: str) -> int:
    return int(Decimal(text or "0") * 100)


def test_relative_values_status_and_indicators(ref: Reference, shared: Path) -> None:
    path = shared / "data" / "cms" / "PPRRVU2026_Jul_nonQPP.csv"
    with path.open(encoding="latin-1", newline="") as stream:
        lines = [
            line for line in csv.reader(stream) if len(line) > 31 and len(line[0]) == 5 and line[25].startswith("33.")
        ]
    assert len(lines) == 19356
    table = {(r["code"], r["modifier"]): r for r in ref.table("fee").iter_rows(named=True)}
    for line in drawn(lines, 200):
        row = table[line[0], line[1]]
        assert row["status"] == line[3], line[0]
        # by place in CMS's layout: work, PE non-facility, its NA flag, PE facility, its NA flag, MP
        assert [row["work"], row["pe_nonfac"], row["pe_fac"], row["mp"]] == [hundredths(line[i]) for i in (5, 6, 8, 10)]
        assert [row["na_nonfac"], row["na_fac"]] == [line[7] == "NA", line[9] == "NA"]
        names = ("pctc", "global_days", "mult_proc", "bilateral", "assistant", "cosurgeon", "team", "endo_base")
        assert [row[n] for n in names] == [line[i] for i in (13, 14, 18, 19, 20, 21, 22, 24)], line[0]
        assert [row["pre_pct"], row["intra_pct"], row["post_pct"]] == [hundredths(line[i]) for i in (15, 16, 17)]
        assert row["cf"] == int(Decimal(line[25]) * 10000)


def test_every_gpci(ref: Reference, shared: Path) -> None:
    said = {
        (r["mac"], r["locality"]): [int(Decimal(r[n]) * THOUSANDTHS) for n in ("work_gpci", "pe_gpci", "mp_gpci")]
        for r in rows(shared / "data" / "cms" / "gpci_2026.csv", "mac")
    }
    found = {(r["mac"], r["locality"]): [r["work"], r["pe"], r["mp"]] for r in ref.table("gpci").iter_rows(named=True)}
    assert found == said


@pytest.mark.parametrize(
    ("name", "first", "columns", "day"),
    [
        ("MCR_MUE_PractitionerServices_Eff_04-01-2026.csv", "HCPCS/ CPT Code", None, date(2026, 5, 1)),
        ("ncci_mue_practitioner_2024.csv", "hcpcs_code", ("hcpcs_code", "mue_units", "mue_mai"), date(2026, 3, 31)),
    ],
)
def test_unit_limits(
    ref: Reference, shared: Path, name: str, first: str, columns: tuple[str, str, str] | None, day: date
) -> None:
    path = shared / "data" / "cms" / name
    if columns is None:
        with path.open(encoding="latin-1", newline="") as stream:
            said = [
                (x[0].strip(), int(x[1]), int(x[2][0]))
                for x in csv.reader(stream)
                if len(x) > 2 and x[1].strip().isdigit()
            ]
    else:
        said = [(r[columns[0]], int(r[columns[1]]), int(r[columns[2]])) for r in rows(path, first)]
    assert len(said) > 14000
    table = ref.table("mue").filter(
        pl.col("effective_from") <= day, pl.col("effective_to").is_null() | (pl.col("effective_to") >= day)
    )
    found = {r["code"]: (r["mue"], r["mai"]) for r in table.iter_rows(named=True)}
    for code, units, mai in drawn(said, 50):
        assert found[code] == (units, mai), code


def test_pairs_there_and_pairs_not_there(ref: Reference, shared: Path) -> None:
    source = pl.read_parquet(shared / "data" / "cms" / "ncci_ptp_practitioner_2024-07-01.parquet")
    newer = {(r["column1"], r["column2"]) for r in rows(shared / "data" / "cms" / "ncci_pairs_2026.csv", "column1")}
    day = date(2024, 7, 1)
    table = ref.table("ptp")
    known = {(a, b): i for a, b, i in table.select("column_one", "column_two", "indicator").iter_rows()}
    lines = [source.row(i) for i in random.Random(SEED).sample(range(source.height), 400)]
    active = [x for x in lines if (x[2] is None or x[2] >= day) and x[3] in (0, 1) and x[:2] not in newer]
    ended = [x for x in lines if x[2] is not None and x[2] < day and x[:2] not in newer and (x[1], x[0]) != x[:2]]
    assert min(len(active), len(ended)) > 50
    for one, two, _, indicator, *_ in active[:50]:
        assert known[one, two] == indicator, (one, two)
    still = set(
        source.filter(pl.col("deletion_date").is_null() | (pl.col("deletion_date") >= day))
        .select("column1", "column2")
        .iter_rows()
    )
    for one, two, *_ in [x for x in ended if x[:2] not in still][:50]:
        assert (one, two) not in known
    # codes put together by chance: where the file has no pair, the table has none
    codes = sorted({c for pair in known for c in pair})
    pick = random.Random(SEED)
    strangers = [p for p in ((pick.choice(codes), pick.choice(codes)) for _ in range(400)) if p not in still | newer]
    assert len(strangers) > 50
    assert not [p for p in strangers[:50] if p in known]


def test_add_on_codes(ref: Reference, shared: Path) -> None:
    said = list(rows(shared / "data" / "cms" / "ncci_aoc_2024-06-03.csv", "primary_code"))
    found = set(ref.table("addon").select("addon", "primary", "edit_type").iter_rows())
    assert len(found) == len(said)
    for row in drawn(said, 50):
        assert (row["add_on_code"], row["primary_code"], int(row["aoc_edit_type"])) in found


def test_diagnoses(ref: Reference, shared: Path) -> None:
    text = (shared / "data" / "codes" / "icd10cm_code_list_April-2026.txt").read_text(encoding="utf-8-sig")
    codes = [c.strip() for c in text.split() if 3 <= len(c.strip()) <= 7 and "-" not in c and not c.strip().isdigit()]
    found = {r["code"]: r["billable"] for r in ref.table("icd10").iter_rows(named=True)}
    headings = {c[:n] for c in codes for n in range(3, len(c))}
    for code in drawn(codes, 50):
        assert found[code] is (code not in headings), code
    assert not [c for c in ("D499X", "Z99", "A00A", "L5701") if c in found and c not in codes]


def test_places_of_service(ref: Reference, shared: Path) -> None:
    found = {r["place_of_service"]: r["facility"] for r in ref.table("pos").iter_rows(named=True)}
    for row in rows(shared / "data" / "codes" / "place_of_service_2024_northstar.csv", "pos_code"):
        if row["pos_code"].isdigit() and row["pos_type"] in {"Facility", "Non-Facility"}:
            assert found[row["pos_code"]] is (row["pos_type"] == "Facility"), row["pos_code"]
