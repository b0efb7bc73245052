"""Reader of 835 (005010X221, X221A1): what payers answered, as frames, with everything that does not add up named."""

import gzip
import io
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import polars as pl

from cutis.model import columns as c
from cutis.model import remittance as r
from cutis.model.errors import InputError
from cutis.parse import remit_faults
from cutis.parse.envelope import ENVELOPE, Envelope
from cutis.parse.faults import empty
from cutis.parse.interchange import BLANKS, pieces
from cutis.parse.remit_loops import Loops, Rows, gather
from cutis.parse.segments import NUMBER

KEYS: Final = ("st", "clp", "svc")


@dataclass(frozen=True, slots=True)
class RemittanceCounts:
    """What was read. `claims_read + claims_refused == clp_segments`, always."""

    payments: int = 0
    claims_read: int = 0
    claims_refused: int = 0
    clp_segments: int = 0
    lines: int = 0
    adjustments: int = 0
    segments: int = 0
    bytes: int = 0

    def __add__(self, other: "RemittanceCounts") -> "RemittanceCounts":
        """Sum of two parts of one input."""
        return RemittanceCounts(*(getattr(self, n) + getattr(other, n) for n in self.__slots__))


@dataclass(frozen=True, slots=True)
class Remittance:
    """An 835 as read.

    Attributes:
        lines: `REMITTANCE_SCHEMA`, one row a service line, or one a claim that was answered as a whole.
        adjustments: `ADJUSTMENT_SCHEMA`, one row an adjustment.
        payments: `PAYMENT_SCHEMA`, one row a check or transfer.
        provider: `PROVIDER_ADJUSTMENT_SCHEMA`, one row an adjustment of the payment as a whole (PLB).
        faults: `FAULT_SCHEMA`; `segment` is the number of the segment in the file.
        counts: of the whole input.
    """

    lines: pl.DataFrame
    adjustments: pl.DataFrame
    payments: pl.DataFrame
    provider: pl.DataFrame
    faults: pl.DataFrame
    counts: RemittanceCounts


def read_835(source: Path | bytes, name: str = "the input") -> Remittance:
    """Read a remittance file, gzipped or not. It is read whole: an 835 holds a day's answers, not years of claims.

    Args:
        source: path or bytes.
        name: of the input, for messages, where bytes are given.

    Raises:
        InputError: there is no such file, it is empty, is not X12 or holds no 835 at all.
    """
    if isinstance(source, Path):
        try:
            return read_835(source.read_bytes(), source.name)
        except FileNotFoundError:
            raise InputError(f"there is no file {source}") from None
        except IsADirectoryError:
            raise InputError(f"{source} is a directory; name a remittance file") from None
        except OSError as error:
            raise InputError(f"{source.name} cannot be read: {error.strerror or error}") from None
    data = _plain(source, name)
    if not data.removeprefix(b"\xef\xbb\xbf").lstrip(BLANKS):
        raise InputError(f"{name} is empty")
    try:
        parts, kinds = _read(data)
    except InputError as error:
        raise InputError(str(error).replace("the input", name, 1)) from None
    if not any(p.counts.payments for p in parts):
        what = f"it holds {', '.join(dict.fromkeys(kinds))}" if kinds else "it holds no transaction"
        raise InputError(f"{name} is no remittance (835 of version 005010X221): {what}")
    return _joined(parts)


