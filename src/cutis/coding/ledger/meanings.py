"""What a billed code says was done, as facts that a chart can confirm or deny (codes.yaml, places.yaml)."""

from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

from cutis.coding.phrases import LOADER

FOLDER: Final = Path(__file__).parent


class Meaning(NamedTuple):
    """What one code asserts.

    Attributes:
        code: the code.
        family: entry of codes.yaml.
        kind: of act: biopsy, excision, repair, count, ...
        technique: the one technique, where the code has one.
        nature: benign or malignant, where the code says so.
        group: of places, where the code has one.
        repair: class of a repair.
        measure: the fact that is measured.
        above: the measure is greater than this, in cm or square cm.
        to: and not greater than this; None is without limit.
        what: what is counted.
        drug: of a drug code.
        amount: fact that gives the amount of a drug.
        per_unit: amount in one billed unit.
    """

    code: str
    family: str
    kind: str
    technique: str | None = None
    nature: str | None = None
    group: str | None = None
    repair: str | None = None
    measure: str | None = None
    above: Decimal | None = None
    to: Decimal | None = None
    what: str | None = None
    drug: str | None = None
    amount: str | None = None
    per_unit: Decimal | None = None


@lru_cache(maxsize=1)
def _tables() -> dict[str, Any]:
    data: dict[str, Any] = yaml.load((FOLDER / "codes.yaml").read_text(encoding="utf-8"), LOADER)  # noqa: S506 - a safe loader
    return data


@lru_cache(maxsize=1)
def meanings() -> dict[str, Meaning]:
    """Every code that the ledger can read, with its meaning."""
    found: dict[str, Meaning] = {}
    for family, entry in _tables()["families"].items():
        bands = [None, *(Decimal(str(b)) for b in entry.get("bands", ())), None]
        for at, code in enumerate(entry["codes"]):
            if code is None:
                continue  # a band that the family has no code for
            above, to = (bands[at], bands[at + 1]) if entry.get("bands") else (None, None)
            per_unit = Decimal(str(entry["per_unit"])) if "per_unit" in entry else None
            found[code] = Meaning(
                code,
                family,
                entry["kind"],
                entry.get("technique"),
                entry.get("nature"),
                entry.get("group"),
                entry.get("class"),
                entry.get("measure"),
                above,
                to,
                entry.get("what"),
                entry.get("drug"),
                entry.get("amount"),
                per_unit,
            )
    return found


def near_kinds(kind: str) -> tuple[str, ...]:
    """Kinds of acts that a chart may tell of where a line of `kind` was billed."""
    return tuple(_tables()["near"].get(kind, ()))


def counted(code: str, units: int) -> tuple[int, int | None]:
    """The least and the greatest number of things that a line of a counted code stands for; None is no limit."""
    rule = _tables()["counts"][code]
    if "each" in rule:
        return rule["each"] * units, rule["each"] * units
    if "upto" in rule:
        return rule["upto"] * (units - 1) + 1, rule["upto"] * units
    return rule["least"], rule.get("most")


@lru_cache(maxsize=1)
def _places() -> tuple[dict[str, str], dict[str, frozenset[str]], dict[str, str]]:
    data = yaml.load((FOLDER / "places.yaml").read_text(encoding="utf-8"), LOADER)  # noqa: S506 - a safe loader
    region_of = {place: region for region, places in data["regions"].items() for place in places}
    return region_of, {g: frozenset(r) for g, r in data["groups"].items()}, data["words"]


def region(site: str | None) -> str | None:
    """The region of a site as the note reader names it ("left nasal ala" is nose); None where it is not known."""
    if not site:
        return None
    region_of, _, _ = _places()
    words = site.lower().removeprefix("both ").removeprefix("left ").removeprefix("right ")
    if words in region_of:
        return region_of[words]
    parts = sorted((place for place in region_of if f" {place} " in f" {words} "), key=len)
    return region_of[parts[-1]] if parts else None


def regions(site: str | None) -> frozenset[str]:
    """The regions of a site that may name several places, as "face/scalp"."""
    found = {region(part) for part in (site or "").split("/")}
    return frozenset(r for r in found if r)


def in_group(site: str | None, group: str | None) -> bool | None:
    """Whether a site lies in a group of places; None where either is not known."""
    if group is None:
        return None
    here = regions(site)
    return bool(here & _places()[1][group]) if here else None


def group_words(group: str) -> str:
    """A group of places in words."""
    return _places()[2][group]
