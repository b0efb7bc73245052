"""Diagnoses as charts name them, and the ICD-10-CM code that diagnosis and site give (tables/diagnoses.yaml)."""

import re
from functools import lru_cache
from typing import Any, Final, NamedTuple

from cutis.coding.phrases import Phrases, table
from cutis.coding.sites import Place

_CODE: Final = re.compile(r"[A-TV-Z]\d[0-9A-Z](?:\.?[0-9A-Z]{1,4})?")
_SIDE: Final = {"right": "1", "left": "2"}
_SIDE9: Final = {"right": "2", "left": "9"}
_HALF: Final = {"right": "1", "left": "2"}
_ARM: Final = {"right": "1", "left": "2"}
_LEG: Final = {"right": "3", "left": "4"}
_LID: Final = {"E3": ("11", "1"), "E4": ("11", "2"), "E1": ("12", "1"), "E2": ("12", "2")}
_LIMB: Final = {
    ("axilla", "right"): "1",
    ("axilla", "left"): "2",
    ("arm", "right"): "3",
    ("arm", "left"): "4",
    ("leg", "right"): "5",
    ("leg", "left"): "6",
}
_GENERIC: Final = frozenset({"benign lesion", "skin cancer"})
_TOO_GENERAL: Final = re.compile(r"\b(benign|malignant|malignancy|lesions?|neoplasms?|skin|cancer)\b")
_IN_SITU: Final = frozenset({"D03", "D04"})


class Diagnosis(NamedTuple):
    """A diagnosis.

    Attributes:
        name: in the coder's words.
        nature: malignant, premalignant, benign, tag, vascular, condyloma, callus, uncertain, unspecified, abscess, other.
        icd: a code, or the family that the site completes; None where the table has none.
        given: the code itself, where the chart gives a code.
    """

    name: str
    nature: str
    icd: str | None
    given: str | None = None


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[str, Diagnosis], Phrases]:
    entries: dict[str, Any] = table("diagnoses")
    known = {name: Diagnosis(name, e["nature"], e.get("icd")) for name, e in entries.items()}
    return known, Phrases({name: e["words"] for name, e in entries.items()})


@lru_cache(maxsize=65536)
def diagnosis(text: str | None) -> Diagnosis | None:
    """The diagnosis that a chart's words name; None where they name none that the table knows.

    Args:
        text: "inflamed SK", "basal cell carcinoma, nodular", or an ICD-10-CM code.
    """
    if not text:
        return None
    bare = text.strip().upper()
    if _CODE.fullmatch(bare):
        return Diagnosis(
            bare, nature_of_code(bare), bare, bare if "." in bare or len(bare) < 4 else f"{bare[:3]}.{bare[3:]}"
        )
    known, phrases = _tables()
    name = phrases.longest(text)
    if name in _GENERIC:
        exact = phrases.longest(_TOO_GENERAL.sub(" ", text.lower()))
        if exact is not None and (known[exact].nature == "malignant") is (known[name].nature == "malignant"):
            name = exact
    return known[name] if name else None


def nature_of_code(code: str) -> str:
    """The nature of a lesion by its ICD-10-CM code."""
    bare = code.replace(".", "").upper()
    natures = (
        (("C", "D03", "D04"), "malignant"),
        (("L570", "L571"), "premalignant"),
        (("D485",), "uncertain"),
        (("D492",), "unspecified"),
        (("A630",), "condyloma"),
        (("L918",), "tag"),
        (("L84",), "callus"),
        (("L02", "L0501"), "abscess"),
        (
            ("D1", "D2", "D3", "L82", "L81", "B07", "B08", "L72", "L91", "L85", "L98", "Q82", "L73", "L28", "L905"),
            "benign",
        ),
    )
    return next((nature for starts, nature in natures if bare.startswith(starts)), "other")


