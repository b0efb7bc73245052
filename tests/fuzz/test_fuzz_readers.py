"""Fuzz targets: whatever bytes come, a reader gives claims and faults or one clear refusal, and counts add up."""

import csv
import io
import re
from datetime import date

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cutis.model import columns as c
from cutis.model import remittance as r
from cutis.model.errors import InputError
from cutis.parse import detect
from cutis.parse.faults import Counts
from cutis.parse.x12_835 import read_835
from cutis.parse.x12_837p import read_837p
from tests.support import tables
from tests.support.x12 import claim, file
from tests.support.x835 import answer, remittance

GOOD = file(claim("A1", ("11102*165", "17000:59*105")), claim("A2", ("17110*185",))).encode()
REMITTANCE = remittance(
    answer("A1", ("11102*165*101.55*CO-45-63.45", "99213*9*0*CO-97-9")), plb=("PLB*1999999984*20261231*WO:OLD*10",)
).encode()
CSV = b"claim_id,code,service_from,units,charge\nA1,11102,2026-07-15,1,100\nA2,17000,2026-07-16,2,50\n"
TYPED = io.BytesIO()
pl.DataFrame(
    {
        "claim_id": ["A1", "A2"], "code": ["11102", "17000"], "service_from": [date(2026, 7, 15), date(2026, 7, 16)],
        "modifiers": [["59", "LT"], None], "units": [1.0, 2.0], "charge_cents": [16500, 10500],
    }
).write_parquet(TYPED)  # fmt: skip
quick = settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def broken(base: bytes) -> st.SearchStrategy[bytes]:
    """The base with some bytes changed, cut out, doubled or put in."""
    place = st.integers(0, len(base) - 1)
    change = st.one_of(
        st.tuples(st.just("set"), place, st.binary(min_size=1, max_size=3)),
        st.tuples(st.just("cut"), place, st.integers(1, 60)),
        st.tuples(st.just("put"), place, st.binary(min_size=1, max_size=8)),
        st.tuples(st.just("twice"), place, st.integers(1, 120)),
        st.tuples(st.just("end"), place, st.just(0)),
    )

    def apply(changes: list[tuple]) -> bytes:
        data = base
        for kind, at, what in changes:
            if kind == "set":
                data = data[:at] + what + data[at + len(what) :]
            elif kind == "cut":
                data = data[:at] + data[at + what :]
            elif kind == "put":
                data = data[:at] + what + data[at:]
            elif kind == "twice":
                data = data[: at + what] + data[at:]
            else:
                data = data[:at]
        return data

    return st.lists(change, min_size=1, max_size=5).map(apply)


def counted(data: bytes, size: int) -> Counts:
    return sum((chunk.counts for chunk in read_837p(io.BytesIO(data), chunk_bytes=size)), Counts())


@quick
@given(broken(GOOD), st.sampled_from([130, 600, 1 << 20]))
def test_837p(data: bytes, size: int) -> None:
    try:
        counts = counted(data, size)
    except InputError as error:
        assert "\n" not in str(error)
        return
    assert counts.claims_read + counts.claims_refused == counts.clm_segments
    if data.startswith(b"ISA*") and data[105:106] == b"~" and data.count(b"ISA") == 1:
        assert counts.clm_segments == len(re.findall(rb"~[ \t\r\n\x00\x1a]*CLM[ \t\r\n\x00\x1a]*(?:\*|~|$)", data))


def whole(data: bytes, size: int) -> str:
    """Everything that is read, as text; how the file was cut does not show."""
    try:
        chunks = list(read_837p(io.BytesIO(data), chunk_bytes=size, with_references=True))
    except InputError as refusal:
        return str(refusal)
    frames = ([chunk.lines, chunk.faults, chunk.references] for chunk in chunks)
    parts = [pl.concat([f for f in same if f is not None]).write_ndjson() for same in zip(*frames, strict=True)]
    return "\n".join([*parts, str(sum((chunk.counts for chunk in chunks), Counts()))])


@quick
@given(broken(file(claim("A1", ("11102*165",)), claim("A2", ("17110*185",)), claim("A3", ("17000*105",))).encode()))
def test_a_damaged_837p_reads_the_same_however_it_is_cut(data: bytes) -> None:
    assert whole(data, 100) == whole(data, 700) == whole(data, 1 << 20)


