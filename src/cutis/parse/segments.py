"""Bytes to segments: where each begins and what it is, in arrays; elements are split only for segments that are read."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from cutis.parse.interchange import BLANKS, Delimiters

NUMBER: Final = "segment"
ID: Final = "id"

# Every segment an 837P may hold.
KNOWN: Final = (
    "ISA", "GS", "ST", "BHT", "NM1", "N2", "N3", "N4", "PER", "HL", "PRV", "CUR", "REF", "SBR", "PAT", "DMG", "CLM",
    "DTP", "PWK", "CN1", "AMT", "K3", "NTE", "CR1", "CR2", "CR3", "CRC", "HI", "HCP", "CAS", "OI", "MOA", "LX", "SV1",
    "SV5", "QTY", "MEA", "PS1", "LIN", "CTP", "SVD", "LQ", "FRM", "SE", "GE", "IEA", "TA1",
)  # fmt: skip
# Elements read of each segment (their highest number); gathering no more is what keeps the reader fast.
READ: Final = {
    "HL": 3, "NM1": 9, "N4": 3, "DMG": 3, "PRV": 3, "SBR": 9, "CLM": 5, "REF": 2, "NTE": 2, "K3": 1, "HI": 12, "DTP": 3,
    "SV1": 7, "LIN": 3, "GS": 8, "ST": 3, "ISA": 13, "SE": 2, "GE": 2, "IEA": 2,
}  # fmt: skip

# Qualifiers of REF that are read: prior authorization and CLIA number.
REFERENCES: Final = ("G1", "X4")

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def _code(name: str) -> int:
    """An identifier of two or three characters as one number."""
    padded = name.ljust(3, "\0").encode()
    return (padded[0] << 16) | (padded[1] << 8) | padded[2]


_CODES: Final = {name: _code(name) for name in KNOWN}


@dataclass(frozen=True, slots=True)
class Segments:
    """Segments of a piece with the segments carried over from the piece before at their head.

    Attributes:
        text: each segment as a string, without terminator.
        code: identifier as a number; 0 where it is none that an 837P may hold.
        number: 1-based number in the file.
        carried: how many at the head belong to the piece before.
        st, hl, clm, lx, nm1: ordinals that count up at each such segment, 0 before the first.
        in_claim, in_line, in_other: within 2300, within 2400, within 2320.
        keep: false within transactions that are no 837P.
        element: the element delimiter.
        end: the segment terminator.
    """

    text: pl.Series
    code: npt.NDArray[np.uint32]
    number: npt.NDArray[np.uint32]
    carried: int
    st: Ints
    hl: Ints
    clm: Ints
    lx: Ints
    nm1: Ints
    in_claim: Bools
    in_line: Bools
    in_other: Bools
    keep: Bools
    element: str
    end: str

    def rows(self, *names: str) -> Ints:
        """Places of the segments with one of these identifiers, in order."""
        hit = self.code == _CODES[names[0]]
        for name in names[1:]:
            hit |= self.code == _CODES[name]
        return np.flatnonzero(hit)

    def count(self, name: str) -> int:
        """How many of this piece's own segments are of a kind."""
        return int(np.count_nonzero(self.code[self.carried :] == _CODES[name]))

    def at(self, rows: Ints, elements: int) -> pl.DataFrame:
        """Elements `e0` to `eN` of the segments at `rows`, empty ones null, with their ordinals and places."""
        place = {
            "st": self.st, "hl": self.hl, "clm": self.clm, "lx": self.lx, "nm1": self.nm1,
        }  # fmt: skip
        columns = [pl.Series(n, a[rows].astype(np.uint32)) for n, a in place.items()]
        columns += [pl.Series(n, getattr(self, n)[rows]) for n in ("in_claim", "in_line", "in_other")]
        columns += [pl.Series(NUMBER, self.number[rows])]
        text = self.text.gather(pl.Series(rows.astype(np.uint32)))
        return _split(text, self.element, self.end, elements).hstack(columns)

    def of(self, name: str) -> pl.DataFrame:
        """The segments of a kind within 837P transactions; of REF only those that are read."""
        rows = self.rows(name)
        rows = rows[self.keep[rows]]
        if name == "REF" and len(rows):
            text = self.text.gather(pl.Series(rows.astype(np.uint32)))
            starts = [text.str.starts_with(f"REF{self.element}{q}{self.element}") for q in REFERENCES]
            rows = rows[(starts[0] | starts[1]).to_numpy()]
        return self.at(rows, READ[name])


def _split(text: pl.Series, element: str, end: str, most: int) -> pl.DataFrame:
    """Split segments at the element delimiter by one pass of the CSV reader over them alone."""
    schema = {f"e{i}": pl.String for i in range(most + 1)}
    if text.is_empty():
        return pl.DataFrame(schema=schema)
    lines = text.str.join(end).item().encode()
    frame = pl.read_csv(
        lines,
        separator=element,
        eol_char=end,
        has_header=False,
        quote_char=None,
        schema=schema,
        truncate_ragged_lines=True,
        extra_columns="ignore",
        missing_columns="insert",
    )
    return frame.rechunk()


def locate(data: bytes, delimiters: Delimiters, before: "Carried") -> Segments:
    """Find the segments of a piece.

    Args:
        data: bytes of the piece.
        delimiters: of the piece.
        before: what the piece before left open.
    """
    end = delimiters.segment.encode("latin-1")
    body = data.rstrip(BLANKS)
    if body and not body.endswith(end):
        body += end
    whole = before.data + body
    text, starts, stops = _pieces(whole, end)
    raw = np.frombuffer(whole, np.uint8)
    code = _identify(raw, starts, stops, delimiters.element)
    fresh = np.arange(before.last + 1, before.last + 1 + len(code) - len(before.numbers), dtype=np.uint32)
    numbers = np.concatenate([before.numbers, fresh])
    return _with_ordinals(text, code, numbers, len(before.numbers), delimiters)


