"""Reader of 837P (005010X222, X222A1, X222A2): a stream of bytes to chunks of whole claims."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

import polars as pl

from cutis.model import columns as c
from cutis.model.errors import InputError
from cutis.parse import content
from cutis.parse.assemble import line_frame, typed
from cutis.parse.envelope import Envelope, strays
from cutis.parse.faults import Chunk, Counts, empty, make
from cutis.parse.interchange import Piece, pieces
from cutis.parse.loops import Loops, gather
from cutis.parse.segments import NUMBER, context, is_segment, numbered, split

CHUNK_BYTES: Final = 8 << 20


def read_837p(source: Path | BinaryIO, *, chunk_bytes: int = CHUNK_BYTES) -> Iterator[Chunk]:
    """Read claims in chunks; peak memory follows `chunk_bytes`, not the file, however large one ST is.

    Args:
        source: path or binary stream.
        chunk_bytes: bytes read at a time; the result does not depend on it.

    Yields:
        Chunks in the order of the file. Over all of them claims read + claims refused = CLM segments.

    Raises:
        InputError: the input is empty, is not X12, or holds no 837P at all.
    """
    if isinstance(source, Path):
        try:
            with source.open("rb") as stream:
                yield from _Reader().read(stream, chunk_bytes)
        except OSError as error:
            raise InputError(f"{source.name} cannot be read: {error.strerror}") from None
    else:
        yield from _Reader().read(source, chunk_bytes)


class _Reader:
    """What is carried from piece to piece."""

    def __init__(self) -> None:
        self.envelope = Envelope()
        self.carried = pl.DataFrame()
        self.segments = 0  # segments of the file before this piece
        self.claims = 0  # CLM segments before it
        self.kinds: dict[str, None] = {}  # versions of the transactions met
        self.professional = False

    def read(self, stream: BinaryIO, chunk_bytes: int) -> Iterator[Chunk]:
        for piece in pieces(stream, chunk_bytes):
            yield self._piece(piece)
        if not self.professional:
            raise InputError(_not_837p(list(self.kinds)))

    def _piece(self, piece: Piece) -> Chunk:
        own = split(piece.data, piece.delimiters)
        first = self.segments + 1
        self.segments += own.height
        numbers = pl.int_range(first, self.segments + 1, dtype=pl.UInt32, eager=True).alias(NUMBER)
        if self.carried.height:
            raw = pl.concat([self.carried.select(own.columns), own], rechunk=True)
            numbers = pl.concat([self.carried[NUMBER], numbers])
        else:
            raw = own
        carried = self.carried.height
        frame = numbered(raw, numbers)
        self.carried = context(piece, frame)
        fresh = pl.col(NUMBER) >= first
        new = frame.slice(carried)
        self.envelope.take(new)
        loops = gather(frame, piece.delimiters)
        self._note_kinds(new, loops)
        return self._chunk(piece, loops, new, fresh)

    def _note_kinds(self, new: pl.DataFrame, loops: Loops) -> None:
        sts = _count(new, "ST")
        foreign = loops.foreign.filter(pl.col(NUMBER).is_in(new[NUMBER].implode()))
        for number, version in foreign.select("e1", "version").iter_rows():
            self.kinds.setdefault(f"{number or ''} {version or ''}".strip())
        self.professional = self.professional or sts > foreign.height

    def _chunk(self, piece: Piece, loops: Loops, new: pl.DataFrame, fresh: pl.Expr) -> Chunk:
        claims = loops.claims.with_columns((pl.col("clm") - 1 + self.claims).cast(pl.UInt32).alias(c.CLAIM_INDEX))
        loops = Loops(claims, loops.lines, loops.hl, loops.names, loops.refused, loops.foreign)
        lines = typed(claims, loops.lines)
        foreign = loops.foreign.filter(fresh)
        refused = loops.refused.select(
            NUMBER,
            (pl.col("clm") - 1 + self.claims).cast(pl.UInt32).alias(c.CLAIM_INDEX),
            pl.col("e1").alias(c.CLAIM_ID),
        )
        what = pl.concat_str(["e1", "version"], separator=" ", ignore_nulls=True)
        found = [
            *content.faults(loops, lines, fresh),
            strays(new),
            make("not-a-professional-claim", foreign, pl.format("Transaction '{}' is not an 837P; it is not read.", what)),
            make("not-a-professional-claim", refused, pl.format("Claim {} stands in a transaction that is not an 837P; it is refused.", pl.col(c.CLAIM_ID).fill_null("without number"))),
        ]  # fmt: skip
        if piece.last:
            self.envelope.close(self.segments)
        found.append(self.envelope.faults())
        clm = _count(new, "CLM")
        read = claims.filter(pl.col("clm").is_in(lines["clm"].unique().implode())).height
        self.claims += clm
        kept = [f for f in found if f.height]
        return Chunk(
            lines=line_frame(lines),
            faults=pl.concat(kept).sort("segment", nulls_last=True, maintain_order=True) if kept else empty(),
            counts=Counts(
                claims_read=read,
                claims_refused=clm - read,
                clm_segments=clm,
                lines=lines.height,
                segments=new.height,
                interchanges=_count(new, "ISA"),
                groups=_count(new, "GS"),
                transactions=_count(new, "ST"),
                bytes=len(piece.data),
            ),
        )


def _count(frame: pl.DataFrame, segment: str) -> int:
    return int(frame.select(is_segment(segment).sum()).item())


def _not_837p(kinds: list[str]) -> str:
    words = {"835": "a remittance (835)", "837": "an 837 of another kind", "270": "an eligibility inquiry (270)", "271": "an eligibility response (271)",
             "276": "a claim status request (276)", "277": "a claim status response (277)", "999": "an acknowledgment (999)", "820": "a premium payment (820)",
             "810": "an invoice (810)", "834": "an enrolment (834)"}  # fmt: skip
    if not kinds:
        return "the file is X12 but holds no transaction (no ST segment)"
    number, _, version = kinds[0].partition(" ")
    what = words.get(number, f"a transaction of kind {number}")
    if number == "837":
        known = {
            "005010X223": "an institutional claim (837I)",
            "005010X224": "a dental claim (837D)",
            "004010": "an 837 of version 4010",
        }
        what = next((w for v, w in known.items() if version.startswith(v)), what)
    return f"the file is {what}, version {version or 'not stated'}, not an 837P of version 005010X222; send the professional claim file"
