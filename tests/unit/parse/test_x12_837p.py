"""The 837P reader: values, loops, line ends, delimiters, pieces."""

import io
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from cutis.model import columns as c
from cutis.model.errors import InputError
from cutis.parse import detect, x12_837p
from cutis.parse.faults import Counts
from cutis.parse.interchange import Delimiters
from cutis.parse.segments import Carried, Segments, locate
from cutis.parse.x12_837p import read_837p
from tests.support.x12 import HEAD, claim, file, subscriber

EXAMPLE = Path(__file__).parents[3] / "examples" / "clinic_day.837"


def read(text: str | bytes, chunk_bytes: int = 8 << 20) -> tuple[pl.DataFrame, pl.DataFrame, Counts]:
    data = text.encode("latin-1") if isinstance(text, str) else text
    chunks = list(read_837p(io.BytesIO(data), chunk_bytes=chunk_bytes))
    counts = Counts()
    for chunk in chunks:
        counts = counts + chunk.counts
    assert counts.claims_read + counts.claims_refused == counts.clm_segments
    return pl.concat(x.lines for x in chunks), pl.concat(x.faults for x in chunks), counts


def test_a_claim_with_all_its_values() -> None:
    lines, faults, counts = read(
        file(
            [
                *subscriber(2),
                "CLM*A1*330.5***22:B:7*Y*A*Y*Y",
                "REF*G1*AUTH7",
                "REF*X4*11D9999990",
                "NTE*ADD*SEE NOTE",
                "K3*EXTRA",
                "HI*ABK:D492*ABF:L570",
                "NM1*82*1*ALDER*ROSA****XX*1588888887",
                "PRV*PE*PXC*207ND0101X",
                "NM1*77*2*CLINIC*****XX*1999999984",
                "N3*2 GARDEN ROW",
                "N4*TAMPA*FL*33601",
                "LX*1",
                "SV1*HC:11102:59:LT:::A BIOPSY*165.5*UN*1***1:2",
                "DTP*472*RD8*20260714-20260715",
                "NTE*ADD*LINE NOTE",
                "LX*2",
                "SV1*HC:J3301*165*UN*2.5*11**2",
                "DTP*472*D8*20260715",
                "LIN**N4*00003029305",
                "NM1*82*1*BIRCH*TOMAS****XX*1477777779",
            ]
        )
    )
    assert faults.is_empty()
    assert counts == Counts(1, 0, 1, 2, counts.segments, 1, 1, 1, counts.bytes)
    first, second = lines.to_dicts()
    assert first[c.CLAIM_ID] == "A1"
    assert (first[c.SERVICE_FROM], first[c.SERVICE_TO]) == (date(2026, 7, 14), date(2026, 7, 15))
    assert (first[c.CODE], first[c.MODIFIER_1], first[c.MODIFIER_2], first[c.MODIFIER_3]) == ("11102", "59", "LT", None)
    assert (first[c.CHARGE], first[c.CLAIM_CHARGE], first[c.UNITS]) == (16550, 33050, 1.0)
    assert (first[c.DX_1], first[c.DX_2], first[c.CLAIM_DX]) == ("D492", "L570", "D492 L570")
    assert (first[c.PLACE_OF_SERVICE], second[c.PLACE_OF_SERVICE]) == ("22", "11")
    assert (first[c.RENDERING_NPI], second[c.RENDERING_NPI]) == ("1588888887", "1477777779")
    assert (first[c.ZIP], first[c.STATE], first[c.TAXONOMY]) == ("33601", "FL", "207ND0101X")
    assert (first[c.AUTHORIZATION], first[c.CLIA], first[c.FREQUENCY]) == ("AUTH7", "11D9999990", "7")
    assert (first[c.LINE_NOTE], first[c.CLAIM_NOTE]) == ("LINE NOTE | A BIOPSY", "SEE NOTE | EXTRA")
    assert (second[c.NDC], second[c.UNITS], second[c.DX_1], second[c.LINE]) == ("00003029305", 2.5, "L570", 2)
    assert first[c.PAYER_KIND] == "medicare"
    assert (first[c.PATIENT_BIRTH], first[c.PATIENT_SEX]) == (date(1950, 1, 1), "F")


