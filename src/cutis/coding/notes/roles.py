"""What a length measures: the lesion, its margin, the excised diameter, the repair, the defect, or only a tool."""

import re
from decimal import Decimal
from typing import Final, NamedTuple

from cutis.coding.notes.document import Clause, Document
from cutis.coding.notes.measures import LISTED, Measure
from cutis.coding.notes.tables import COLUMN

LESION: Final = "lesion"
MARGIN: Final = "margin"
EXCISED: Final = "excised"
REPAIR: Final = "repair"
DEFECT: Final = "defect"
SECONDARY: Final = "secondary"
TOOL: Final = "tool"
OTHER: Final = "other"
AREA: Final = "area"
AREA_OF: Final = "area of"  # two sides of an area; one side is no area
_MATERIAL = r"(?:vicryl|nylon|prolene|monocryl|ethilon|pds|gut|chromic|silk|polysorb|biosyn|maxon|staples?|sutures?|stitch(?:es)?|layers?)"


class Size(NamedTuple):
    """A length or area with its role; `value` in cm or square cm, `dims` all its dimensions; `bare` without a unit."""

    role: str
    value: Decimal
    dims: tuple[Decimal, ...]
    low: Decimal | None
    first: int
    start: int
    end: int
    bare: bool = False


_CLOSE = r"(?:closure|repair|closed|repaired|layer|linear|sutured|suture)"
_CLASS = r"(?:simple|intermediate|layered|complex|multi-?\s?layer(?:ed)?|two-layer|2-layer|single-layer|one-layer|double-layer|single layer)"
# Read in order; the first that fits decides. `before` ends at the number, `after` begins behind the unit.
_AFTER: Final = [
    (
        EXCISED,
        r"^[\s(,]*(?:in(?:cl(?:\.|uding|uded|usive(?: of)?|udes)?)|w/|with|total with|including the)\s*(?:the\s|all\s|clinical\s|surgical\s|(?!clear|neg|free|pos|clean)\w+\s)?margins?\b",
    ),
    (
        EXCISED,
        r"^\s*(?:in\s+)?(?:\w+\s+){0,2}(?:excised|excision|removed|taken|total|overall|diameter|wide|lesion)?[\s(,]*in(?:cl(?:\.|uding|uded|usive(?: of)?|udes)?)\s*(?:the\s|all\s|narrow\w*\s)?margins?\b",
    ),
    (EXCISED, r"^\s*(?:full[\s-]thickness\s+)?punch\s+excis"),
    (
        MARGIN,
        r"^\s*(?:(?!\w*lid\b|vermil|\w*lip\b|and\b|at\b|on\b|of\b)\w+\s){0,2}(?:rims?|cuffs?|collars?|halos?|borders?|clearance|skirts?)\b(?!\s+of\s+(?:the\s)?(?:nos|ear|lip|vermil|helix))",
    ),
    (
        EXCISED,
        r"^\s*(?:at\s)?(?:widest|greatest|max(?:imum|imal)?|overall)(?:\s(?:point|diameter|dimension))?,?\s*(?:in(?:cl(?:\.|uding|usive(?: of)?)?)|with)\s*(?:the\s|narrowest\s)?margins?\b",
    ),
    (EXCISED, r"^\s*\(?(?:total\s)?(?:excised|excision|excisional)\s+(?:diam|size|width)"),
    (EXCISED, r"^(?:\s*,\s*margins?|\s*margins)\s+(?:incl|included|inclusive)"),
    (MARGIN, r"^\s*(?:(?!\w*lid\b|vermil)\w+\s){0,2}margins?\b"),
    (
        MARGIN,
        r"^\s*(?:of\s+)?(?:normal|uninvolved|healthy|clear|surrounding|perilesional|clinically normal)\s+(?:\w+\s)?(?:skin|tissue)",
    ),
    (MARGIN, r"^\s*at\s+(?:the\s|both\s|each\s)?(?:tips?|poles?|ends?|apices|apex|sides?|edges?)\b"),
    (EXCISED, r"^\s*(?:in all|overall|altogether|all told|all in)\b"),
    (MARGIN, r"^\s*(?:all\s(?:a)?round|circumferential\w*|on all sides|on every side)\b"),
    (MARGIN, r"^\s*(?:on\s|/\s?)?(?:each|per|either|every|all|(?<=/))\s*(?:side|direction|way)s?\b"),
    (TOOL, r"^\s*(?:disposable\s)?(?:punch|trephine|curette|blade|keyes|biopsy punch)\b(?!\s+excis)"),
    (OTHER, r"^\s*(?:thick|deep|in depth|breslow|high|tall|elevat)"),
    (DEFECT, r"^\s*(?:\w+\s){0,1}(?:defect)"),
]
_BEFORE: Final = [
    (
        EXCISED,
        r"(?:excised|excision|excisional)\s+(?:diam(?:eter)?|size|width)\W*(?:(?:of|was|is|recorded|measured|as|at|total|in all)\W+){0,3}$",
    ),
    (EXCISED, r"(?:total|incl(?:\.|uding)?|with)\s+margins?\s*(?:of|was|is|:|=|,)?\s*$"),
    (
        MARGIN,
        r"margins?\s*(?:taken|used|each side|per side|all around|circumferentially)?\s*(?:of|was|were|is|are|:|=|at|@|\()?\s*$",
    ),
    (MARGIN, r"\b(?:rim|cuff|collar|halo|border|clearance)\s*(?:of|:|=|was)\s*$"),
    (AREA_OF, r"\barea\b\W*(?:(?:of|treated|measuring|measured|was|involved|about)\W+){0,2}$"),
    (OTHER, r"(?:breslow|depth|thickness|invasion|level)\s*(?:thickness|depth)?\s*(?:of|:|=|was)?\s*$"),
    (OTHER, r"(?:undermin\w+|advanced|mobilized|elevated)\s*(?:of|by|to|at least|approximately|~)?\s*$"),
    (
        OTHER,
        r"\b(?:shr[au]nk|shrunken|contracted|staying|about every|spaced|curettes?|punch|blade)\s*(?:of|to|down to|size)?\s*$",
    ),
    (OTHER, r"(?:specimen|gross(?:ly)?|tissue)\s+(?:size|measur\w+)\s*(?:of|:|=|was)?\s*$"),
    (SECONDARY, r"(?:secondary|donor)\s+(?:defect|site)?\W*(?:\w+\W+){0,3}$"),
    (DEFECT, r"(?:defect)\W*(?:\w+\W+){0,3}$"),
    (OTHER, r"(?:after|post)[\s-]*(?:curettage|ed&?c)\s*(?:size|defect|diameter)?\s*(?:of|:|=|was)?\s*$"),
]
_REPAIR_AFTER: Final = re.compile(
    rf"^\s*(?:long\s|in length\s|linear\s)*(?:{_CLASS}|{_CLOSE}|lac(?:eration)?\b|wound\b|incision\b)", re.IGNORECASE
)
_REPAIR_BEFORE: Final = re.compile(
    rf"(?:{_MATERIAL}|(?:{_CLASS}\W+)?{_CLOSE}\w*(?:\s+(?:in|with|by|using)\s+(?:\w+\s+){{1,3}})?|{_CLASS}|\blac(?:eration)?s?|\bslash|\bgash|wound(?:\s+length)?|(?:final|repair|closure|total)\s+length|\blength|sum of repairs?)"
    r"\W*(?:\w+\W+){0,4}$",
    re.IGNORECASE,
)
_WITH: Final = re.compile(r"(?:\bwith|w/|via|by|using|,|\band|\+|\()\s*(?:an?\s)?$", re.IGNORECASE)
_COMPILED_AFTER: Final = [(role, re.compile(p, re.IGNORECASE)) for role, p in _AFTER]
_COMPILED_BEFORE: Final = [(role, re.compile(p, re.IGNORECASE)) for role, p in _BEFORE]
_SIZED: Final = frozenset({"malignant destruction", "excision", "shave removal", "re-excision"})
_REMOVALS: Final = frozenset(
    {"excision", "re-excision", "staged excision", "excisional biopsy", "hidradenitis excision", "scar revision"}
)
# A distance to a landmark is no size: "2 mm above the vermilion border".
_DISTANCE: Final = re.compile(
    r"^\s*(?:above|below|superior to|inferior to|lateral to|medial to|anterior to|posterior to|proximal to|distal to|away|apart|"
    r"from\s+(?!the\s+(?:start|first))(?:the\s+)?\w+|short of|inside|outside|beyond|up from|caudal|cephalad|deep to)\b",
    re.IGNORECASE,
)
_PUNCH: Final = re.compile(r"\bpunch(?:\s+(?:bx|biops\w+))?\W*$", re.IGNORECASE)
_UNDERMINED: Final = re.compile(
    r"undermin\w+\W*(?:(?:was|to|of|by|at least|about|for|carried out|performed)\W+){0,2}$", re.IGNORECASE
)
# The length of a cut or wound: "fusiform incision 6 cm long".
_CUT: Final = re.compile(
    r"(?:incision|ellipse|fusiform|wound|laceration|closure)\W*(?:(?:was|of|measuring|measured)\W+){0,2}$",
    re.IGNORECASE,
)
_LONG: Final = re.compile(r"^\s*(?:long|in length)\b", re.IGNORECASE)
_CUT_LONG: Final = re.compile(
    r"(?:excision|excised|ellipse|incision|wound|laceration|closure|fusiform)\b[^.;]{0,24}$", re.IGNORECASE
)
# "1 cm margins drawn (total 3.2 cm)", "5 mm all round (5.0 cm total)": lesion and margins together.
_TOTAL_BEFORE: Final = re.compile(
    r"\b(?:total|in all|altogether)\W*(?:(?:of|is|was|diameter|width)\W+){0,2}$", re.IGNORECASE
)
_TOTAL_AFTER: Final = re.compile(r"^\s*(?:in\s+)?total\b", re.IGNORECASE)
_REACH: Final = 60
_AND: Final = re.compile(r"\s*(?:,|\+|&|and|plus|,\s*and)\s*", re.IGNORECASE)


