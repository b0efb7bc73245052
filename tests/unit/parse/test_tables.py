"""CSV and Parquet readers: documented columns, friendly names, faults of cells, refusals."""

import io
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from cutis.model import columns as c
from cutis.model.errors import InputError
from cutis.parse import detect


def read(text: str | bytes):
    chunks = list(detect.read(io.BytesIO(text.encode() if isinstance(text, str) else text)))
    assert len(chunks) == 1
    return chunks[0]


def test_friendly_columns() -> None:
    chunk = read(
        "Claim,CPT,DOS,Modifiers,DX,Charge,Units,Payer,Lesion Count\n"
        'A1,11102,07/15/2026,"25, 59","D49.2 L57.0","$1,165.50",2,Medicare,\n'
        "B2,17000,2026-07-15,,L57.0,105,,commercial,\n"
        "A1,11103,20260715,,D49.2,88,1,Medicare,\n"
    )
    assert chunk.faults["rule"].to_list() == ["column-not-read"]
    assert "Lesion Count" in chunk.faults["message"][0]
    assert (chunk.counts.claims_read, chunk.counts.lines) == (2, 3)
    first, second, third = chunk.lines.to_dicts()
    assert (first[c.CLAIM_ID], second[c.CLAIM_ID], third[c.CLAIM_ID]) == ("A1", "A1", "B2")
    assert [first[m] for m in c.MODIFIERS] == ["25", "59", None, None]
    assert [first[d] for d in c.DIAGNOSES] == ["D492", "L570", None, None]
    assert (first[c.CHARGE], first[c.CLAIM_CHARGE], first[c.UNITS]) == (116550, 125350, 2.0)
    assert (second[c.LINE], second[c.SERVICE_FROM], third[c.PAYER_KIND]) == (2, date(2026, 7, 15), "commercial")
    assert first[c.CLAIM_DX].split() == ["D492", "L570", "D492"]


def test_chart_columns_pass_through() -> None:
    chunk = read("claim_id,code,service_from,doc_count,doc_separate_visit\nA1,17000,2026-07-15,4,no\n")
    assert (chunk.lines[c.DOC_COUNT][0], chunk.lines[c.DOC_SEPARATE_VISIT][0]) == (4, False)


@pytest.mark.parametrize(
    ("row", "rule", "element"),
    [
        ("A1,11102,yesterday,100,1", "unreadable-cell", "service_from"),
        ("A1,11102,,100,1", "missing-service-date", "service_from"),
        ("A1,,2026-07-15,100,1", "missing-procedure", "code"),
        ("A1,11102,2026-07-15,abc,1", "unreadable-cell", "charge"),
        ("A1,11102,2026-07-15,100,many", "unreadable-cell", "units"),
        ("A1,11102,2026-07-15,100,0", "units-not-numeric", "units"),
        (",11102,2026-07-15,100,1", "row-without-claim", None),
    ],
)
def test_a_bad_cell_is_a_fault_that_names_its_row(row: str, rule: str, element: str | None) -> None:
    chunk = read(f"claim_id,code,service_from,charge,units\nA0,11102,2026-07-15,1,1\n{row}\n")
    fault = chunk.faults.row(0, named=True)
    assert (fault["rule"], fault["element"]) == (rule, element)
    assert "Row 3" in fault["message"]
    assert chunk.faults.height == 1


HEADER = "claim_id,code,service_from,modifiers,dx,units\n"


@pytest.mark.parametrize(
    ("row", "rule", "words"),
    [
        ("A1,11102,2026-07-15,25 59 LT GA GY,L57.0,1", "cell-with-too-many", "column modifiers: 5 values"),
        ("A1,11102,2026-07-15,,L57.0 D22.5 D23.5 L82.1 L91.8,1", "cell-with-too-many", "column dx: 5 values"),
        ("A1,11102,2026-07-15,25,L57.0,1,1,165", "row-with-extra-cells", "goes 2 cells beyond the last column"),
        ("A1,11102,2026-07-15,25,59,L57.0,1", "row-with-extra-cells", "goes one cell beyond the last column"),
    ],
)
def test_what_has_no_place_is_said(row: str, rule: str, words: str) -> None:
    chunk = read(HEADER + "A0,11102,2026-07-15,,L57.0,1\n" + row + "\n")
    said = {r["rule"]: r["message"] for r in chunk.faults.to_dicts()}
    assert "Row 3" in said[rule]
    assert words in said[rule]
    assert chunk.counts.claims_read == 2


def test_empty_cells_beyond_the_header_lose_nothing() -> None:
    chunk = read(HEADER + "A0,11102,2026-07-15,,L57.0,1,,\nA1,11102,2026-07-15,,L57.0,1\n")
    assert chunk.faults.is_empty()


def test_two_headers_for_one_column_are_refused() -> None:
    with pytest.raises(InputError, match="two columns are code"):
        read("claim_id,code,code,service_from\nA1,11102,11104,2026-07-15\n")


@pytest.mark.parametrize(("npi", "words"), [("1234567890", "fails its check digit"), ("12345", "is not ten digits")])
def test_an_npi_fault_says_which(npi: str, words: str) -> None:
    chunk = read(f"claim_id,code,service_from,billing_npi\nA1,11102,2026-07-15,{npi}\n")
    assert words in chunk.faults["message"][0]


def test_missing_columns_are_all_named_at_once() -> None:
    with pytest.raises(InputError, match="no column claim_id, service_from"):
        read("code,charge\n11102,100\n")


def test_parquet_with_typed_columns_and_lists() -> None:
    frame = pl.DataFrame(
        {
            "claim_id": ["A1"], "code": ["11102"], "service_from": [date(2026, 7, 15)],
            "modifiers": [["59", "LT"]], "dx": [["D49.2"]], "units": [2.0], "charge_cents": [16500],
        }
    )  # fmt: skip
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    row = read(buffer.getvalue()).lines.row(0, named=True)
    assert (row[c.MODIFIER_1], row[c.MODIFIER_2], row[c.DX_1], row[c.CHARGE]) == ("59", "LT", "D492", 16500)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04rest", "ZIP archive"),
        (b"\xff\xfeI\x00S\x00A\x00", "UTF-16"),
        (bytes(range(256)), "binary data"),
        (b"just a sentence", "neither 837P, Parquet nor CSV"),
        (b"ST*837*0001~", "without its ISA"),
        (b"PAR1 damaged", "cannot be read as Parquet"),
        (b"ISA*00*short~", "is not an ISA of 106 characters"),
        (b"\x1f\x8b", "damaged gzip"),
        (b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\xff\xff", "damaged gzip"),
    ],
)
def test_what_is_no_claim_file_is_refused_in_one_sentence(data: bytes, words: str) -> None:
    with pytest.raises(InputError) as caught:
        list(detect.read(io.BytesIO(data)))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_missing_file_and_directory(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no file"):
        list(detect.read(tmp_path / "none.837"))
    with pytest.raises(InputError, match="is a directory"):
        list(detect.read(tmp_path))