def is_835(head: bytes) -> bool:
    """Whether the first bytes of an input look like an X12 file of remittances (GS01 is HP)."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip(BLANKS)
    if start[:3] != b"ISA" or len(start) < 120:
        return False
    group = start[106:400].lstrip(BLANKS)
    return group[:2] == b"GS" and group[2:3] == start[3:4] and group[3:5] == b"HP"


def _plain(data: bytes, name: str) -> bytes:
    if data[:2] != b"\x1f\x8b":
        return data
    try:
        return gzip.decompress(data)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise InputError(f"{name} is a damaged gzip file; send it again") from None


def _read(data: bytes) -> tuple[list[Remittance], list[str]]:
    envelope, parts, kinds = Envelope(), list[Remittance](), list[str]()
    before, offsets = 0, dict.fromkeys(KEYS, 0)
    for piece in pieces(io.BytesIO(data), len(data) + 1):
        rows = Rows(piece.data, piece.delimiters, before)
        before += len(rows.text)
        for at in rows.of(*ENVELOPE, elements=13).select("e0", "e1", "e2", "e6", "e13", NUMBER).iter_rows():
            envelope.step(*at)
        if piece.last:
            envelope.close(before)
        loops = gather(rows, piece.delimiters)
        kinds += [f"{n or ''} {v or ''}".strip() for n, v in loops.foreign.select("e1", "version").iter_rows()]
        found = [*remit_faults.faults(loops), envelope.faults()]
        part = _part(_numbered(loops, offsets), found)
        counts = replace(part.counts, segments=len(rows.text), bytes=len(piece.data))
        parts.append(replace(part, counts=counts))
        for key, name in (("st", "ST"), ("clp", "CLP"), ("svc", "SVC")):
            offsets[key] += rows.count(name)
    return parts, kinds


def _numbered(loops: Loops, offsets: dict[str, int]) -> Loops:
    """Ordinals counted over the whole file, not over one interchange."""

    def moved(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.with_columns((pl.col(k) + offsets[k]).cast(pl.UInt32) for k in KEYS if k in frame.columns)

    return replace(
        loops, heads=moved(loops.heads), claims=moved(loops.claims), services=moved(loops.services),
        adjustments=moved(loops.adjustments), provider=moved(loops.provider), remarks=moved(loops.remarks),
    )  # fmt: skip


def _shaped(frame: pl.DataFrame, schema: dict[str, pl.DataType], renamed: dict[str, str]) -> pl.DataFrame:
    return frame.rename(renamed).select(pl.col(n).cast(t).alias(n) for n, t in schema.items())


def _part(loops: Loops, found: list[pl.DataFrame]) -> Remittance:
    kept = [f for f in found if f.height]
    lines = _lines(loops)
    names = {"st": r.PAYMENT, "clp": r.CLAIM, "svc": r.SERVICE}
    pay = {"st": r.PAYMENT}
    return Remittance(
        lines=lines,
        adjustments=_shaped(loops.adjustments, r.ADJUSTMENT_SCHEMA, names),
        payments=_shaped(remit_faults.totals(loops), r.PAYMENT_SCHEMA, pay),
        provider=_shaped(loops.provider, r.PROVIDER_ADJUSTMENT_SCHEMA, pay),
        faults=pl.concat(kept) if kept else empty(),
        counts=RemittanceCounts(
            payments=loops.heads.height,
            claims_read=loops.claims.height,
            claims_refused=loops.refused.height,
            clp_segments=loops.claims.height + loops.refused.height,
            lines=loops.services.height,
            adjustments=loops.adjustments.height,
        ),
    )


def _lines(loops: Loops) -> pl.DataFrame:
    services = loops.services.drop("st").rename({NUMBER: "line_segment"})
    joined = loops.claims.join(services, on="clp", how="left", maintain_order="left_right")
    joined = joined.join(
        loops.heads.select("st", "trace", "payer", "payee_npi", r.PAID_ON), on="st", how="left", maintain_order="left"
    )
    entry = pl.struct("group", "carc", "cents", "quantity")
    own = (
        loops.adjustments.filter(pl.col("svc").is_not_null())
        .group_by("svc", maintain_order=True)
        .agg(entry.alias(r.ADJUSTMENTS))
    )
    whole = (
        loops.adjustments.filter(pl.col("svc").is_null())
        .group_by("clp", maintain_order=True)
        .agg(entry.alias(r.CLAIM_ADJUSTMENTS))
    )
    said = (
        loops.remarks.filter(pl.col("svc").is_not_null())
        .group_by("svc", maintain_order=True)
        .agg(pl.col("remark").alias("own"))
    )
    told = (
        loops.remarks.filter(pl.col("svc").is_null())
        .group_by("clp", maintain_order=True)
        .agg(pl.col("remark").alias("told"))
    )
    for table, key in ((own, "svc"), (whole, "clp"), (said, "svc"), (told, "clp")):
        joined = joined.join(table, on=key, how="left", maintain_order="left")
    texts = pl.lit([], dtype=pl.List(pl.String))
    unpaid = pl.col("svc").is_not_null() & pl.col("paid_text_right").is_null()
    full = joined.with_columns(
        pl.coalesce(c.SERVICE_FROM, "claim_from").alias(c.SERVICE_FROM),
        pl.coalesce(c.SERVICE_TO, c.SERVICE_FROM, "claim_to", "claim_from").alias(c.SERVICE_TO),
        pl.concat_list(pl.col("own").fill_null(texts), pl.col("told").fill_null(texts)).alias(r.REMARKS),
        pl.when(unpaid).then(pl.lit(0, dtype=pl.Int64)).otherwise(pl.col(r.PAID)).alias(r.PAID),
        *(pl.col(n).fill_null(pl.lit([], dtype=pl.List(r.ADJUSTMENT))) for n in (r.ADJUSTMENTS, r.CLAIM_ADJUSTMENTS)),
        pl.coalesce("line_segment", NUMBER).alias(NUMBER),
    )
    return _shaped(full, r.REMITTANCE_SCHEMA, {"st": r.PAYMENT, "clp": r.CLAIM, "svc": r.SERVICE})


def _joined(parts: list[Remittance]) -> Remittance:
    def together(name: str) -> pl.DataFrame:
        frames: list[pl.DataFrame] = [getattr(p, name) for p in parts]
        return pl.concat(frames)

    return Remittance(
        together("lines"), together("adjustments"), together("payments"), together("provider"),
        together("faults").sort("segment", nulls_last=True, maintain_order=True),
        sum((p.counts for p in parts), RemittanceCounts()),
    )  # fmt: skip