def _pieces(whole: bytes, end: bytes) -> tuple[pl.Series, Ints, Ints]:
    """Segments as strings with where each starts and stops; blank ones are left out."""
    raw = np.frombuffer(whole, np.uint8)
    stops = np.flatnonzero(raw == end[0])
    starts = np.concatenate([np.zeros(1, np.int64), stops[:-1] + 1]) if len(stops) else stops
    blanks = np.zeros(256, dtype=bool)
    blanks[list(BLANKS)] = True
    blanks[end[0]] = False
    while len(starts) and (lead := blanks[raw[np.minimum(starts, len(raw) - 1)]] & (starts < stops)).any():
        starts = starts + lead
    filled = starts < stops
    if not filled.all():
        kept = [whole[a:b] for a, b in zip(starts[filled].tolist(), stops[filled].tolist(), strict=True)]
        return _pieces(end.join(kept) + end if kept else b"", end)[0], starts[filled], stops[filled]
    if not len(stops):
        return pl.Series("s", [], dtype=pl.String), starts, stops
    frame = pl.read_csv(
        whole,
        separator=next(chr(b) for b in range(1, 128) if bytes((b,)) not in whole),
        eol_char=end.decode("latin-1"),
        has_header=False,
        quote_char=None,
        schema={"s": pl.String},
        encoding="utf8-lossy",
    )
    text = frame["s"].rechunk()
    if (starts[1:] > stops[:-1] + 1).any() or starts[0] > 0:
        text = text.str.strip_chars_start(BLANKS.decode())
    return text, starts, stops


def _identify(raw: npt.NDArray[np.uint8], starts: Ints, stops: Ints, element: str) -> npt.NDArray[np.uint32]:
    """Identifiers as numbers; 0 where the characters before the first delimiter are none that are known."""
    if not len(starts):
        return np.zeros(0, np.uint32)
    separator = ord(element)
    last = len(raw) - 1
    b0, b1, b2, b3 = (raw[np.minimum(starts + i, last)].astype(np.uint32) for i in range(4))
    length = stops - starts
    two = (length == 2) | ((length > 2) & (b2 == separator))
    three = ~two & ((length == 3) | ((length > 3) & (b3 == separator)))
    code = (b0 << 16) | (b1 << 8) | np.where(two, 0, b2).astype(np.uint32)
    known = np.isin(code, np.fromiter(_CODES.values(), np.uint32)) & (two | three)
    return np.where(known, code, 0).astype(np.uint32)


def _with_ordinals(
    text: pl.Series, code: npt.NDArray[np.uint32], numbers: npt.NDArray[np.uint32], carried: int, delimiters: Delimiters
) -> Segments:
    is_ = {name: code == _CODES[name] for name in ("ST", "SE", "HL", "CLM", "LX", "NM1", "SBR")}
    ordinal = {name: np.cumsum(is_[name], dtype=np.int64) for name in ("ST", "HL", "CLM", "LX", "NM1")}
    row = np.arange(1, len(code) + 1, dtype=np.int64)

    def last(mask: Bools) -> Ints:
        return np.maximum.accumulate(np.where(mask, row, 0)) if len(row) else row

    clm, lx = last(is_["CLM"]), last(is_["LX"])
    in_claim = clm > last(is_["HL"] | is_["ST"] | is_["SE"])
    in_line = in_claim & (lx > clm)
    in_other = in_claim & ~in_line & (last(is_["SBR"]) > clm)
    return Segments(
        text, code, numbers, carried, ordinal["ST"], ordinal["HL"], ordinal["CLM"], ordinal["LX"], ordinal["NM1"],
        in_claim, in_line, in_other, np.ones(len(code), dtype=bool), delimiters.element, delimiters.segment,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Carried:
    """The open ISA, GS and ST and the open loops of billing provider, subscriber and patient, without claims."""

    data: bytes = b""
    numbers: npt.NDArray[np.uint32] = field(default_factory=lambda: np.zeros(0, np.uint32))
    last: int = 0


def carry(segments: Segments, delimiters: Delimiters) -> Carried:
    """What the next piece of the same delimiters needs before its own segments."""
    last = int(segments.number[-1]) if len(segments.number) else 0
    wanted: set[int] = set()

    def latest(name: str) -> int:
        rows = segments.rows(name)
        return int(rows[-1]) if len(rows) else -1

    isa, gs, st, se = (latest(n) for n in ("ISA", "GS", "ST", "SE"))
    wanted.update(i for i in (isa, gs) if i >= 0)
    if st >= 0 and st > se:
        wanted.add(st)
        loops = segments.rows("HL")
        loops = loops[loops > st]
        levels = segments.at(loops, 3)["e3"].to_list() if len(loops) else []
        start = st
        for level in ("20", "22", "23"):
            hits = [int(r) for r, found in zip(loops, levels, strict=True) if found == level and r > start]
            if not hits:
                continue
            start = hits[-1]
            after = loops[loops > start]
            stop = int(after[0]) if len(after) else len(segments.code)
            wanted.update(r for r in range(start, stop) if not segments.in_claim[r])
    rows = np.array(sorted(wanted), dtype=np.int64)
    kept = segments.text.gather(pl.Series(rows.astype(np.uint32))).to_list()
    end = delimiters.segment
    data = "".join(s + end for s in kept).encode("utf-8", errors="replace")
    return Carried(data, segments.number[rows].astype(np.uint32), last)
