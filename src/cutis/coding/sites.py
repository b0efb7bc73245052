"""Places on the body: what a chart's words for a site mean for each code series (tables/sites.yaml)."""

from functools import lru_cache
from typing import Final, NamedTuple

from cutis.coding.phrases import Found, Phrases, separated, table, words

_SERIES: Final = ("excision", "simple", "layered", "plastic", "graft", "mohs", "tumor", "mucosa", "genital")
_FINGER: Final = {"left": ("FA", "F1", "F2", "F3", "F4"), "right": ("F5", "F6", "F7", "F8", "F9")}
_TOE: Final = {"left": ("TA", "T1", "T2", "T3", "T4"), "right": ("T5", "T6", "T7", "T8", "T9")}
_LID: Final = {("left", "upper"): "E1", ("left", "lower"): "E2", ("right", "upper"): "E3", ("right", "lower"): "E4"}
_PAIRED: Final = frozenset({"ear", "ear canal", "canthus", "eyelid", "eyelid margin", "conjunctiva", "breast"})
SERIES_WORDS: Final = {
    ("excision", "T"): "trunk, arms or legs",
    ("excision", "S"): "scalp, neck, hands, feet or genitals",
    ("excision", "F"): "face, ears, eyelids, nose or lips",
    ("simple", "B"): "scalp, neck, axillae, genitals, trunk or limbs",
    ("simple", "F"): "face, ears, eyelids, nose or lips",
    ("layered", "T"): "scalp, axillae, trunk or limbs without hands and feet",
    ("layered", "H"): "neck, hands, feet or genitals",
    ("layered", "F"): "face, ears, eyelids, nose or lips",
    ("plastic", "T"): "trunk",
    ("plastic", "L"): "scalp, arms or legs",
    ("plastic", "C"): "forehead, cheeks, chin, mouth, neck, axillae, genitals, hands or feet",
    ("plastic", "N"): "eyelids, nose, ears or lips",
    ("graft", "T"): "trunk, arms or legs",
    ("graft", "F"): "face, scalp, neck, ears, genitals, hands or feet",
    ("mohs", "H"): "head, neck, hands, feet or genitals",
    ("mohs", "T"): "trunk, arms or legs",
}


class Region(NamedTuple):
    """A region of the body with the group of each code series; None where it does not decide."""

    name: str
    dx: str
    excision: str | None = None
    simple: str | None = None
    layered: str | None = None
    plastic: str | None = None
    graft: str | None = None
    mohs: str | None = None
    tumor: str | None = None
    mucosa: str | None = None
    genital: str | None = None
    digit: str | None = None

    def group(self, series: str) -> str | None:
        """The group of a series."""
        found: str | None = getattr(self, series)
        return found


class Place(NamedTuple):
    """A site as the chart names it.

    Attributes:
        text: the chart's words.
        regions: every region named, the decisive one first.
        side: left, right, both or None.
        digit: modifier of a finger or toe.
        lid: modifier of an eyelid.
        level: upper or lower, where said.
    """

    text: str
    regions: tuple[Region, ...]
    side: str | None = None
    digit: str | None = None
    lid: str | None = None
    level: str | None = None

    @property
    def region(self) -> Region | None:
        """The one region; None where none or several are named."""
        return self.regions[0] if len(self.regions) == 1 else None

    @property
    def name(self) -> str:
        """Name of the region, or an empty text."""
        return self.regions[0].name if len(self.regions) == 1 else ""

    def group(self, series: str) -> str | None:
        """The group of a series, if every region named has the same one."""
        groups = {r.group(series) for r in self.regions}
        return groups.pop() if len(groups) == 1 else None

    @property
    def anatomic(self) -> str | None:
        """The anatomic modifier of the place: finger, toe, eyelid, or a side of a paired organ."""
        if self.digit or self.lid:
            return self.digit or self.lid
        if self.name in _PAIRED and self.side in {"left", "right"}:
            return "LT" if self.side == "left" else "RT"
        return None


NOWHERE: Final = Place("", ())


@lru_cache(maxsize=1)
def _regions() -> tuple[dict[str, Region], dict[str, int], Phrases, Phrases]:
    data = table("sites")
    regions = {
        name: Region(name, entry["dx"], **{s: entry.get(s) for s in _SERIES}, digit=entry.get("digit"))
        for name, entry in data["regions"].items()
    }
    phrases = Phrases({name: entry["words"] for name, entry in data["regions"].items()})
    return regions, {name: at for at, name in enumerate(regions)}, phrases, Phrases(data["sides"])


@lru_cache(maxsize=65536)
def place(
    text: str | None, laterality: str | None = None, digits: str | None = None, eyelid: str | None = None
) -> Place:
    """What the chart's words for a site mean.

    Args:
        text: the site.
        laterality: side, where it is given apart.
        digits: finger or toe, where it is given apart.
        eyelid: upper or lower, where it is given apart.
    """
    whole = " ".join(t for t in (laterality, text, digits, eyelid) if t)
    if not whole:
        return NOWHERE
    regions, order, phrases, sides = _regions()
    tokens = words(whole)
    sided = sides.find(tokens)
    named_sides = {f.value for f in sided}
    tokens = [t for at, t in enumerate(tokens) if not any(f.first <= at < f.last for f in sided)]
    side = "both" if len(named_sides) > 1 else next(iter(named_sides), None)
    named = phrases.find(tokens)
    here = [regions[f.value] for f in _one_each(tokens, named, order)]
    level = "upper" if "upper" in tokens else "lower" if "lower" in tokens else None
    if [r.name for r in here] == ["lip"] and {"skin", "cutaneous"} & set(tokens):
        here = [regions["cutaneous lip"]]
    digit = next((d for f in named if (d := _digit(regions[f.value], side))), None)
    lid = _LID.get((side or "", level or "")) if any(r.dx == "eyelid" for r in here) else None
    return Place(text or whole, tuple(dict.fromkeys(here)), side, digit, lid, level)


def _one_each(tokens: list[str], named: list[Found], order: dict[str, int]) -> list[Found]:
    """Of the regions named side by side without a comma, the most exact one."""
    kept: list[Found] = []
    for found in named:
        if kept and not separated(tokens, kept[-1], found):
            if order[found.value] < order[kept[-1].value]:
                kept[-1] = found
        else:
            kept.append(found)
    return kept


def _digit(region: Region, side: str | None) -> str | None:
    if region.digit is None or side not in _TOE:
        return None
    number, limb = region.digit.split()
    return (_FINGER if limb == "hand" else _TOE)[side][int(number) - 1]