def test_the_patient_of_a_dependent_claim_is_the_dependent() -> None:
    dependent = [
        *subscriber(2)[:-2],
        "DMG*D8*19500101*F",
        "NM1*PR*2*LEAF*****PI*LEAF1",
        "HL*3*2*23*0",
        "PAT*19",
        "NM1*QC*1*FERN*TED",
        "DMG*D8*20100203*M",
        *claim(),
    ]
    lines, faults, _ = read(file(dependent))
    assert faults.is_empty()
    assert (lines[c.PATIENT_SEX][0], lines[c.PATIENT_BIRTH][0]) == ("M", date(2010, 2, 3))
    own, _, _ = read(file([*subscriber(2), *claim()]))
    assert lines[c.PATIENT_KEY][0] != own[c.PATIENT_KEY][0]


def test_another_payer_in_the_claim_is_not_the_payer_of_the_claim() -> None:
    body = claim()
    other = [
        "SBR*S*18*******CI",
        "OI***Y*P**Y",
        "NM1*IL*1*FERN*IDA****MI*X",
        "NM1*PR*2*OTHER*****PI*ZZZ",
        "NM1*82*1*X*Y****XX*1477777779",
    ]
    lines, _, _ = read(file([*body[:3], *other, *body[3:]]))
    assert (lines[c.PAYER_KIND][0], lines[c.PAYER_RANK][0], lines[c.PAYER_ID][0]) == ("medicare", "P", "09102")
    assert lines[c.RENDERING_NPI][0] == "1588888887"


def test_several_hi_segments_and_codes_that_are_no_diagnoses() -> None:
    body = claim(lines=("11102*165*UN*1***1:2:3",))
    body[1:2] = ["HI*ABK:D492*BP:XYZ*ABF:L570", "HI*ABF:B078"]
    lines, faults, _ = read(file(body))
    assert faults.is_empty()
    assert [lines[d][0] for d in c.DIAGNOSES] == ["D492", "L570", "B078", None]


WHOLE = file(*(claim(f"A{i}", ("11102*165", "17000:59*105*UN*1***2"), "ABK:D492*ABF:L570") for i in range(40)))


@pytest.mark.parametrize("newline", ["", "\n", "\r\n"], ids=["none", "LF", "CRLF"])
@pytest.mark.parametrize("before", ["", "\ufeff", " \r\n\t"], ids=["nothing", "BOM", "blanks"])
def test_line_ends_and_what_stands_before(newline: str, before: str) -> None:
    text = (before + WHOLE.replace("~\n", "~" + newline)).encode("utf-8")
    lines, faults, _ = read(text)
    assert faults.is_empty()
    expected, _, _ = read(WHOLE)
    assert lines.equals(expected)


@pytest.mark.parametrize("marks", ["|^>!", "\x1d\x1c\x1f\x1e", "+'<;"])
def test_other_delimiters(marks: str) -> None:
    element, _, component, segment = marks
    text = WHOLE.replace("~\n", segment).replace("*", element).replace(":", component)
    lines, faults, _ = read(text)
    assert faults.is_empty()
    assert lines.equals(read(WHOLE)[0])


@pytest.mark.parametrize("size", [107, 1000, 2048, 7000, 1 << 20])
def test_pieces_of_any_size_give_the_same(size: int) -> None:
    lines, faults, counts = read(WHOLE, chunk_bytes=size)
    expected, _, whole = read(WHOLE)
    assert lines.equals(expected)
    assert faults.is_empty()
    assert counts == whole


def test_interchanges_with_different_delimiters_follow_one_another() -> None:
    second = WHOLE.replace("~\n", "!").replace("*", "|").replace(":", ">")
    for size in (500, 1 << 20):
        lines, faults, counts = read(WHOLE + second + "\n" + WHOLE, chunk_bytes=size)
        assert faults.is_empty()
        assert (counts.interchanges, counts.claims_read, lines.height) == (3, 120, 240)
        assert lines[c.CLAIM_INDEX].to_list() == sorted(lines[c.CLAIM_INDEX].to_list())


