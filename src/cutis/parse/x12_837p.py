"""Reader of 837P (005010X222, X222A1, X222A2): a stream of bytes to chunks of whole claims."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
import polars as pl

from cutis.model import columns as c
from cutis.model.errors import InputError
from cutis.parse import content
from cutis.parse.assemble import Lines, typed
from cutis.parse.envelope import Envelope, strays
from cutis.parse.faults import Chunk, Counts, empty, make
from cutis.parse.interchange import Delimiters, Piece, Pieces
from cutis.parse.loops import Loops, gather
from cutis.parse.ordinals import first_of_each
from cutis.parse.segments import NUMBER, Carried, Segments, carry, locate

CHUNK_BYTES: Final = 12 << 20
WORKERS: Final = 2  # pieces gathered at a time


def read_837p(
    source: Path | BinaryIO, *, chunk_bytes: int = CHUNK_BYTES, with_references: bool = False
) -> Iterator[Chunk]:
    """Read claims in chunks; peak memory follows `chunk_bytes`, not the file, however large one ST is.

    Args:
        source: path or binary stream.
        chunk_bytes: bytes read at a time; the result does not depend on it.
        with_references: give each chunk every REF, NTE and K3 beside its lines.

    Yields:
        Chunks in the order of the file. Over all of them claims read + claims refused = CLM segments.

    Raises:
        InputError: the input is empty, is not X12, or holds no 837P or no claim at all.
    """
    if isinstance(source, Path):
        try:
            with source.open("rb") as stream:
                yield from _Reader(with_references=with_references).read(stream, chunk_bytes)
        except OSError as error:
            raise InputError(f"{source.name} cannot be read: {error.strerror}") from None
    else:
        yield from _Reader(with_references=with_references).read(source, chunk_bytes)


@dataclass(frozen=True, slots=True)
class _Located:
    """A piece whose segments are found: what is left to do with it depends on no other piece."""

    piece: Piece
    segments: Segments
    first: int  # number of its first own segment
    claims: int  # CLM segments of the file before it
    envelope: pl.DataFrame  # faults of the envelope
    with_references: bool


class _Reader:
    """What is carried from piece to piece."""

    def __init__(self, *, with_references: bool = False) -> None:
        self.with_references = with_references
        self.envelope = Envelope()
        self.carried = Carried()
        self.claims = 0  # CLM segments so far
        self.kinds: dict[str, None] = {}  # versions of the transactions met
        self.professional = False

    def read(self, stream: BinaryIO, chunk_bytes: int) -> Iterator[Chunk]:
        # finding segments goes from piece to piece; gathering claims of two pieces goes side by side
        waiting: deque[Future[tuple[Chunk, list[str], bool]]] = deque()
        with ThreadPoolExecutor(WORKERS, thread_name_prefix="cutis-gather") as pool:
            for located in self._located(stream, chunk_bytes):
                waiting.append(pool.submit(_gathered, located))
                if len(waiting) > WORKERS:
                    yield self._done(waiting.popleft())
            while waiting:
                yield self._done(waiting.popleft())
        if not self.professional:
            raise InputError(_not_837p(list(self.kinds)))
        if not self.claims:
            raise InputError("the file is an 837P with no claim in it (no CLM segment); nothing could be checked")

    def _located(self, stream: BinaryIO, chunk_bytes: int) -> Iterator[_Located]:
        before: Delimiters | None = None
        cutter = Pieces(stream, chunk_bytes)
        for piece in cutter:
            carried = self.carried
            if before is not None and piece.delimiters != before:
                # another interchange with other delimiters: nothing above it is open any more
                carried = Carried(last=carried.last)
            segments = locate(piece.data, piece.delimiters, carried)
            if segments.marks.opens_again(segments.carried) and cutter.turn_back(piece):
                continue
            before = piece.delimiters
            first = carried.last + 1
            self.carried = carry(segments, piece.delimiters)
            self.envelope.take(segments)
            if piece.last:
                self.envelope.close(self.carried.last)
            faults = self.envelope.faults()
            yield _Located(piece, segments, first, self.claims, faults, self.with_references)
            self.claims += segments.count("CLM")

    def _done(self, future: "Future[tuple[Chunk, list[str], bool]]") -> Chunk:
        chunk, kinds, professional = future.result()
        self.kinds |= dict.fromkeys(kinds)
        self.professional = self.professional or professional
        return chunk


def _gathered(located: _Located) -> tuple[Chunk, list[str], bool]:
    """The chunk of a piece, the kinds of transactions in it that are no 837P, and whether one is."""
    segments = located.segments
    loops = gather(segments)
    foreign = loops.foreign.filter(pl.col(NUMBER) >= located.first)
    kinds = [f"{n or ''} {v or ''}".strip() for n, v in foreign.select("e1", "version").iter_rows()]
    return _chunk(located, loops), kinds, segments.count("ST") > foreign.height


def _chunk(located: _Located, loops: Loops) -> Chunk:
    segments, fresh = located.segments, pl.col(NUMBER) >= located.first
    index = (pl.col("clm") - 1 + located.claims).cast(pl.UInt32).alias(c.CLAIM_INDEX)
    claims = loops.claims.with_columns(index)
    loops = replace(loops, claims=claims)
    lines = typed(loops)
    clm = segments.count("CLM")
    read = int(np.count_nonzero(first_of_each(lines.ordinals["clm"].to_numpy())))
    found = [
        *content.faults(loops, lines, fresh),
        *strays(segments, loops.foreign["st"]),
        *_foreign(loops, fresh, index),
        located.envelope,
    ]
    kept = [f for f in found if f.height]
    return Chunk(
        lines=lines.frame,
        faults=pl.concat(kept).sort("segment", nulls_last=True, maintain_order=True) if kept else empty(),
        counts=Counts(
            claims_read=read,
            claims_refused=clm - read,
            clm_segments=clm,
            lines=lines.frame.height,
            segments=len(segments.kind) - segments.carried,
            interchanges=segments.count("ISA"),
            groups=segments.count("GS"),
            transactions=segments.count("ST"),
            bytes=len(located.piece.data),
        ),
        references=_references(located, loops, lines),
    )


def _references(located: _Located, loops: Loops, lines: Lines) -> pl.DataFrame | None:
    if not located.with_references:
        return None
    from cutis.parse.references import references  # noqa: PLC0415 - a check does not ask for them

    return references(located.segments, loops, lines, located.first)


def _foreign(loops: Loops, fresh: pl.Expr, index: pl.Expr) -> list[pl.DataFrame]:
    """Transactions that are no 837P, and each claim in them."""
    refused = loops.refused.select(NUMBER, index, pl.col("e1").alias(c.CLAIM_ID))
    what = pl.concat_str(["e1", "version"], separator=" ", ignore_nulls=True)
    name = pl.col(c.CLAIM_ID).fill_null("without number")
    said = pl.format("Transaction '{}' is not an 837P; it is not read.", what)
    claim = pl.format("Claim {} stands in a transaction that is not an 837P; it is refused.", name)
    return [
        make("not-a-professional-claim", loops.foreign.filter(fresh), said),
        make("not-a-professional-claim", refused, claim),
    ]


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