@lru_cache(maxsize=65536)
def icd(dx: Diagnosis, place: Place) -> str | None:
    """The ICD-10-CM code of a diagnosis at a place, with its dot; None where table or place do not decide it.

    Args:
        dx: the diagnosis.
        place: where it is.
    """
    if dx.given or dx.icd is None:
        return dx.given
    special = _SPECIAL.get(dx.icd)
    if special:
        return special(place)
    family, _, histology = dx.icd.partition(":")
    patterns: dict[str, str] | None = table("icd_sites").get(family)
    if patterns is None:
        return dx.icd
    columns = {r.dx for r in place.regions}
    if len(columns) != 1:
        return None
    column = columns.pop()
    column = _limb_of_nail(place) if column == "nail" else column
    replaced = table("icd_sites")["elsewhere"].get(column)
    if replaced:
        return _elsewhere(replaced, family, dx.nature, place)
    if column == "eyelid":
        return _eyelid(family, histology, dx, place)
    pattern = patterns.get(column)
    return _fill(pattern, histology, place) if pattern else None


def _fill(pattern: str, histology: str, place: Place) -> str:
    side = place.side or ""
    return pattern.format(
        h=histology, d=histology, side=_SIDE.get(side, "0"), side9=_SIDE9.get(side, "1"),
        arm=_ARM.get(side, "0"), leg=_LEG.get(side, "0"), half=_HALF.get(side, "9"), limb="",
    )  # fmt: skip


def _limb_of_nail(place: Place) -> str:
    words = place.text.lower()
    if place.digit:
        return "arm" if place.digit.startswith("F") else "leg"
    return "leg" if "toe" in words or "hallux" in words else "arm" if "finger" in words or "thumb" in words else "nail"


def _elsewhere(replaced: dict[str, Any], family: str, nature: str, place: Place) -> str | None:
    if family in _IN_SITU:
        found: str | None = replaced.get("in situ")
    elif nature == "malignant":
        by_level = replaced["malignant"]
        found = by_level.get(place.level or "other", by_level["other"])
    else:
        found = replaced.get("benign")
    return found


def _eyelid(family: str, histology: str, dx: Diagnosis, place: Place) -> str | None:
    """Eyelids carry side and lid: C44 in a sixth and seventh character, the others in a fifth and sixth."""
    if family in {"D17", "D36.1"}:
        return str(table("icd_sites")[family]["eyelid"])
    side, lid = _LID.get(place.lid or "", ("", ""))
    if family != "C44":
        return f"{family}.{side}{lid}" if side else f"{family}.10"
    digit = "3" if dx.name == "sebaceous carcinoma" else histology
    if not side:
        return f"C44.1{digit}1"
    return f"C44.1{digit}{'2' if side == '11' else '9'}{lid}"


def _wart(place: Place) -> str:
    """A wart without a kind: "other viral warts" on a named part that is no sole, else unspecified."""
    name = place.name
    if name == "sole":
        return "B07.0"
    return "B07.9" if not place.regions or name in {"foot", "toe", "great toe", "multiple", "body"} else "B07.8"


def _hyperhidrosis(place: Place) -> str:
    codes: dict[str, str] = table("icd_sites")["hyperhidrosis"]
    region = place.region
    if region is None:
        return codes["other"]
    return codes.get(region.name) or codes.get(region.dx, codes["other"])


def _abscess(place: Place) -> str | None:
    region = place.region
    if region is None:
        return None
    codes: dict[str, str] = table("icd_sites")["abscess"]
    pattern = codes.get(region.name) or codes.get(region.dx)
    if pattern is None:
        return None
    kind = "axilla" if region.name == "axilla" else region.dx
    return pattern.format(half=_HALF.get(place.side or "", "9"), limb=_LIMB.get((kind, place.side or ""), "9"))


def _paronychia(place: Place) -> str | None:
    limb = _limb_of_nail(place)
    codes: dict[str, str] = table("icd_sites")["paronychia"]
    pattern = codes.get({"arm": "hand", "leg": "foot"}.get(limb, ""))
    return pattern.format(half=_HALF.get(place.side or "", "9")) if pattern else None


def _chondrodermatitis(place: Place) -> str:
    return "H61.00" + {"right": "1", "left": "2", "both": "3"}.get(place.side or "", "9")


_SPECIAL: Final = {
    "wart": _wart,
    "hyperhidrosis": _hyperhidrosis,
    "abscess": _abscess,
    "paronychia": _paronychia,
    "H61.00": _chondrodermatitis,
}
