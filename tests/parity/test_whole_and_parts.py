"""What must not change the findings: how the file is cut, where lines spill, the order of claims, names of people."""

import io
import random
import re
from pathlib import Path

import polars as pl
import pytest

from cutis.engine import run as engine
from cutis.engine.options import Options
from cutis.engine.run import check, check_lines
from cutis.engine.store import FindingStore, LineStore
from cutis.model import columns as c
from cutis.reference.store import Reference
from tests.support.x12 import claim, file, subscriber

EXAMPLE = Path(__file__).parents[2] / "examples" / "clinic_day.837"


def findings(text: str, ref: Reference, options: Options | None = None) -> pl.DataFrame:
    return check(io.BytesIO(text.encode()), options or Options(), ref).findings


@pytest.fixture(scope="module")
def text() -> str:
    return EXAMPLE.read_text()


@pytest.fixture
def split_day() -> str:
    """One patient's day on two claims at both ends of a file: the edit is between them."""
    person = subscriber(2, member="9ZZ99999999")
    middle = [claim(f"M{i}", ("11900*95",), "ABK:L910") for i in range(60)]
    again = [person[0].replace("HL*2*", "HL*900*"), *person[1:]]
    return file(
        [*person, *claim("FIRST", ("11102*165",))], *middle, [*again, *claim("LAST", ("17000*105",), "ABK:L570")]
    )


@pytest.mark.parametrize("size", [400, 3000, 1 << 20])
def test_cut_anywhere(text: str, split_day: str, ref: Reference, size: int) -> None:
    for whole in (text, split_day):
        assert findings(whole, ref, Options(chunk_bytes=size)).equals(findings(whole, ref))


@pytest.mark.parametrize("scattered", [False, True])
def test_a_table_cut_anywhere(ref: Reference, *, scattered: bool) -> None:
    rows = [
        f"C{i // 3},{code},{day},{units},P{i % 7},{charge}"
        for i in range(90)
        for code, day, units, charge in [
            ("11102", "2026-07-15", 1, 165), ("17003", "2026-07-15", 14, "x"), ("99213", "yesterday", 0, 90), ("", "", "", ""),
        ]
    ]  # fmt: skip
    rows += [",11102,2026-07-15,1,P1,5", "C1,11102,2026-07-15,1,P1,5,more", ",,,,,"]
    if scattered:
        random.Random(4).shuffle(rows)
    table = "\n".join(["claim_id,code,service_from,unit,patient,charge", *rows])
    expected = check(io.BytesIO(table.encode()), Options(), ref)
    for size in (4, 800, 6000):
        report = check(io.BytesIO(table.encode()), Options(chunk_bytes=size), ref)
        assert report.findings.equals(expected.findings)
        assert report.summary == expected.summary
        assert report.counts == expected.counts


def test_a_day_on_two_claims_is_seen(split_day: str, ref: Reference) -> None:
    found = findings(split_day, ref).filter(pl.col("rule") == "ncci-pair-without-modifier")
    assert found[c.CLAIM_ID].to_list() == ["LAST"]


def test_spilled_to_disk(text: str, split_day: str, ref: Reference, monkeypatch: pytest.MonkeyPatch) -> None:
    for whole in (text, split_day):
        expected = findings(whole, ref)
        with monkeypatch.context() as patch:
            patch.setattr(engine, "LineStore", lambda parts: LineStore(parts=5, limit=10))
            patch.setattr(engine, "FindingStore", lambda: FindingStore(limit=3))
            spilled = check(io.BytesIO(whole.encode()), Options(chunk_bytes=2000), ref)
        assert spilled.findings.equals(expected)
        assert spilled.summary == check(io.BytesIO(whole.encode()), Options(), ref).summary


def key(frame: pl.DataFrame) -> list[tuple]:
    return sorted(frame.select("rule", c.CLAIM_ID, c.LINE, "severity", "message", "stake_cents").rows(), key=str)


def _loops(text: str) -> tuple[str, list[str], str]:
    head, *loops = re.split(r"(?=HL\*\d+\*1\*22)", text)
    last, end = re.split(r"(?=SE\*)", loops[-1])
    return head, [*loops[:-1], last], end


def test_order_of_claims(text: str, ref: Reference) -> None:
    head, loops, end = _loops(text)
    random.Random(3).shuffle(loops)
    assert key(findings(head + "".join(loops) + end, ref)) == key(findings(text, ref))


def test_names_of_patients(text: str, ref: Reference) -> None:
    renamed = re.sub(r"NM1\*IL\*1\*[A-Z]+\*[A-Z]+", "NM1*IL*1*OTHER*PERSON", text)
    assert key(findings(renamed, ref)) == key(findings(text, ref))


def test_two_files_are_as_one(text: str, ref: Reference) -> None:
    head, loops, end = _loops(text)
    half = len(loops) // 2
    parts = [findings(head + "".join(x) + end, ref) for x in (loops[:half], loops[half:])]
    together = [row for part in parts for row in key(part.filter(pl.col("rule") != "segment-count-mismatch"))]
    assert sorted(together, key=str) == key(findings(text, ref))


def test_order_of_lines_within_a_claim(ref: Reference) -> None:
    from cutis.model.shorthand import frame

    lines = ["11102 dx=D49.2", "17000 dx=L57.0", "99213 dx=L70.0", "17003 x14 dx=L57.0", "88305 dx=D49.2"]
    seen = []
    for seed in range(4):
        order = lines.copy()
        random.Random(seed).shuffle(order)
        report = check_lines(frame(order), Options(), ref)
        codes = dict(enumerate((x.split()[0] for x in order), 1))
        seen.append(sorted((r["rule"], codes[r[c.LINE]], r["stake_cents"]) for r in report.findings.to_dicts()))
    assert seen[0]
    assert all(s == seen[0] for s in seen)


def test_the_same_input_gives_the_same_bytes(text: str, ref: Reference) -> None:
    from cutis.output import json

    def written() -> str:
        out = io.StringIO()
        json.write(check(io.BytesIO(text.encode()), Options(), ref), out)
        return out.getvalue()

    assert written() == written()