def sizes(document: Document, clause: Clause) -> list[Size]:
    """Lengths and areas of a clause with their roles, in order."""
    found: list[Size] = []
    labelled = clause.label is not None and clause.label[1] + 1 == clause.first
    opening = clause.label[0] if labelled and clause.label else clause.first
    begin = document.tokens[opening].start if clause.first < clause.last else 0
    end = document.tokens[clause.last - 1].end if clause.first < clause.last else 0
    taken = [m for m in clause.measures if m.kind in {"size", "area"}]
    if not taken and any(m.kind == "technique" and m.value in _SIZED for m in clause.mentions):
        taken = [m for m in clause.measures if m.kind == "bare"]
    for at, measure in enumerate(taken):
        shared = bool(found) and LISTED == measure.unit == taken[at - 1].unit
        floor = taken[at - 1].end if at else begin
        ceiling = taken[at + 1].start if at + 1 < len(taken) else end
        before = document.text[max(floor, measure.start - _REACH) : measure.start]
        after = document.text[measure.end : min(ceiling, measure.end + _REACH)]
        role = AREA if measure.kind == "area" else _of_column(measure) or _role(clause, measure, before, after, found)
        value = measure.value
        if role == AREA_OF:
            role, value = (AREA, measure.dims[0] * measure.dims[1]) if len(measure.dims) == 2 else (LESION, value)
        if role == LESION and found and found[-1].role == REPAIR and _AND.fullmatch(before + measure.mark):
            role = REPAIR  # "lacerations of 4 cm + 3.6 cm"
        if role != LESION and (
            shared or (role == REPAIR and _AND.fullmatch(before + measure.mark) and measure.unit != LISTED)
        ):
            found = _same_role(found, taken, at, role)
        first = document.token_at(measure.start)
        found.append(
            Size(
                role,
                value,
                measure.dims,
                measure.low,
                first,
                measure.start,
                measure.end,
                measure.kind == "bare",
            )
        )
    return found


