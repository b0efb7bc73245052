"""Body sites: which sites a code is for, and which site a diagnosis or the chart's words name.

Sites are bits of a number, so that "for none of these sites" is one comparison of two columns. Where words or a
diagnosis leave several sites open all their bits are set: a mismatch is only said where no reading fits.
"""

from collections.abc import Iterable
from functools import cache
from typing import Final

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import expand

LIP, EYELID, EAR, NOSE, FACE, MOUTH, SCALP, NECK, AXILLA, TRUNK, ARM, HAND, LEG, FOOT, GENITAL = (
    1 << n for n in range(15)
)
HEAD: Final = LIP | EYELID | EAR | NOSE | FACE | MOUTH
SPECIAL: Final = LIP | EYELID | EAR | NOSE
BODY: Final = TRUNK | AXILLA | ARM | LEG
MIDDLE: Final = SCALP | NECK | HAND | FOOT | GENITAL
CHEEK_GROUP: Final = FACE | MOUTH | NECK | AXILLA | HAND | FOOT | GENITAL

_GROUPS: Final[tuple[tuple[str, int, str], ...]] = (
    ("11300-11303 11400-11404 11406 11600-11604 11606 17260-17264 17266", BODY, "trunk, arms or legs"),
    ("11305-11308 11420-11424 11426 11620-11624 11626 17270-17274 17276", MIDDLE, "scalp, neck, hands, feet or genitals"),
    ("11310-11313 11440-11444 11446 11640-11644 11646 17280-17284 17286", HEAD, "face, ears, eyelids, nose or lips"),
    ("12001 12002 12004-12007", BODY | MIDDLE, "scalp, neck, trunk, limbs or genitals"),
    ("12011 12013-12018", HEAD, "face, ears, eyelids, nose or lips"),
    ("12031 12032 12034-12037", BODY | SCALP, "scalp, trunk, arms or legs"),
    ("12041 12042 12044-12047", MIDDLE & ~SCALP, "neck, hands, feet or genitals"),
    ("12051-12057", HEAD, "face, ears, eyelids, nose or lips"),
    ("13100 13101 14000 14001 15200", TRUNK, "the trunk"),
    ("13120 13121 14020 14021 15220", SCALP | ARM | LEG, "scalp, arms or legs"),
    ("13131 13132 14040 14041 15240", CHEEK_GROUP, "forehead, cheeks, chin, mouth, neck, axillae, hands, feet or genitals"),
    ("13151 13152 14060 14061 15260", SPECIAL, "eyelids, nose, ears or lips"),
    ("17311", HEAD | MIDDLE, "head, neck, hands, feet or genitals"),
    ("17313", BODY, "trunk, arms or legs"),
    ("15100 15271 15273", BODY, "trunk, arms or legs"),
    ("15120 15275 15277", HEAD | MIDDLE, "face, scalp, neck, hands, feet or genitals"),
)  # fmt: skip
ALLOWED: Final[dict[str, int]] = {code: mask for codes, mask, _ in _GROUPS for code in expand(codes)}
WORDS: Final[dict[str, str]] = {code: words for codes, _, words in _GROUPS for code in expand(codes)}

# Fourth character of the skin neoplasm codes (C43, C44, C4A, D03, D04, D22, D23): the site.
_BY_FOURTH: Final = {
    "0": LIP | MOUTH,
    "1": EYELID,
    "2": EAR,
    "3": NOSE | FACE,
    "4": SCALP | NECK,
    "5": TRUNK | AXILLA,
    "6": ARM | HAND | AXILLA | TRUNK,  # from the shoulder on, which is trunk to some codes
    "7": LEG | FOOT | TRUNK,  # from the hip on
}
# Open wounds by their category; the head by the fourth character.
_WOUND_HEAD: Final = {"0": SCALP, "1": EYELID, "2": NOSE, "3": EAR, "4": FACE, "5": LIP | MOUTH}
_WOUND: Final = {"S11": NECK, "S21": TRUNK, "S41": ARM | TRUNK | AXILLA, "S51": ARM, "S61": HAND | ARM, "S71": LEG | TRUNK, "S81": LEG, "S91": FOOT | LEG}  # fmt: skip
_GENITAL: Final = ("C60", "C632", "C51", "D290", "D280", "D071", "D074", "N48", "N90")

