"""HI segments to the diagnoses of each claim."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from cutis.model import columns as c
from cutis.parse.elements import Elements, Ints, word
from cutis.parse.ordinals import first_of_each
from cutis.parse.segments import Segments

MAX_DIAGNOSES: Final = 12
DX_QUALIFIERS: Final = ("ABK", "ABF", "BK", "BF")
DX: Final = tuple(f"dx{i}" for i in range(1, MAX_DIAGNOSES + 1))
_SEEN: Final = MAX_DIAGNOSES + 1  # elements of a segment: one more, to see that there are too many


@dataclass(frozen=True, slots=True)
class Diagnoses:
    """Diagnoses of the claims that have an HI.

    Attributes:
        claims: one row a claim: `clm`, `hi_segment` (number of its first HI), `dx_at` (its row in `sets`).
        sets: diagnoses in order as `dx1` to `dx12`, how many (`dx_count`, at most 13), and all of them as `claim_dx`.
    """

    claims: pl.DataFrame
    sets: pl.DataFrame


def diagnoses(segments: Segments) -> Diagnoses:
    """The diagnoses of a piece's claims; what is no ICD-10-CM diagnosis in an HI is left out and closed up."""
    rows = segments.within(segments.kept("HI"), "in_claim")
    clm = segments.standing.at(rows, "clm")
    first = first_of_each(clm)
    once = bool(first.all())
    read = segments.marks.read(rows, repeated=once)
    code, segment = _codes(read.different)
    which = np.arange(len(rows), dtype=np.uint32) if read.which is None else read.which
    if not once:
        # several HI of a claim are read on as one
        claim = np.cumsum(first, dtype=np.uint32) - 1
        segment, which = claim[segment], np.arange(np.count_nonzero(first), dtype=np.uint32)
    claims = pl.DataFrame({"clm": clm[first], c.HI_SEGMENT: segments.number[rows[first]], "dx_at": which})
    return Diagnoses(claims, _sets(code, segment, len(read.different) if once else claims.height))


def _codes(segments: Elements) -> tuple[pl.Series, Ints]:
    """The codes that are diagnoses, one after the other, and the segment of each."""
    segment, qualifier, start, size = segments.pairs(_SEEN)
    kept = np.isin(qualifier, [word(q) for q in DX_QUALIFIERS])
    span = (start[kept], size[kept], np.ones(np.count_nonzero(kept), dtype=bool))
    return segments.cut({"code": span}, len(span[0]))["code"].str.to_uppercase(), segment[kept]


def _sets(code: pl.Series, owner: Ints, height: int) -> pl.DataFrame:
    """Codes side by side, a row an owner; owners stand together."""
    count = np.bincount(owner, minlength=height)
    place = np.arange(len(owner)) - (np.cumsum(count) - count)[owner]
    columns = []
    for number, name in enumerate(DX):
        here = np.flatnonzero(place == number)
        if not len(here):
            columns.append(pl.Series(name, [None], dtype=pl.String).new_from_index(0, height))
            continue
        at = np.full(height, -1, dtype=np.int32)
        at[owner[here]] = here
        rows = pl.Series(at)
        columns.append(code.gather(rows.set(rows < 0, None)).alias(name))
    used = [s.name for s in columns if s.null_count() < height]
    joined = pl.concat_str(used, separator=" ", ignore_nulls=True) if used else pl.lit("")
    return pl.DataFrame(columns).with_columns(
        pl.Series("dx_count", np.minimum(count, _SEEN).astype(np.uint32)), joined.alias(c.CLAIM_DX)
    )