def _of_column(measure: Measure) -> str | None:
    """What the column of a table says that a length is."""
    return measure.unit.removeprefix(COLUMN) if measure.unit.startswith(COLUMN) else None


def _same_role(found: list[Size], taken: list[Measure], at: int, role: str) -> list[Size]:
    """What the last of a row measures, all of the row do: "0.9, 1.4 and 1.6 cm incl margins"."""
    first = at
    while first and taken[first - 1].unit == taken[at].unit == LISTED:
        first -= 1
    starts = {m.start for m in taken[first:at]}
    return [s._replace(role=role) if s.start in starts and s.role == LESION else s for s in found]


class _Place(NamedTuple):
    """A measure with the words around it and the sizes before it."""

    measure: Measure
    back: str
    near: str
    earlier: list[Size]


def _role(clause: Clause, measure: Measure, before: str, after: str, earlier: list[Size]) -> str:
    # A margin word that belongs to the next number must not speak for this one: cut at the next opening bracket.
    near = re.split(r"(?<!incl)[;.]\s|\(\s*\+", after)[0]
    back = re.split(r"[;]|\.\s", before)[-1]
    if measure.mark == "+" and re.match(r"\s*\w*\s*margin", near, re.IGNORECASE):
        return MARGIN
    if _UNDERMINED.search(back):
        return OTHER
    if len(measure.dims) == 1 and _DISTANCE.search(near):
        return OTHER
    if _PUNCH.search(back) and any(s.role == LESION for s in earlier):
        return TOOL  # "8 mm macule - punch bx 8 mm": the size of the punch
    for role, pattern in _COMPILED_AFTER:
        if pattern.search(near):
            return role
    if (_CUT.search(back) or _CUT_LONG.search(back)) and _LONG.search(near):
        return REPAIR
    for role, pattern in _COMPILED_BEFORE:
        if pattern.search(back):
            return role
    return _unnamed(clause, _Place(measure, back, near, earlier))


