"""Fuzz targets: whatever bytes come, a reader gives claims and faults or one clear refusal, and counts add up."""

import io
import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cutis.model import remittance as r
from cutis.model.errors import InputError
from cutis.parse import detect
from cutis.parse.faults import Counts
from cutis.parse.x12_835 import read_835
from cutis.parse.x12_837p import read_837p
from tests.support.x12 import claim, file
from tests.support.x835 import answer, remittance

GOOD = file(claim("A1", ("11102*165", "17000:59*105")), claim("A2", ("17110*185",))).encode()
REMITTANCE = remittance(
    answer("A1", ("11102*165*101.55*CO-45-63.45", "99213*9*0*CO-97-9")), plb=("PLB*1999999984*20261231*WO:OLD*10",)
).encode()
CSV = b"claim_id,code,service_from,units,charge\nA1,11102,2026-07-15,1,100\nA2,17000,2026-07-16,2,50\n"
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


@quick
@given(broken(CSV))
def test_csv(data: bytes) -> None:
    try:
        chunks = list(detect.read(io.BytesIO(data)))
    except InputError as error:
        assert "\n" not in str(error)
        return
    for chunk in chunks:
        assert chunk.counts.claims_read + chunk.counts.claims_refused == chunk.counts.clm_segments
        assert chunk.counts.lines == chunk.lines.height


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
