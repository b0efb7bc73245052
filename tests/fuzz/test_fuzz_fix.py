"""Properties of `--fix` on random claim files: what it changes is said, what it does not say it does not change."""

import io
import random
import re
import tempfile
from pathlib import Path

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cutis.engine.options import Options
from cutis.engine.run import check
from cutis.model import columns as c
from cutis.model.finding import FixKind
from cutis.output.fix import Fixed, diff_text, edits_of, fix
from cutis.parse.interchange import BLANKS
from cutis.parse.x12_837p import read_837p
from cutis.reference.store import Reference
from cutis.rulekit.catalogue import catalogue
from tests.support.x12 import claim, file

REFERENCE = Reference.default()

MECHANICAL = tuple(sorted(n for n, r in catalogue().items() if r.fix is FixKind.MECHANICAL))
CODES = ("99213", "11102", "17000", "17003", "17110", "88305", "12031", "J3301")
MODIFIERS = ("", "25", "59", "LT", "RT", "26", "76", "XS", "é")
DX = ("L570", "D492", "B078", "C44311")
quick = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def lines(draw: st.DrawFn) -> str:
    modifiers = draw(st.lists(st.sampled_from(MODIFIERS), max_size=4))
    parts = [draw(st.sampled_from(CODES)), *modifiers]
    if draw(st.booleans()):  # a description behind the four places of modifiers
        parts += [""] * (5 - len(parts)) + [draw(st.sampled_from(["WART", "25", "LT"]))]
    pointers = draw(st.sampled_from(["1", "2", "1:2", "9"]))
    return f"{':'.join(parts)}*{draw(st.integers(0, 400))}*UN*{draw(st.sampled_from([0, 1, 2, 15]))}***{pointers}"


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """A whole file with faults of every mechanical kind, other faults, and any delimiters and line ends."""
    claims = draw(st.lists(st.lists(lines(), min_size=1, max_size=4), min_size=1, max_size=4))
    newline = draw(st.sampled_from(["", "\n", "\r\n"]))
    dx = "*".join(
        f"{'ABF' if i else 'ABK'}:{d}"
        for i, d in enumerate(draw(st.lists(st.sampled_from(DX), min_size=1, max_size=3)))
    )
    total = draw(st.sampled_from([None, "1"]))
    text = file(*(claim(f"A{i}", tuple(part), dx, total) for i, part in enumerate(claims)), newline=newline)
    for pattern in (
        r"SE\*(\d+)",
        r"SE\*\d+\*(\d+)",
        r"GE\*(\d+)",
        r"GE\*\d+\*(\d+)",
        r"IEA\*(\d+)",
        r"IEA\*\d+\*(\d+)",
    ):
        if draw(st.integers(0, 3)) == 0:
            at = re.search(pattern, text)
            assert at
            text = text[: at.start(1)] + draw(st.sampled_from(["7", "99", "000000002"])) + text[at.end(1) :]
    if draw(st.booleans()):
        text = text.replace("*", "|").replace(":", ">")
    return ("\ufeff" if draw(st.booleans()) else "").encode() + text.encode()


def fixed_of(data: bytes, options: Options) -> tuple[Fixed, str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "in.837"
        path.write_bytes(data)
        fixed = fix(path, check(path, options, REFERENCE))
        assert path.read_bytes() == data
        return fixed, diff_text(path, fixed)


def segments_of(data: bytes) -> list[bytes]:
    return data.removeprefix(b"\xef\xbb\xbf").split(b"~")


def said(diff: str) -> list[tuple[int, str, str]]:
    """Number, before and after of each segment that a diff shows."""
    rows = diff.splitlines()[2:]
    return [(int(rows[i].split()[2]), rows[i + 1][1:], rows[i + 2][1:]) for i in range(0, len(rows), 3)]


def held(data: bytes) -> tuple[pl.DataFrame, tuple[int, ...]]:
    chunks = list(read_837p(io.BytesIO(data)))
    counts = [x.counts for x in chunks]
    numbers = tuple(
        sum(getattr(n, name) for n in counts)
        for name in (
            "claims_read",
            "claims_refused",
            "clm_segments",
            "lines",
            "segments",
            "interchanges",
            "groups",
            "transactions",
        )
    )
    return pl.concat(x.lines for x in chunks), numbers


def properties(data: bytes, options: Options) -> int:
    """Hold all of them against one file; the number of segments changed."""
    fixed, diff = fixed_of(data, options)
    # the diff says precisely what changed, and every other byte is as it was
    before, after = segments_of(data), segments_of(fixed.data)
    assert len(before) == len(after)
    changed = [(i + 1, a, b) for i, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]
    assert said(diff) == [(n, a.lstrip(BLANKS).decode(), b.lstrip(BLANKS).decode()) for n, a, b in changed]
    assert data[:3] == fixed.data[:3]
    for _, a, b in changed:
        assert a[: len(a) - len(a.lstrip(BLANKS))] == b[: len(b) - len(b.lstrip(BLANKS))]
    # nothing is left to fix, and a second run changes nothing
    again, _ = fixed_of(fixed.data, options)
    assert again == Fixed((), fixed.data)
    # the same claims and lines are read; no code is touched, no modifier added, none lost but a repetition
    old, counts = held(data)
    new, counted = held(fixed.data)
    assert counts == counted
    assert old.drop(c.MODIFIERS).equals(new.drop(c.MODIFIERS))
    for was, now in zip(old.select(c.MODIFIERS).rows(), new.select(c.MODIFIERS).rows(), strict=True):
        assert list(dict.fromkeys(filter(None, was))) == list(filter(None, now))
    return len(changed)


@quick
@given(files())
def test_fix(data: bytes) -> None:
    properties(data, Options(select=(*MECHANICAL, "format")))


def test_fix_with_every_rule() -> None:
    """A day of many claims under the whole catalogue: only mechanical findings touch a byte."""
    draw = random.Random(20260715)
    claims = []
    for number in range(60):
        some = []
        for _ in range(draw.randint(1, 5)):
            modifiers = [draw.choice(MODIFIERS[1:-1]) for _ in range(draw.randint(0, 4))]
            some.append(
                ":".join([draw.choice(CODES), *modifiers]) + f"*{draw.randint(20, 400)}*UN*{draw.randint(1, 15)}***1"
            )
        claims.append(claim(f"A{number}", tuple(some), f"ABK:{draw.choice(DX)}"))
    data = file(*claims).replace("SE*", "SE*1").encode()
    assert properties(data, Options()) > 10


def test_edits_come_from_mechanical_findings_alone() -> None:
    report = check(Path(__file__).parents[2] / "examples" / "clinic_day.837", Options(), REFERENCE)
    with_edits = report.findings.filter(pl.col("edits").list.len() > 0)["rule"].unique().to_list()
    assert set(with_edits) <= set(MECHANICAL)
    assert edits_of(report)
