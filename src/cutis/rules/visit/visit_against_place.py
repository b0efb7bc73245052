"""A visit code of another place."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import expand
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.visits import OFFICE

_PLACES = {
    "99202-99205 99211-99215": "office or outpatient visits",
    "99221-99223 99231-99233 99238 99239": "hospital inpatients and observation",
    "99281-99285": "emergency departments",
    "99304-99310": "nursing facilities",
    "99341 99342 99344 99345 99347-99350": "the patient's home",
}
HOME = {code: words for codes, words in _PLACES.items() for code in expand(codes)}
CODES = frozenset(HOME)


@rule(
    "visit-against-place",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    evidence=Evidence.PUBLISHED,
    authority="CPT sections of evaluation and management by place, restated; Medicare Claims Processing Manual, chapter 12, section 30.6",
    url="https://www.cms.gov/regulations-and-guidance/guidance/manuals/downloads/clm104c12.pdf",
    carc="5",
    since="0.1.0",
    codes=CODES,
    fix=FixKind.NEEDS_CHART,
    fix_text="Correct the place of service or use the visit code of that place.",
    question="Where was the patient seen, and as an inpatient or not?",
    message="{code} at place of service {place_of_service}: the code is for {home}.",
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The visit code is for another place of service.

    What it finds:
        Office visits of hospital inpatients (21, 51, 61); hospital, nursing facility, home and emergency visits in an
        office (11).

    Why:
        The code names the kind of place. Where it differs from the place of service the line is denied as
        inconsistent.

    Example:
        99213 dx=L40.0 pos=21

    Instead:
        99231 dx=L40.0 pos=21

    References:
        CMS, Medicare Claims Processing Manual, chapter 12, section 30.6.
    """
    place = pl.col(c.PLACE_OF_SERVICE)
    wrong = pl.when(pl.col(c.CODE).is_in(OFFICE)).then(place.is_in(["21", "51", "61"])).otherwise(place == "11")
    home = pl.col(c.CODE).replace_strict(HOME, return_dtype=pl.String)
    return lines.filter(wrong.fill_null(value=False)).with_columns(home.alias("home"))