def table(data: bytes) -> None:
    """A table is refused in one sentence, or each of its rows is a line or a fault."""
    try:
        chunks = list(detect.read(io.BytesIO(data)))
    except InputError as error:
        assert "\n" not in str(error)
        return
    for chunk in chunks:
        assert chunk.counts.claims_read + chunk.counts.claims_refused == chunk.counts.clm_segments
        assert chunk.counts.claims_read == chunk.lines[c.CLAIM_INDEX].n_unique()
        assert chunk.counts.lines == chunk.lines.height
        assert chunk.lines.height or "row-without-claim" in chunk.faults["rule"].to_list()
        assert (chunk.lines[c.CHARGE].abs().max() or 0) < 10**10
        # a value that is unknown though its column is there is said
        unknown = chunk.lines.filter(pl.col(c.SERVICE_FROM).is_null() | pl.col(c.CODE).is_null())
        said = chunk.faults.select(c.CLAIM_INDEX, c.LINE).unique()
        assert unknown.join(said, on=[c.CLAIM_INDEX, c.LINE], how="anti").is_empty()


@quick
@given(broken(CSV))
def test_csv(data: bytes) -> None:
    table(data)


CELLS = st.one_of(
    st.sampled_from(
        ["", "A1", "11102", "2026-07-15", "07/15/2026", "1", "-1", "1e9", "59 LT", "D49.2", '"', "a,b", "\n"]
    ),
    st.text(max_size=12),
)
HEADS = ("claim_id", "code", "service_from", "units", "charge", "modifiers", "dx", "zip", "payer", "doc_count", "else")


@quick
@given(st.lists(st.lists(CELLS, min_size=1, max_size=13), max_size=6), st.sampled_from([",", ";", "\t", "|"]))
def test_tables_of_any_cells(rows: list[list[str]], separator: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows([HEADS, *rows])
    table(out.getvalue().encode("utf-8", "surrogatepass"))


SEVERAL = b'claim_id,code,service_from,units,charge\nA1,11102,2026-07-15,1,100\nA2,17000,2026-07-16,2,"5\n0"\nA1,99213,,1,"1,000"\n'


@quick
@given(broken(SEVERAL), st.sampled_from([4, 200, 400]))
def test_a_damaged_csv_reads_the_same_however_it_is_cut(data: bytes, size: int) -> None:
    at_once = tables.whole(lambda: detect.read(io.BytesIO(data)))
    assert tables.whole(lambda: detect.read(io.BytesIO(data), chunk_bytes=size)) == at_once


@quick
@given(broken(TYPED.getvalue()))
def test_parquet(data: bytes) -> None:
    table(data)


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(), st.text(max_size=8), st.dates(), st.datetimes(),
    st.decimals(-(10**6), 10**6, places=2), st.binary(max_size=4), st.timedeltas(),
    st.lists(st.text(max_size=3), max_size=6), st.dictionaries(st.just("a"), st.integers(0, 9), min_size=1),
)  # fmt: skip


@quick
@given(st.lists(VALUES, min_size=len(HEADS), max_size=len(HEADS)), st.sets(st.sampled_from(HEADS)))
def test_parquet_of_any_types(values: list, odd: set[str]) -> None:
    usual = dict(
        zip(HEADS, ("A1", "11102", date(2026, 7, 15), 1, 165.0, "59", "D492", 33186, "medicare", 2, ""), strict=True)
    )
    row = {n: [v if n in odd else usual[n]] for n, v in zip(HEADS, values, strict=True)}
    out = io.BytesIO()
    pl.DataFrame(row, strict=False).write_parquet(out)
    table(out.getvalue())


@quick
@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    try:
        list(detect.read(io.BytesIO(data)))
    except InputError as error:
        assert "\n" not in str(error)


@quick
@given(broken(REMITTANCE))
def test_835(data: bytes) -> None:
    try:
        found = read_835(data)
    except InputError as error:
        assert "\n" not in str(error)
        return
    counts = found.counts
    assert counts.claims_read + counts.claims_refused == counts.clp_segments
    assert found.lines[r.CLAIM].n_unique() == counts.claims_read
    assert found.lines[r.SERVICE].drop_nulls().len() == counts.lines
    assert found.adjustments.height == counts.adjustments
