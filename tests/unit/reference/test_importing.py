"""Importers on small files in CMS's layouts: taken whole or refused whole, with the row named."""

import zipfile
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from openpyxl import Workbook

from cutis.model.errors import DataError
from cutis.reference import coverage
from cutis.reference.importing import import_files
from cutis.reference.store import BUILT_IN, Reference
from tests.support import articles

PPRRVU_HEAD = (
    "HCPCS,MOD,DESCRIPTION,CODE,PAYMENT,RVU,PE RVU,INDICATOR,PE RVU,INDICATOR,RVU,TOTAL,TOTAL,IND,DAYS,OP,OP,OP,PROC,"
    "SURG,SURG,SURG,SURG,IND,BASE,FACTOR"
)
PPRRVU_ROW = "17000,,any words,A,,0.59,1.34,,0.78,,0.06,1.99,1.43,0,010,0.10,0.80,0.10,2,0,1,0,0,9,,33.4009"


def pprrvu(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "PPRRVU2027_Jan.csv"
    path.write_text("\n".join([*([","] * 9), PPRRVU_HEAD, *rows]) + "\n")
    return path


def tables(tmp_path: Path) -> Reference:
    return Reference([BUILT_IN, tmp_path / "data"])


def test_relative_values(tmp_path: Path) -> None:
    (done,) = import_files([pprrvu(tmp_path, PPRRVU_ROW)], tmp_path / "data")
    assert (done.table, done.rows, done.effective_from) == ("fee", 1, date(2027, 1, 1))
    row = tables(tmp_path).table("fee").filter(pl.col("effective_from") == date(2027, 1, 1)).row(0, named=True)
    assert (row["code"], row["work"], row["pe_nonfac"], row["mp"], row["cf"]) == ("17000", 59, 134, 6, 334009)
    assert "any words" not in str(row)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("0.59", "0.6x", "row 11, column work"),
        ("1.99", "2.99", "the sum of work"),
        ("17000", "170", "five-character code"),
        ("33.4009", "33.40091", "at most 4 places"),
    ],
)
def test_a_bad_row_refuses_the_file_and_the_old_table_stays(tmp_path: Path, old: str, new: str, words: str) -> None:
    import_files([pprrvu(tmp_path, PPRRVU_ROW)], tmp_path / "data")
    before = {f.name: f.read_bytes() for f in (tmp_path / "data").iterdir()}
    with pytest.raises(DataError, match="is refused") as caught:
        import_files([pprrvu(tmp_path, PPRRVU_ROW.replace(old, new, 1))], tmp_path / "data")
    assert words in str(caught.value)
    assert {f.name: f.read_bytes() for f in (tmp_path / "data").iterdir()} == before


def test_one_bad_file_of_several_imports_none(tmp_path: Path) -> None:
    good = tmp_path / "gpci_2027.csv"
    good.write_text("mac,state,locality,name,work_gpci,pe_gpci,mp_gpci\n09102,FL,04,Miami,1.000,1.050,2.500\n")
    with pytest.raises(DataError):
        import_files([good, pprrvu(tmp_path, PPRRVU_ROW.replace("0.59", "x"))], tmp_path / "data")
    assert not (tmp_path / "data").exists()


PTP_HEAD = "CPT only copyright\tx\t\t\t\t\t\nColumn 1\tColumn 2\t* = in existence prior to 1996\tEffective Date\tDeletion Date\tModifier\tRationale\n"


def test_pairs_in_parts_with_a_deleted_one(tmp_path: Path) -> None:
    part1 = tmp_path / "ccipra-v330r0-f1.txt"
    part1.write_text(PTP_HEAD + "11102\t17000\t\t20190101\t*\t1\tx\n11102\t17110\t\t20190101\t20260630\t1\tx\n")
    part2 = tmp_path / "ccipra-v330r0-f2.txt"
    part2.write_text(PTP_HEAD + "17004\t17000\t*\t19960101\t*\t0\tx\n20000\t20001\t\t20200101\t*\t9\tx\n")
    (done,) = import_files([part1, part2], tmp_path / "data", effective_from=date(2026, 10, 1))
    assert (done.table, done.rows) == ("ptp", 3)
    assert "only parts [1, 2] of 4" in done.notes[0]
    rows = tables(tmp_path).ptp(["11102", "17110"]).filter(pl.col("effective_to") == date(2026, 6, 30))
    assert rows.height == 1


def test_units_edits_from_a_workbook_inside_an_archive(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["notice"])
    sheet.append(
        ["HCPCS/\nCPT Code", "Practitioner Services MUE Values", "MUE Adjudication Indicator", "MUE Rationale"]
    )
    sheet.append(["11102", 1, "2 Date of Service Edit: Policy", "CMS Policy"])
    inner = tmp_path / "MCR_MUE_PractitionerServices_Eff_10-01-2026.xlsx"
    book.save(inner)
    archive = tmp_path / "mue.zip"
    with zipfile.ZipFile(archive, "w") as z:
        z.write(inner, "folder/" + inner.name)
        z.writestr("readme.pdf", b"no table")
    (done,) = import_files([archive], tmp_path / "data")
    assert (done.table, done.rows, done.effective_from) == ("mue", 1, date(2026, 10, 1))