# Words of the chart, each with the sites that it may mean.
_SAID: Final[tuple[tuple[str, int], ...]] = (
    (r"\blips?\b|vermilion|philtrum", LIP),
    (r"eyelid|\blid\b|\blids\b", EYELID),
    (r"canth", EYELID | FACE | NOSE),
    (r"\bears?\b|helix|tragus|\bpinna|concha|auricle|earlobe", EAR),
    (r"postauric|retroauric|behind the ear|preauric", EAR | SCALP | NECK | FACE),
    (r"\bnose\b|\bala\b|\balar\b|nostril|columella|nasal (?:tip|ala|side|dors|bridge|root|supra)", NOSE),
    (r"nasolab|nasofac|naso-|paranasal|nasal (?:fold|sulcus)", NOSE | FACE | LIP),
    (r"cheek|forehead|\bchin\b|temple|\bface\b|facial|jaw|glabell|eyebrow|malar|zygoma|mandib", FACE),
    (r"buccal|\bmouth|\boral\b|mucos|tongue|gingiv", MOUTH | LIP),
    (r"scalp|vertex|occip|parietal", SCALP),
    (r"\bneck\b|nape|cervical", NECK),
    (r"axill|armpit", AXILLA | TRUNK),
    (r"\bback\b|chest|abdom|flank|trunk|breast|nipple|areola|buttock|stern|umbilic|scapul|\brib", TRUNK),
    (r"groin|inguin|pubi|perine|perian|\banus\b|\banal\b|gluteal cleft", TRUNK | GENITAL | LEG),
    (r"shoulder|clavic", ARM | TRUNK),
    (r"\bhips?\b", LEG | TRUNK),
    (r"\barms?\b|forearm|elbow|upper extrem|biceps|triceps|antecub", ARM),
    (r"wrist", ARM | HAND),
    (r"\bhands?\b|finger|thumb|\bpalms?\b|palmar|knuckle", HAND),
    (r"\blegs?\b|thigh|knee|\bshin|calf|calves|popliteal|pretib|lower extrem", LEG),
    (r"ankle", LEG | FOOT),
    (r"\bfoot\b|\bfeet\b|\btoes?\b|plantar|\bsoles?\b|\bheel", FOOT),
    (r"penis|penile|scrot|vulva|labia|genital|glans|foreskin|prepuce|vagin|clitor", GENITAL),
)  # fmt: skip


@cache
def of_diagnosis(dx: str) -> int:
    """Sites that a diagnosis (without dot) names; 0 where it names none."""
    if dx.startswith(_GENITAL):
        return GENITAL
    category, fourth = dx[:3], dx[3:4]
    if category in {"C43", "C44", "C4A", "D03", "D04", "D22", "D23"}:
        return _of_neoplasm(dx, category, fourth)
    if category == "S01":
        return _WOUND_HEAD.get(fourth, 0)
    return _WOUND.get(category, 0)


def _of_neoplasm(dx: str, category: str, fourth: str) -> int:
    if fourth == "3" and category == "C44":
        return {"1": NOSE, "9": FACE}.get(dx[5:6], NOSE | FACE)
    if fourth == "3" and category in {"C43", "C4A"}:
        return {"1": NOSE, "9": FACE}.get(dx[4:5], NOSE | FACE)
    anal = (category in {"C43", "C4A", "D03"} and dx[3:5] == "51") or (dx[3:4] == "5" and dx[5:6] == "0")
    return TRUNK | GENITAL if anal else _BY_FOURTH.get(fourth, 0)


def with_sites(lines: pl.DataFrame) -> pl.DataFrame:
    """Lines with `_sites`, the sites that their diagnoses name (0: none), looked up once per distinct diagnosis."""
    used = set().union(*(lines[d].unique().drop_nulls().to_list() for d in c.DIAGNOSES))
    known = {dx: mask for dx in used if (mask := of_diagnosis(dx))}
    old, new = pl.Series(list(known), dtype=pl.String), pl.Series(list(known.values()), dtype=pl.Int32)
    each: Iterable[pl.Expr] = (
        pl.col(d).replace_strict(old, new, default=0, return_dtype=pl.Int32).fill_null(0) for d in c.DIAGNOSES
    )
    sites = pl.lit(0, dtype=pl.Int32)
    for one in each:
        sites = sites | one
    return lines.with_columns(sites.alias("_sites"))


def of_words(column: str = c.DOC_SITE) -> pl.Expr:
    """Sites that the chart's words name (0: none that is known)."""
    text = pl.col(column).str.to_lowercase().fill_null("")
    sites = pl.lit(0, dtype=pl.Int32)
    for pattern, mask in _SAID:
        found = pl.when(text.str.contains(pattern)).then(pl.lit(mask, dtype=pl.Int32)).otherwise(0)
        sites = sites | found.cast(pl.Int32)
    return sites


@cache
def allowed() -> pl.Expr:
    """Sites that the line's code is for (0: the code names none)."""
    return pl.col(c.CODE).replace_strict(ALLOWED, default=0, return_dtype=pl.Int32)


@cache
def words_of_code() -> pl.Expr:
    """The sites of the line's code in words."""
    return pl.col(c.CODE).replace_strict(WORDS, default=None, return_dtype=pl.String)