def test_several_groups_and_transactions() -> None:
    segments = WHOLE.split("~\n")[:-1]
    group = segments[1:-1]
    transaction = group[1:-1]
    gs, ge = group[0], "GE*2*1"
    text = (
        "~".join([segments[0], gs, *transaction, *transaction, ge, gs, *transaction, "GE*1*1", "IEA*2*000000001"]) + "~"
    )
    _, faults, counts = read(text)
    assert faults.is_empty()
    assert (counts.groups, counts.transactions, counts.claims_read) == (2, 3, 120)


# Claims and lines of each published sample.
SAMPLES = {
    "demo.ambulance.example5": (1, 4), "demo.autoaccident": (1, 2), "demo.cob.2ndary.example4": (1, 1),
    "demo.cob.example3.A": (1, 3), "demo.cob.example3.B": (1, 3), "demo.cob.example3.C": (1, 3),
    "demo.cob.example4": (1, 1), "demo.drug.example10.1": (1, 2), "demo.drug.example10.2": (1, 6),
    "demo.drug.example10.3": (1, 6), "demo.example1": (1, 4), "demo.example11": (1, 2), "demo.example12": (1, 1),
    "demo.example2": (1, 4), "demo.example6": (1, 1), "demo.example7": (1, 2), "demo.example8": (1, 1),
    "demo.example9": (1, 1), "examples_example_5010_837p_sample.txt": (8, 11), "demo-file_demo": (1, 4),
}  # fmt: skip


def _counted(text: str) -> tuple[int, int]:
    """Claims and lines told by nothing but the beginnings of segments."""
    return len(re.findall(r"(?:^|~)\s*CLM\W", text)), len(re.findall(r"(?:^|~)\s*SV1\W", text))


def test_published_samples(shared: Path) -> None:
    found = {}
    for path in [
        *sorted((shared / "data" / "x12").rglob("*X222A2*.837")),
        shared / "data" / "x12" / "moov-io+x12" / "examples_example_5010_837p_sample.txt",
        shared / "data" / "x12" / "LinuxForHealth+x12" / "demo-file_demo.837",
    ]:
        lines, _, counts = read(path.read_bytes())
        assert (counts.claims_read, lines.height) == _counted(path.read_text()), path.name
        assert counts.claims_refused == 0, path.name
        name = path.name.removesuffix(".837").rpartition("X222A2_")[2]
        found[name] = (counts.claims_read, lines.height)
    assert found == SAMPLES


def test_ten_thousand_generated_claims(shared: Path, tmp_path: Path) -> None:
    path = tmp_path / "many.837"
    subprocess.run(
        [sys.executable, str(shared / "data" / "x12" / "gen837p.py"), "10000", str(path)],
        check=True,
        capture_output=True,
    )
    _, faults, counts = read(path.read_bytes(), chunk_bytes=1 << 20)
    assert (counts.claims_read, counts.claims_refused, counts.lines) == (10000, 0, 30094)
    assert faults.is_empty()


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("*.835", "remittance (835)"),
        ("*004010X098A1*.837", "version 4010"),
        ("*X223A3*.837i", "institutional claim (837I)"),
        ("*837d*", "dental claim (837D)"),
        ("*.270", "eligibility inquiry (270)"),
        ("*.277", "claim status response (277)"),
        ("*810*", "invoice (810)"),
    ],
)
def test_files_of_other_kinds_are_refused_by_name(shared: Path, pattern: str, words: str) -> None:
    files = list((shared / "data" / "x12").rglob(pattern))
    assert files
    for path in files:
        with pytest.raises(InputError, match=re.escape(words)):
            list(detect.read(path))


def test_a_transaction_of_another_kind_is_counted_and_refused() -> None:
    segments = WHOLE.split("~\n")[:-1]
    institutional = [s.replace("005010X222A1", "005010X223A2") for s in segments[2:-2]]
    text = "~".join([*segments[:-2], *institutional, "GE*2*1", "IEA*1*000000001"]) + "~"
    _, faults, counts = read(text)
    assert (counts.claims_read, counts.claims_refused, counts.clm_segments) == (40, 40, 80)
    assert faults["rule"].unique().to_list() == ["not-a-professional-claim"]
    assert faults.filter(pl.col(c.CLAIM_INDEX).is_not_null()).height == 40