def test_zip_codes_in_fixed_width(tmp_path: Path) -> None:
    path = tmp_path / "ZIP5_2026-10-01.txt"
    path.write_text("FL331860910204\nFL336010910299\n")
    (done,) = import_files([path], tmp_path / "data")
    assert (done.table, done.rows) == ("zip_locality", 2)
    from cutis.pricing.locality import by_zip

    assert by_zip(tables(tmp_path), "33186-0001").key == "09102-04"


def test_icd10_order_file_knows_headings(tmp_path: Path) -> None:
    path = tmp_path / "icd10cm_order_2027.txt"
    path.write_text(
        "00001 C44     0 words                      words\n00002 C44519  1 words                      words\n"
    )
    (done,) = import_files([path], tmp_path / "data", effective_from=date(2026, 10, 1))
    assert (done.table, done.rows) == ("icd10", 2)


def test_coverage_articles(tmp_path: Path) -> None:
    path = tmp_path / "article_x_icd10_covered.csv"
    path.write_text(
        "article_id,article_version,icd10_code_id,icd10_code_version,icd10_covered_group\n57162,13,L82.0,1,1\n"
    )
    (done,) = import_files([path], tmp_path / "data")
    row = tables(tmp_path).table("lcd").row(0, named=True)
    assert (done.table, row["article"], row["code"], row["kind"]) == ("lcd", "A57162", "L820", "covered")


def test_coverage_dump_as_downloaded(tmp_path: Path) -> None:
    ref = articles.reference(tmp_path)
    rows = coverage.articles(ref)
    one = rows.filter(pl.col("code") == "17110").row(0, named=True)
    assert (one["article"], one["of_state"], one["of_number"]) == ("A99001", "OH", "15202")
    assert one["covered"] == ["B078", "L820", "R58"]
    assert (one["effective_from"], one["effective_to"]) == (date(2024, 8, 8), None)
    tags = rows.filter(pl.col("code") == "11200").row(0, named=True)
    assert (tags["covered"], tags["noncovered"]) == (None, ["L918"])
    assert rows.height == 3


@pytest.mark.parametrize(
    ("table", "text", "words"),
    [
        ("article_x_hcpc_code.csv", "article_id,article_version,hcpc_code_id\nA1,1,17110\n", "article_id"),
        ("article_x_icd10_covered.csv", "article_id,article_version,icd10_code_id\n9,1,L 82\n", "icd10_code_id"),
        ("article.csv", "article_id,article_version,title,article_eff_date\n9,1,x,yesterday\n", "a date"),
        ("contractor.csv", "\x00\n", "no layout"),
    ],
)
def test_a_damaged_coverage_dump_is_refused_whole(tmp_path: Path, table: str, text: str, words: str) -> None:
    with pytest.raises(DataError, match=words):
        import_files([articles.dump(tmp_path, {table: text})], tmp_path / "data")
    assert not (tmp_path / "data" / "manifest.json").exists()


def test_drug_limits(tmp_path: Path) -> None:
    path = tmp_path / "asp_2026-10-01.csv"
    path.write_text("notice,,,\nHCPCS Code,Short Description,HCPCS Code Dosage,Payment Limit\nJ3301,x,10 MG,1.234\n")
    (done,) = import_files([path], tmp_path / "data")
    assert (done.table, done.rows) == ("asp", 1)


def test_what_is_no_table_of_cms_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "shopping.csv"
    path.write_text("apples,3\n")
    with pytest.raises(DataError, match="no layout that Cutis knows"):
        import_files([path], tmp_path / "data")


def test_a_path_in_an_archive_leads_nowhere(tmp_path: Path) -> None:
    archive = tmp_path / "bad.zip"
    with zipfile.ZipFile(archive, "w") as z:
        z.writestr(
            "../../escaped_2027.csv", "mac,state,locality,name,work_gpci,pe_gpci,mp_gpci\n09102,FL,04,Miami,1,1,1\n"
        )
    import_files([archive], tmp_path / "data")
    assert not (tmp_path.parent / "escaped_2027.csv").exists()


def whole_release(tmp_path: Path, name: str, start: date, rows: str) -> None:
    path = tmp_path / f"{name}.txt"
    path.write_text(PTP_HEAD + rows)
    import_files([path], tmp_path / "data", release=name, effective_from=start)


def test_what_a_newer_release_drops_is_no_longer_in_force(tmp_path: Path) -> None:
    """A pair of the old release that the new one lacks ends the day before the new one begins."""
    whole_release(
        tmp_path, "old", date(2026, 7, 1), "11102\t17000\t\t20190101\t*\t1\tx\n11102\t17110\t\t20190101\t*\t1\tx\n"
    )
    whole_release(tmp_path, "new", date(2026, 10, 1), "11102\t17000\t\t20190101\t*\t0\tx\n")
    rows = Reference([tmp_path / "data"]).ptp(["11102", "17000", "17110"]).sort("column_two", "release")
    assert [(r["column_two"], r["release"], r["effective_to"]) for r in rows.to_dicts()] == [
        ("17000", "new", None), ("17000", "old", date(2026, 9, 30)), ("17110", "old", date(2026, 9, 30)),
    ]  # fmt: skip
