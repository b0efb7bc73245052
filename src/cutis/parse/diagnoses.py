"""HI segments to the diagnoses of each claim."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from cutis.model import columns as c
from cutis.parse.elements import Elements, Words
from cutis.parse.ordinals import first_of_each
from cutis.parse.segments import Segments

MAX_DIAGNOSES: Final = 12
DX_QUALIFIERS: Final = ("ABK", "ABF", "BK", "BF")
DX: Final = tuple(f"dx{i}" for i in range(1, MAX_DIAGNOSES + 1))
_SEEN: Final = (*DX, f"dx{MAX_DIAGNOSES + 1}")  # one more, to see that there are too many


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
    rows = segments.kept("HI")
    rows = rows[segments.in_claim[rows]]
    read = segments.marks.read(rows, repeated=True)
    clm = segments.clm[rows]
    seen = _closed(_codes(read.different))
    which = np.arange(len(rows), dtype=np.uint32) if read.which is None else read.which
    first = first_of_each(clm)
    if not first.all():
        seen = _joined(seen.select(pl.all().gather(pl.Series(which))), clm)
        which = np.arange(seen.height, dtype=np.uint32)
    claims = pl.DataFrame({"clm": clm[first], c.HI_SEGMENT: segments.number[rows[first]], "dx_at": which})
    sets = seen.select(
        *DX,
        pl.sum_horizontal(pl.col(d).is_not_null() for d in _SEEN).cast(pl.UInt32).alias("dx_count"),
        pl.concat_str(DX, separator=" ", ignore_nulls=True).alias(c.CLAIM_DX),
    )
    return Diagnoses(claims, sets)


def _codes(segments: Elements) -> pl.DataFrame:
    """Of each segment the thirteen first elements: the code where it is a diagnosis, else null."""
    found = []
    for element, name in enumerate(_SEEN, 1):
        both = segments.components(element, ("q", name))
        if both["q"].null_count() == len(segments):
            found.append(pl.Series(name, [None], dtype=pl.String).new_from_index(0, len(segments)))
            continue
        frame = pl.DataFrame([s.alias(n) for n, s in both.items()])
        code = pl.when(pl.col("q").is_in(DX_QUALIFIERS)).then(pl.col(name).str.to_uppercase())
        found.append(frame.select(code.alias(name))[name])
    return pl.DataFrame(found)


def _closed(seen: pl.DataFrame) -> pl.DataFrame:
    """The same without gaps; in the common shape there are none."""
    used = [n for n in _SEEN if seen[n].null_count() < seen.height]
    gaps = [pl.col(_SEEN[i]).is_null() & pl.col(_SEEN[i + 1]).is_not_null() for i in range(len(_SEEN) - 1)]
    if not used or not seen.select(pl.any_horizontal(gaps).any()).item():
        return seen
    lists = seen.select(pl.concat_list(used).list.drop_nulls().alias("dx"))
    return lists.select(pl.col("dx").list.get(i, null_on_oob=True).alias(n) for i, n in enumerate(_SEEN))


def _joined(seen: pl.DataFrame, clm: Words) -> pl.DataFrame:
    """Several HI of a claim as one; a row a claim."""
    lists = seen.select(pl.Series("clm", clm), pl.concat_list(_SEEN).list.drop_nulls().alias("dx"))
    joined = (
        lists.explode("dx", empty_as_null=True, keep_nulls=True)
        .group_by("clm", maintain_order=True)
        .agg(pl.col("dx").drop_nulls())
    )
    return joined.select(pl.col("dx").list.get(i, null_on_oob=True).alias(n) for i, n in enumerate(_SEEN))
