"""Tables read piece by piece: whatever the size of a piece, the same lines, faults, counts and refusals as read at once."""

import csv
import gzip
import io
import random
import tempfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from cutis.model import columns as c
from cutis.model.errors import InputError
from cutis.parse import detect
from cutis.parse.csv import read_csv
from cutis.parse.faults import Chunk, Counts
from cutis.parse.kept import kept
from cutis.parse.parquet import read_parquet
from tests.support.tables import whole

ROOT = Path(__file__).parents[3]
SIZES = (1, 40, 300, 5000)
CORPUS = sorted([*ROOT.glob("tests/malformed_tables/*.*"), *ROOT.glob("examples/**/*.csv")])


@pytest.mark.parametrize("path", [p for p in CORPUS if p.suffix != ".yaml"], ids=lambda p: p.name)
def test_corpus(path: Path) -> None:
    expected = whole(lambda: detect.read(path))
    for size in SIZES:
        assert whole(lambda n=size: detect.read(path, chunk_bytes=4 * n)) == expected
        data = path.read_bytes()
        assert whole(lambda n=size, d=data: detect.read(io.BytesIO(d), chunk_bytes=4 * n, name=path.name)) == expected


HEADER = ["claim_id", "code", "service_from", "units", "charge", "modifiers", "dx", "line_note", "unitts"]
ODD = ("", "A1", "yesterday", "-1", '"', "a,b", "first\nsecond", "x\ry", " ", "é", "25 59 LT GA GY")


def made(r: random.Random) -> list[list[str]]:
    """Rows of claims, some odd, short, long or blank, in half of the tables scattered."""
    scattered, odd = r.random() < 0.5, r.random() * 0.3
    rows, claim = [], 0
    for _ in range(r.randrange(1, 25)):
        claim = r.randrange(6) if scattered else claim + r.randrange(2)
        row = [f"C{claim}", "11102", "2026-07-15", "1", "165", "59", "D49.2", "seen", ""]
        row = [r.choice(ODD) if r.random() < odd else cell for cell in row]
        if r.random() < odd:
            row = [*row, *r.choices(["", "more"], k=2)] if r.random() < 0.5 else row[: r.randrange(9)]
        rows.append([""] * r.choice((0, 9)) if r.random() < 0.05 else row)
    return rows


def mutated(data: bytes, r: random.Random) -> bytes:
    for _ in range(r.choice((0, 0, 1, 3))):
        at = r.randrange(len(data) + 1)
        cut = at + r.choice((0, 0, 3))
        data = (
            data[:at] + r.choice((b'"', b"\n", b"\r", b",", b";", b'""', b"\n\n", b"\xff", b"\x00", b"")) + data[cut:]
        )
    return data


def as_csv(rows: list[list[str]], r: random.Random) -> bytes:
    out = io.StringIO()
    ends = r.choice(("\n", "\r\n", "\r"))
    quoting = r.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    csv.writer(out, delimiter=r.choice(",;\t|"), lineterminator=ends, quoting=quoting).writerows([HEADER, *rows])
    return r.choice((b"", b"", b"\xef\xbb\xbf", b"\n")) + out.getvalue().encode()


@pytest.mark.parametrize("seed", range(60))
def test_made_up_csv(seed: int) -> None:
    r = random.Random(seed)
    data = mutated(as_csv(made(r), r), r)
    expected = whole(lambda: read_csv(io.BytesIO(data), size=len(data)))
    for size in (1, 50, 400):
        assert whole(lambda n=size: read_csv(io.BytesIO(data), size=n)) == expected


@pytest.mark.parametrize("seed", range(20))
def test_made_up_parquet(seed: int) -> None:
    r = random.Random(seed)
    rows = [[*row, *[""] * 9][:9] for row in made(r)]
    out = io.BytesIO()
    pl.DataFrame(rows, schema=dict.fromkeys(HEADER, pl.String), orient="row").write_parquet(out, row_group_size=4)
    expected = whole(lambda: read_parquet(io.BytesIO(out.getvalue())))
    for size in (1, 300, 700):
        assert whole(lambda n=size: read_parquet(io.BytesIO(out.getvalue()), size=n)) == expected


