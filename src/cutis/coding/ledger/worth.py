"""What documented acts would be billed as, where that is certain, and what a line is worth."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Final

from cutis.coding.ledger.match import cost, fits, measured
from cutis.coding.ledger.meanings import in_group, meanings
from cutis.coding.notes.acts import Act

Price = Callable[[str, date | None], int | None]
"""Cents that one unit of a code is allowed on a date, or None where there is no price."""

_ADDONS: Final = {"11102": "11103", "11104": "11105", "11106": "11107"}


def nothing_priced(_code: str, _on: date | None) -> int | None:
    """A price list without prices."""
    return None


def codes_for_count(what: str, count: int) -> list[tuple[str, int]]:
    """Codes and units for a number of things counted; empty where the ledger has no code."""
    if what == "premalignant destruction":
        if count > 14:
            return [("17004", 1)]
        return [("17000", 1)] + ([("17003", count - 1)] if count > 1 else [])
    if what == "skin tag removal":
        return [("11200", 1)] + ([("11201", -(-(count - 15) // 10))] if count > 15 else [])
    bands: dict[str, list[tuple[int, str]]] = {
        "benign destruction": [(14, "17110"), (10**9, "17111")],
        "intralesional injection": [(7, "11900"), (10**9, "11901")],
        "paring": [(1, "11055"), (4, "11056"), (10**9, "11057")],
        "nail debridement": [(5, "11720"), (10**9, "11721")],
    }
    if what in {"patch testing", "prick test"}:
        return [("95044" if what == "patch testing" else "95004", count)]
    return next(([(code, 1)] for most, code in bands.get(what, []) if count <= most), [])


def code_of(act: Act, billed: set[str]) -> str | None:
    """The one code of an act that stands for one lesion; None where a fact that decides is missing.

    Args:
        act: as documented.
        billed: codes on the claim: beside a first biopsy the next one is an add-on.
    """
    found = [m.code for m in meanings().values() if cost(m, act) == 0 and _decided(m.code, act)]
    sited = [c for c in found if meanings()[c].group and meanings()[c].kind == "biopsy"]
    primaries = [c for c in found if c in _ADDONS]
    if primaries and not sited:
        # A lesser biopsy beside a greater one is an add-on; a greater one would take the first place.
        return _ADDONS[primaries[0]] if any(b in _ADDONS and b >= primaries[0] for b in billed) else primaries[0]
    found = sited or found
    return found[0] if len(found) == 1 else None


def codes_with(code: str, number: int, billed: set[str]) -> list[tuple[str, int]]:
    """Codes and units that an act of a code adds to a claim; a first place taken over gives back what it held."""
    if code not in _ADDONS:
        return [(code, number)]
    lesser = [b for b in billed if b in _ADDONS and b < code]
    rest = [(_ADDONS[code], number - 1)] if number > 1 else []
    return [(code, 1), *rest, *((_ADDONS[b], 1) for b in lesser), *((b, -1) for b in lesser)]


def _decided(code: str, act: Act) -> bool:
    """Whether nothing that the code asserts is left open by the chart."""
    meaning = meanings()[code]
    if meaning.group and not in_group(act.get("site"), meaning.group):
        return False
    if meaning.nature == "malignant" and not (act.get("pathology") or act.get("prior_pathology")):
        return False
    if meaning.nature and not act.get("pathology") and not act.get("dx"):
        return False
    return meaning.measure is None or measured(act, meaning.measure) is not None


def repair_code(repair: str, site: str | None, length: Decimal) -> str | None:
    """The code of a repair of a class, place and length; None where there is none or the place is unknown."""
    for meaning in meanings().values():
        if (
            meaning.kind == "repair"
            and meaning.repair == repair
            and in_group(site, meaning.group)
            and fits(meaning, length)
        ):
            return meaning.code
    return None


def total(codes: list[tuple[str, int]], price: Price, on: date | None) -> int | None:
    """Cents of codes and units together; None where one has no price."""
    cents = [(price(code, on), units) for code, units in codes]
    known = [c * units for c, units in cents if c is not None]
    return sum(known) if codes and len(known) == len(codes) else None
