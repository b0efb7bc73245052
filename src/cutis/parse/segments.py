"""Bytes to a segment frame: one CSV pass with the file's own delimiters, then running numbers for loops."""

from typing import Final

import polars as pl

from cutis.parse.interchange import Delimiters, Piece

ELEMENTS: Final = 17
"""Elements kept of a segment (its identifier counted): ISA has the most that anything here reads."""

ID: Final = "id"
NUMBER: Final = "segment"

# Every segment an 837P may hold; the place in the list is the number of the segment in the Enum.
KNOWN: Final = (
    "ISA", "GS", "ST", "BHT", "NM1", "N2", "N3", "N4", "PER", "HL", "PRV", "CUR", "REF", "SBR", "PAT", "DMG", "CLM",
    "DTP", "PWK", "CN1", "AMT", "K3", "NTE", "CR1", "CR2", "CR3", "CRC", "HI", "HCP", "CAS", "OI", "MOA", "LX", "SV1",
    "SV5", "QTY", "MEA", "PS1", "LIN", "CTP", "SVD", "LQ", "FRM", "SE", "GE", "IEA", "TA1",
)  # fmt: skip
_ENUM: Final = pl.Enum(KNOWN)
E = tuple(f"e{i}" for i in range(ELEMENTS))
_BLANK: Final = (b"\n", b"\r", b"\t", b"\x00", b"\x1a")
_SCHEMA: Final = dict.fromkeys(E, pl.String)


def split(data: bytes, delimiters: Delimiters) -> pl.DataFrame:
    """All segments of the bytes as columns `e0` (identifier) to `e16`; empty elements are null.

    Blank segments (line ends between terminators) are left out.
    """
    if not data.strip():
        return pl.DataFrame(schema=_SCHEMA)
    frame = pl.read_csv(
        data,
        separator=delimiters.element,
        eol_char=delimiters.segment,
        has_header=False,
        quote_char=None,
        schema=_SCHEMA,
        truncate_ragged_lines=True,
        extra_columns="ignore",
        missing_columns="insert",
        encoding="utf8-lossy",
    ).rechunk()  # one chunk a column: filters by segment are ten times faster
    if any(blank in data for blank in _BLANK):
        frame = frame.with_columns(pl.col("e0").str.strip_chars(" \t\r\n\x00\x1a"))
    empty = frame["e0"].is_null() | (frame["e0"] == "")
    return frame.filter(~empty) if empty.any() else frame


def is_segment(*names: str) -> pl.Expr:
    """True on segments with one of these identifiers; compares numbers, not strings."""
    number = pl.col(ID).to_physical()
    return pl.any_horizontal(number.eq_missing(KNOWN.index(n)) for n in names)


def numbered(frame: pl.DataFrame, numbers: pl.Series) -> pl.DataFrame:
    """The segment frame with its numbers in the file and the loop ordinals that everything else groups by.

    Added columns: `id` (Enum; null for an unknown segment), `segment` (UInt32, 1-based in the file), and ordinals that
    count up at each ST, HL, CLM, LX and NM1: `st`, `hl`, `clm`, `lx`, `nm1` (UInt32, 0 before the first), and the
    Boolean `in_claim`, `in_line` and `in_other` (within 2300, within 2400, within 2320).
    """
    kind = pl.col("e0").cast(_ENUM, strict=False)
    base = frame.with_columns(kind.alias(ID), numbers.alias(NUMBER)).with_row_index("row")
    starts = {"st": "ST", "hl": "HL", "clm": "CLM", "lx": "LX", "nm1": "NM1"}
    is_ = {name: is_segment(seg) for name, seg in starts.items()}
    row = pl.col("row").cast(pl.Int64)

    def last_at(condition: pl.Expr) -> pl.Expr:
        return pl.when(condition).then(row).forward_fill().fill_null(-1)

    ends = is_segment("HL", "ST", "SE")
    counted = base.with_columns(
        *(expr.cum_sum().cast(pl.UInt32).alias(name) for name, expr in is_.items()),
        last_at(is_["clm"]).alias("_clm"),
        last_at(ends).alias("_end"),
        last_at(is_["lx"]).alias("_lx"),
        last_at(is_segment("SBR")).alias("_sbr"),
    )
    in_claim = pl.col("_clm") > pl.col("_end")
    in_line = in_claim & (pl.col("_lx") > pl.col("_clm"))
    in_other = in_claim & ~in_line & (pl.col("_sbr") > pl.col("_clm"))
    return counted.with_columns(in_claim.alias("in_claim"), in_line.alias("in_line"), in_other.alias("in_other")).drop(
        "_clm", "_end", "_lx", "_sbr", "row"
    )


def context(piece: Piece, frame: pl.DataFrame) -> pl.DataFrame:
    """The segments of a piece that the next piece of the same delimiters needs before its own.

    These are the open ISA, GS and ST and the open loops of billing provider, subscriber and patient, without claims.
    """
    if piece.last or frame.is_empty():
        return frame.clear()
    rows = frame.select(ID, "e3", "in_claim").with_row_index("row")
    level = pl.col("e3")

    def last(condition: pl.Expr) -> int:
        hit = rows.filter(condition)["row"]
        return int(hit[-1]) if hit.len() else -1

    is_hl = is_segment("HL")
    isa, gs, st, se = (last(is_segment(s)) for s in ("ISA", "GS", "ST", "SE"))
    wanted = {i for i in (isa, gs) if i >= 0}
    if st >= 0 and st > se:
        wanted.add(st)
        start = max(st, 0)
        for code in ("20", "22", "23"):
            at = last(is_hl & (level == code))
            if at <= start:
                continue
            start = at
            loop = rows.filter(pl.col("row") >= at, ~pl.col("in_claim"))
            end = loop.filter(is_hl & (pl.col("row") > at))["row"]
            stop = int(end[0]) if end.len() else rows.height
            wanted.update(loop.filter(pl.col("row") < stop)["row"])
    return frame[sorted(wanted)]