def test_the_example_day_is_read_whole() -> None:
    _, faults, counts = read(EXAMPLE.read_bytes())
    assert (counts.claims_read, counts.claims_refused) == (57, 0)
    assert faults["rule"].to_list() == ["claim-without-diagnosis"]


def test_the_header_of_tests_is_whole() -> None:
    assert len(HEAD[0]) == 105


def _with_line_ends_as_terminators(text: str) -> str:
    return text.replace("~\n", "\n").replace("*", "|").replace(":", ">")


@pytest.mark.parametrize("size", [150, 700, 8 << 20])
def test_line_ends_as_terminators_between_other_interchanges(size: int) -> None:
    """An interchange after one whose terminator is the line end is read, not taken for stray text."""
    text = file(claim("A1"), claim("A2"))
    _, faults, counts = read(text + _with_line_ends_as_terminators(text) + text, size)
    assert (counts.claims_read, counts.interchanges, faults.height) == (6, 3, 0)


def test_pieces_are_cut_where_the_line_end_is_the_terminator() -> None:
    text = _with_line_ends_as_terminators(file(*(claim(f"A{n}") for n in range(40))))
    assert len(list(read_837p(io.BytesIO(text.encode()), chunk_bytes=1000))) > 5


def test_what_the_line_carries_besides_its_codes() -> None:
    text = file(claim("A1")).replace(
        "DTP*472*D8*20260715~\n",
        "DTP*472*D8*20260715~\nK3*WASTED 2 ML~\nNM1*82*1*ELDER*ANN****XX*1999999984~\nPRV*PE*PXC*207ND0900X~\n",
    )
    lines, _, _ = read(text)
    assert lines[c.LINE_NOTE].to_list() == ["WASTED 2 ML"]
    assert lines[c.TAXONOMY].to_list() == ["207ND0900X"]


def test_each_service_keeps_its_own_date_where_an_lx_is_missing() -> None:
    text = file(claim("A1", ("11102*165", "17000*105"))).replace("LX*2~\n", "")
    head, tail = text.rsplit("DTP*472*D8*20260715", 1)
    lines, faults, _ = read(head + "DTP*472*D8*20260716" + tail)
    assert lines[c.SERVICE_FROM].to_list() == [date(2026, 7, 15), date(2026, 7, 16)]
    assert "service-without-line" in faults["rule"].to_list()


def test_segments_of_another_kind_of_transaction_are_its_own_matter() -> None:
    institutional = file(claim("B1")).replace("005010X222A1", "005010X223A2").replace("SV1*HC", "SV2*0300*HC")
    _, faults, counts = read(institutional + file(claim("A1")))
    assert faults["rule"].unique().to_list() == ["not-a-professional-claim"]
    assert (counts.claims_read, counts.claims_refused) == (1, 1)


def _work(claims: int, chunk_bytes: int, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int, int]:
    """Segments looked at, the most carried into a piece, and pieces, of one ST with one HL over all claims."""
    seen: list[tuple[int, int]] = []

    def counting(data: bytes, delimiters: Delimiters, before: Carried) -> Segments:
        segments = locate(data, delimiters, before)
        seen.append((len(segments.kind), segments.carried))
        return segments

    monkeypatch.setattr(x12_837p, "locate", counting)
    text = file([*subscriber(2), *(s for n in range(claims) for s in claim(f"A{n}"))])
    assert read(text, chunk_bytes)[2].claims_read == claims
    return sum(n for n, _ in seen), max(n for _, n in seen), len(seen)


def test_the_work_a_claim_costs_does_not_grow_with_its_transaction_set(monkeypatch: pytest.MonkeyPatch) -> None:
    few, many = (_work(n, 4000, monkeypatch) for n in (200, 2000))
    assert many[2] > 6 * few[2]  # the longer set is read in more pieces of the same size
    assert many[1] == few[1] < 20  # and each of them carries over no more than the open loops
    assert many[0] <= 10 * few[0] * 1.01


@pytest.mark.parametrize("size", [200, 8 << 20])
def test_a_file_without_a_claim_is_refused(size: int) -> None:
    with pytest.raises(InputError, match="no claim in it"):
        read(file(), size)
    with pytest.raises(InputError, match="no claim in it"):
        read(file(list(subscriber(2))), size)
