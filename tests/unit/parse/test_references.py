"""REF, NTE and K3: every one of them is kept, with its loop, its claim and its line."""

import io
import re
from pathlib import Path

import polars as pl
import pytest

import cutis
from cutis.model import columns as c
from cutis.parse import detect
from cutis.parse.faults import REFERENCE_SCHEMA
from cutis.parse.x12_837p import read_837p
from tests.support.x12 import claim, file, subscriber


def kept(text: str, size: int = 8 << 20) -> pl.DataFrame:
    chunks = read_837p(io.BytesIO(text.encode()), chunk_bytes=size, with_references=True)
    return pl.concat(chunk.references for chunk in chunks if chunk.references is not None)


FULL = [
    *subscriber(2),
    "REF*2U*PAYER2",  # of the payer
    "CLM*A1*330***11:B:1*Y*A*Y*Y",
    "REF*D9*CLEAR7",
    "REF*F8*OLDCLAIM",
    "K3*STATE LAW",
    "NTE*ADD*SEE CHART",
    "HI*ABK:D492*ABF:L570",
    "NM1*DN*1*OAK*ANN****XX*1477777779",
    "REF*G2*REFERRER",
    "NM1*82*1*ALDER*ROSA****XX*1588888887",
    "PRV*PE*PXC*207ND0101X",
    "REF*G2*RENDERER",
    "SBR*S*18*******CI",
    "OI***Y*P**Y",
    "NM1*IL*1*FERN*IDA****MI*X",
    "NM1*PR*2*OTHER*****PI*ZZZ",
    "REF*F8*THEIRS",
    "LX*1",
    "SV1*HC:11102*165*UN*1***1",
    "DTP*472*D8*20260715",
    "REF*6R*LINE1",
    "REF*9F*REFERRAL**2U:PAYER2",
    "K3*WASTE",
    "NTE*ADD*LEFT ARM",
    "LX*2",
    "SV1*HC:J3301*165*UN*2***2",
    "DTP*472*D8*20260715",
    "LIN**N4*00003029305",
    "REF*XZ*RX12",
    "NM1*82*1*BIRCH*TOM****XX*1477777779",
    "REF*G2*SECOND",
]
EXPECTED = [
    (None, "2010AA", "REF", "EI", "999999999"),
    (None, "2010BB", "REF", "2U", "PAYER2"),
    (None, "2300", "REF", "D9", "CLEAR7"),
    (None, "2300", "REF", "F8", "OLDCLAIM"),
    (None, "2300", "K3", None, "STATE LAW"),
    (None, "2300", "NTE", "ADD", "SEE CHART"),
    (None, "2310A", "REF", "G2", "REFERRER"),
    (None, "2310B", "REF", "G2", "RENDERER"),
    (None, "2330B", "REF", "F8", "THEIRS"),
    (1, "2400", "REF", "6R", "LINE1"),
    (1, "2400", "REF", "9F", "REFERRAL"),
    (1, "2400", "K3", None, "WASTE"),
    (1, "2400", "NTE", "ADD", "LEFT ARM"),
    (2, "2410", "REF", "XZ", "RX12"),
    (2, "2420A", "REF", "G2", "SECOND"),
]


@pytest.mark.parametrize("size", [110, 900, 8 << 20])
def test_each_has_its_loop_claim_and_line(size: int) -> None:
    frame = kept(file(FULL, claim("A2")), size)
    assert frame.schema == pl.Schema(REFERENCE_SCHEMA)
    assert frame.select(c.LINE, "loop", "kind", "qualifier", "value").rows() == EXPECTED
    assert frame[c.CLAIM_ID].to_list() == [None, None, *["A1"] * 13]
    assert frame[c.CLAIM_INDEX].to_list() == [None, None, *[0] * 13]
    referral = frame.row(10, named=True)
    assert (referral["description"], referral["further"]) == (None, "2U:PAYER2")
    segments = file(FULL, claim("A2")).split("~\n")
    assert [segments[n - 1].split("*")[0] for n in frame["segment"]] == frame["kind"].to_list()


def test_what_a_refused_claim_says_is_kept_too() -> None:
    bare = ["CLM*B1*10***11:B:1*Y*A*Y*Y", "REF*EA*CHART9", "HI*ABK:D492"]
    frame = kept(file(claim("A1"), bare))
    assert frame.filter(pl.col(c.CLAIM_ID) == "B1").select(c.CLAIM_INDEX, "value").rows() == [(1, "CHART9")]


def test_a_reference_before_the_first_loop_of_the_next_transaction_is_the_header_s() -> None:
    text = file(claim("A1"))
    again = text.replace("BHT*", "REF*87*SECOND~\nBHT*")
    assert kept(text + again).filter(pl.col("value") == "SECOND").select("loop", c.CLAIM_ID).rows() == [("1000", None)]


def test_transactions_of_another_kind_give_none() -> None:
    institutional = file(FULL).replace("005010X222A1", "005010X223A2")
    assert kept(institutional + file(claim("A1")))["value"].to_list() == ["999999999"]


def test_they_are_given_only_where_asked_for_and_go_to_parquet(tmp_path: Path) -> None:
    path = tmp_path / "a.837"
    path.write_text(file(FULL))
    assert [chunk.references for chunk in cutis.read(path)] == [None]
    (chunk,) = cutis.read(path, references=True)
    chunk.references.write_parquet(tmp_path / "a.parquet")
    assert pl.read_parquet(tmp_path / "a.parquet").equals(chunk.references)


def test_a_table_has_none() -> None:
    table = b"claim_id,code,service_from\nA1,11102,2026-07-15\n"
    assert [x.references for x in detect.read(io.BytesIO(table), with_references=True)] == [None]


def test_published_samples_lose_none(shared: Path) -> None:
    total = 0
    for path in sorted((shared / "data" / "x12").rglob("*X222A2*.837")):
        data = path.read_bytes()
        said = len(re.findall(rb"~\s*(?:REF|NTE|K3)\W", data))
        for size in (400, 8 << 20):
            chunks = read_837p(io.BytesIO(data), chunk_bytes=size, with_references=True)
            frame = pl.concat(x.references for x in chunks if x.references is not None)
            assert frame.height == said, path.name
        total += said
    assert total > 50
