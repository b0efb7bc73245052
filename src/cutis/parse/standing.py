"""In which loop each segment stands: ordinals of the loops, counted where they begin."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from cutis.parse.elements import Bools, Ints, Words

BEGIN: Final = ("ST", "SE", "HL", "CLM", "LX", "SV1", "NM1", "SBR")
"""Segments that begin or end a loop; all others stand where the last one of these stands."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where segments stand, kept once for each that begins or ends a loop.

    Attributes:
        event: per segment how many of these stand up to it.
        tables: by name, a value for each of them and before the first: the ordinals `st`, `hl`, `clm`, `lx`, `nm1` count up
            at each such segment (`lx` also at an SV1 that has no LX of its own, `hl` also at an ST, whose header is a loop of
            its own) and are 0 before the first; an `nm1` is 0 where another loop has begun since. True are `in_claim` within
            2300, `in_line` within 2400, `in_other` within 2320, `of_claim` within 2300 and neither of the two, `above`
            outside 2300.
    """

    event: Words
    tables: Mapping[str, npt.NDArray[Any]]

    def at(self, rows: Ints, name: str) -> npt.NDArray[Any]:
        """The value of a table for the segments at `rows`."""
        return self.tables[name][self.event[rows]]


def standing(kind: npt.NDArray[np.uint8], numbers: Mapping[str, int]) -> tuple[Standing, Ints]:
    """Where segments of these kinds stand, and the places of those that lack a partner.

    Args:
        kind: of each segment.
        numbers: of the kinds by identifier.

    Returns:
        The second: LX without SV1, SV1 without LX, and SV1 outside claims, in order.
    """
    begins = np.zeros(256, dtype=bool)
    begins[[numbers[n] for n in BEGIN]] = True
    mask = begins[kind]
    places = np.flatnonzero(mask)
    kinds = np.concatenate([np.zeros(1, np.uint8), kind[places]])
    is_ = {n: kinds == numbers[n] for n in BEGIN}
    row = np.arange(len(kinds), dtype=np.uint32)

    def last(hit: Bools) -> Words:
        found: Words = np.maximum.accumulate(row * hit)
        return found

    line, lone = _line_starts(is_["LX"], is_["SV1"], is_["NM1"] | is_["SBR"])
    tables: dict[str, npt.NDArray[Any]] = {
        n.lower(): np.cumsum(is_[n], dtype=np.uint32) for n in ("ST", "CLM", "NM1")
    } | {"lx": np.cumsum(line, dtype=np.uint32)}
    st, hl, clm, lx = (last(m) for m in (is_["ST"], is_["HL"], is_["CLM"], line))
    outer = np.maximum(np.maximum(hl, st), last(is_["SE"]))
    in_claim = clm > outer
    in_line = in_claim & (lx > clm)
    in_other = in_claim & ~in_line & (last(is_["SBR"]) > clm)
    tables["hl"] = np.cumsum(is_["HL"] | is_["ST"], dtype=np.uint32)
    tables["nm1"] = tables["nm1"] * (last(is_["NM1"]) > np.maximum(outer, np.maximum(clm, lx) * in_claim))
    tables |= {"in_claim": in_claim, "in_line": in_line, "in_other": in_other}
    tables |= {"of_claim": in_claim & ~in_line & ~in_other, "above": ~in_claim}
    lone |= is_["SV1"] & ~in_claim
    return Standing(np.cumsum(mask, dtype=np.uint32), tables), places[lone[1:]]


def _line_starts(lx: Bools, sv1: Bools, aside: Bools) -> tuple[Bools, Bools]:
    """Where lines begin: at each LX, and at an SV1 without one; and which LX and SV1 lack the other.

    What is `aside` may stand between the two without parting them.
    """
    rows = np.flatnonzero(~aside)
    is_lx, is_sv1 = lx[rows], sv1[rows]
    alone = is_sv1 & ~np.append(False, is_lx[:-1])
    begins, lone = lx.copy(), np.zeros(len(lx), dtype=bool)
    begins[rows[alone]] = True
    lone[rows] = alone | (is_lx & ~np.append(is_sv1[1:], False))
    return begins, lone