def _unnamed(clause: Clause, place: _Place) -> str:
    """The role of a length that no word beside it names."""
    if _is_repair(clause, place):
        return REPAIR
    return EXCISED if _with_margins(place.back, place.near, place.earlier) else LESION


def _with_margins(back: str, near: str, earlier: list[Size]) -> bool:
    """Whether a length after a margin is the total of lesion and margins."""
    total = _TOTAL_BEFORE.search(back) or _TOTAL_AFTER.search(near)
    return total is not None and any(s.role == MARGIN for s in earlier)


def _is_repair(clause: Clause, place: _Place) -> bool:
    """Whether a length is that of a closure; where a lesion was cut out, its own size comes first."""
    at = place.measure.start
    if _REPAIR_AFTER.search(place.near):
        removal = any(m.kind == "technique" and m.value in _REMOVALS and m.start < at for m in clause.mentions)
        measured = any(s.role in {LESION, EXCISED} for s in place.earlier)
        return not removal or measured or bool(_WITH.search(place.back))
    match = _REPAIR_BEFORE.search(place.back)
    if match is None:
        return False
    # "simple closure, 0.9 cm nevus ..." is another lesion: a diagnosis between ends the reach.
    begin = at - len(place.back) + match.start()
    return not any(m.kind == "dx" and begin < m.start < at and m.value != "lesion" for m in clause.mentions)
