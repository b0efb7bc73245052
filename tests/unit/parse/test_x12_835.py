"""Remittances: published samples, balances, a malformed corpus, and that one bad claim never loses another."""

import gzip
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import yaml

from cutis.model import columns as c
from cutis.model import remittance as r
from cutis.model.errors import InputError
from cutis.parse.remit_faults import REMITTANCE_FAULTS
from cutis.parse.x12_835 import is_835, read_835
from tests.support.x835 import answer, remittance

FOLDER = Path(__file__).parents[2] / "malformed_835"
EXPECTED = yaml.safe_load((FOLDER / "expected.yaml").read_text())
LINUX = "LinuxForHealth+x12/"
GUIDE = LINUX + "src_tests_resources_835_005010X221A1_"
MOOV = "moov-io+x12/examples_example_5010_835_"
# per sample: claims, lines, cents of the claims paid, adjustments, and the faults that it really has
SAMPLES = {
    LINUX + "demo-file_demo.835": (2, 0, 14_999_873, 2, []),
    GUIDE + "medicare-part-a.835": (2, 0, 14_999_873, 2, []),
    GUIDE + "managed-care.835": (2, 2, 94_500, 5, []),
    GUIDE + "cob-contractural-adjustment.835": (1, 1, 3_400, 2, ["remittance-separator-differs"]),
    GUIDE + "secondary-payment.835": (2, 2, 122_200, 5, ["remittance-separator-differs"] * 2),
    # its SVC01 was split over two elements, so that its amounts stand one place too far
    GUIDE + "tertiary-payment.835": (1, 1, 18_750, 1, ["remittance-lines-mismatch", "remittance-line-mismatch"]),
    MOOV + "sample1.txt": (2, 2, 0, 2, ["remittance-claim-mismatch"]),
    MOOV + "sample2.txt": (1, 1, 400_000, 2, ["remittance-claim-mismatch"]),
}


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_published_samples(name: str, shared: Path) -> None:
    claims, lines, paid, adjustments, faults = SAMPLES[name]
    found = read_835(shared / "data" / "x12" / name)
    assert (found.counts.claims_read, found.counts.lines, found.counts.adjustments) == (claims, lines, adjustments)
    assert found.counts.claims_refused == 0
    assert found.payments["claims_paid_cents"].sum() == paid
    assert found.faults["rule"].to_list() == faults


def test_every_published_remittance_is_among_them(shared: Path) -> None:
    folder = shared / "data" / "x12"
    there = {str(f.relative_to(folder)) for f in folder.glob("*/*") if is_835(f.read_bytes()[:400])}
    assert there == set(SAMPLES)


def test_a_line_as_read() -> None:
    text = remittance(
        answer("A1", ("11102:59:LT*165*101.55*CO-45-43.45,PR-1-20",)),
        plb=("PLB*1999999984*20261231*WO:OLD*10*L6*-1.25",),
    ).replace("DTM*472*20260715", "DTM*472*20260715~\nREF*6R*7~\nAMT*B6*121.55~\nLQ*HE*N362")
    text = (
        text.replace("CLP*A1", "CLP*A1", 1)
        .replace("~\nSVC", "~\nMOA***MA01~\nSVC", 1)
        .replace("BPR*I*91.55", "BPR*I*92.80")
    )
    found = read_835(text.encode())
    row = found.lines.to_dicts()[0]
    assert row[c.CLAIM_ID] == "A1"
    assert [row[n] for n in (c.CODE, *c.MODIFIERS)] == ["11102", "59", "LT", None, None]
    assert (row[c.CHARGE], row[r.PAID], row[r.ALLOWED]) == (16500, 10155, 12155)
    assert row[c.SERVICE_FROM] == row[c.SERVICE_TO] == date(2026, 7, 15)
    assert (row[r.LINE_CONTROL], row[r.PAYER_CONTROL], row[r.TRACE], row[r.PAYER]) == (
        "7",
        "ICNA1",
        "TRACE1",
        "MEDICARE",
    )
    assert row[r.PAID_ON] == date(2026, 8, 1)
    assert row[r.REMARKS] == ["N362", "MA01"]
    assert [(a["group"], a["carc"], a["cents"]) for a in row[r.ADJUSTMENTS]] == [("CO", "45", 4345), ("PR", "1", 2000)]
    assert found.provider["cents"].to_list() == [1000, -125]
    assert found.provider["reason"].to_list() == ["WO", "L6"]
    assert found.faults["rule"].to_list() == ["segment-count-mismatch"]
    assert found.payments["provider_adjusted_cents"].item() == 875


def test_names_and_member_ids_are_not_in_the_frames() -> None:
    found = read_835(remittance(answer("A1")).encode())
    text = "".join(f.write_ndjson() for f in (found.lines, found.payments, found.provider, found.adjustments))
    assert "FERN" not in text
    assert "9ZZ00000001" not in text


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_exactly_the_fault_is_found(name: str) -> None:
    found = read_835(FOLDER / f"{name}.835")
    said = [
        " ".join(f"{x['rule']} @{x['segment']} {x['element'] or ''} {x[c.CLAIM_ID] or ''}".split())
        for x in found.faults.to_dicts()
    ]
    n = found.counts
    assert said == EXPECTED[name]["faults"]
    assert [n.claims_read, n.claims_refused, n.clp_segments, n.lines] == EXPECTED[name]["counts"]
    assert n.claims_read + n.claims_refused == n.clp_segments
    assert all(x["message"] and x["fix_text"] for x in found.faults.to_dicts())


def test_each_kind_of_fault_has_a_file() -> None:
    found = {f.split(" ")[0] for e in EXPECTED.values() for f in e["faults"]}
    assert set(REMITTANCE_FAULTS) <= found
    assert sorted(EXPECTED) == sorted(f.stem for f in FOLDER.glob("*.835"))


def test_one_bad_claim_never_loses_another() -> None:
    bad = answer("BAD")
    bad[0] = "CLP**?*x*y"
    bad[2] = "SVC*nonsense*1*2*3*4*5"
    found = read_835(remittance(answer("A1"), answer("A2")).replace("CLP*A2", "~\n".join(bad) + "~\nCLP*A2").encode())
    assert found.lines[c.CLAIM_ID].to_list() == ["A1", None, "A2"]
    assert found.lines.filter(pl.col(c.CLAIM_ID).is_not_null())[r.PAID].to_list() == [10155, 10155]


def test_delimiters_line_ends_gzip_and_interchanges_in_one_file() -> None:
    text = remittance(answer("A1"))
    other = remittance(answer("A2")).translate(str.maketrans("*:~", "|>!"))
    both = read_835(("\ufeff" + text + other).encode())
    assert both.lines[c.CLAIM_ID].to_list() == ["A1", "A2"]
    assert both.lines[r.PAYMENT].to_list() == both.lines[r.CLAIM].to_list() == both.lines[r.SERVICE].to_list() == [1, 2]
    assert both.faults.is_empty()
    for variant in (text.replace("\n", ""), text.replace("\n", "\r\n")):
        assert read_835(gzip.compress(variant.encode())).lines.equals(read_835(text.encode()).lines)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        (b"hello", "is not X12"),
        (b"\x1f\x8bxx", "damaged gzip"),
        (remittance(answer()).replace("X221A1", "X222A2").encode(), "is no remittance"),
    ],
)
def test_refused_in_one_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence) as caught:
        read_835(data, "a.835")
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("a.835 ")