def table(ids: list[str]) -> bytes:
    return ("claim_id,code,service_from\n" + "".join(f"{i},11102,2026-07-15\n" for i in ids)).encode()


def tables(ids: list[str]) -> list[Callable[[int], list[Chunk]]]:
    out = io.BytesIO()
    pl.read_csv(table(ids), infer_schema=False).write_parquet(out)
    packed = out.getvalue()
    return [
        lambda rows: list(read_csv(io.BytesIO(table(ids)), size=22 * rows)),
        lambda rows: list(read_parquet(io.BytesIO(packed), size=100 * rows)),
    ]


@pytest.mark.parametrize("scattered", [False, True])
def test_a_chunk_is_no_larger_than_a_piece_and_a_claim(*, scattered: bool) -> None:
    ids = [f"C{i:03}" for i in range(200) for _ in range(3)]
    if scattered:
        random.Random(2).shuffle(ids)
    for read in tables(ids):
        chunks = read(20)
        assert max(chunk.lines.height for chunk in chunks) <= 24
        claims = pl.concat([chunk.lines for chunk in chunks])
        assert claims[c.CLAIM_INDEX].to_list() == sorted([*range(200)] * 3)
        assert claims[c.CLAIM_ID].unique(maintain_order=True).to_list() == list(dict.fromkeys(ids))
        assert claims[c.LINE].to_list() == [1, 2, 3] * 200


def test_rows_without_claim_do_not_wait() -> None:
    chunks = list(read_csv(io.BytesIO(table(["A1", *[""] * 400, "A1", "B2"])), size=400))
    assert max(chunk.faults.height for chunk in chunks) <= 24
    assert sum((chunk.counts for chunk in chunks), Counts()).claims_read == 2


def test_what_is_said_of_columns_is_said_once() -> None:
    data = b"claim_id,code,service_from,unitts,mine\n" + b"".join(b"A%d,11102,2026-07-15,1,x\n" % i for i in range(40))
    chunks = list(read_csv(io.BytesIO(data), size=100))
    assert len(chunks) > 5
    rules = [rule for chunk in chunks for rule in chunk.faults["rule"].to_list()]
    assert rules == ["column-misspelt", "column-not-read"]


def test_a_table_that_is_no_claim_table_is_refused_as_one_that_is_read_at_once() -> None:
    for data in (b"a,b\n" + b"1,2\n" * 50, b"a,b\n" + b"1,2\n" * 50 + b'"x\n', table([]) + b",,\n" * 50):
        said = []
        for size in (10, 10_000):
            with pytest.raises(InputError) as caught:
                list(read_csv(io.BytesIO(data), size=size))
            said.append(str(caught.value))
        assert said[0] == said[1]


def test_the_same_from_a_file_a_pipe_and_a_gzip(tmp_path: Path) -> None:
    path, packed = tmp_path / "a[1].csv", tmp_path / "a.csv.gz"
    data = table([f"C{i // 2}" for i in range(100)])
    path.write_bytes(data)
    packed.write_bytes(gzip.compress(data))
    expected = whole(lambda: detect.read(path))
    for source in (path, packed, io.BytesIO(data)):
        assert whole(lambda s=source: detect.read(s, chunk_bytes=400)) == expected


def test_copies_are_kept_on_disk_only_as_long_as_they_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    ids = [f"C{i % 50}" for i in range(100)]
    chunks = read_csv(io.BytesIO(table(ids)), size=100)
    next(chunks)
    assert len(list(tmp_path.iterdir())) == 2
    chunks.close()
    assert not list(tmp_path.iterdir())


def test_a_file_is_read_where_it_stands_unless_a_part_of_it_is_read_already(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"0123456789")
    with path.open("rb") as file, kept(file, 3) as found:
        assert found == path
    with path.open("rb") as file:
        file.read(2)
        with kept(file, 3) as found:
            assert isinstance(found, Path)
            assert found != path
            assert found.read_bytes() == b"23456789"
