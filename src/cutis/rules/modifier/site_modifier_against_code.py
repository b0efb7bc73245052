"""An eyelid or digit modifier on a code of another part of the body."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import expand, load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, any_modifier, rule
from cutis.rules._shared.modifiers import DIGITS, EYELIDS, first_of

_FAMILIES = load_families()
_TRUNK = (
    _FAMILIES.codes("shave_trunk")
    | _FAMILIES.codes("benign_excision_trunk")
    | _FAMILIES.codes("malignant_excision_trunk")
)
_SCALP = (
    _FAMILIES.codes("shave_scalp")
    | _FAMILIES.codes("benign_excision_scalp")
    | _FAMILIES.codes("malignant_excision_scalp")
)
_FACE = (
    _FAMILIES.codes("shave_face") | _FAMILIES.codes("benign_excision_face") | _FAMILIES.codes("malignant_excision_face")
)
# site groups of repairs, flaps, grafts and destruction, restated from CPT: trunk; arms, legs and scalp; face
_WITHOUT_HANDS_OR_FACE = frozenset(
    expand("12031-12037 13100-13102 13120-13122 14000 14001 14020 14021 15200 15201 15220 15221 17260-17266")
)
_EYELID_GROUP = frozenset(expand("12011-12018 12051-12057 13151-13153 14060 14061 15260 15261 17280-17286"))
_HANDS_GROUP = frozenset(expand("12041-12047 13131-13133 14040 14041 15240 15241 17270-17276"))
NO_EYELID = (
    _TRUNK | _SCALP | _WITHOUT_HANDS_OR_FACE | _HANDS_GROUP | _FAMILIES.codes("nail") | frozenset(expand("12001-12007"))
)
NO_DIGIT = _TRUNK | _FACE | _WITHOUT_HANDS_OR_FACE | _EYELID_GROUP
ELSEWHERE = NO_EYELID | NO_DIGIT


@rule(
    "site-modifier-against-code",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    evidence=Evidence.PUBLISHED,
    authority="CPT site groups of the skin codes, restated; NCCI policy manual, chapter I, section E (anatomic modifiers)",
    carc="4",
    since="0.1.0",
    modifiers=(*EYELIDS, *DIGITS),
    codes=ELSEWHERE,
    fix=FixKind.NEEDS_CHART,
    fix_text="Use the code of the site that {modifier} names, or take {modifier} off.",
    question="On which part of the body was {code} done?",
    message="{modifier} on {code}: the modifier names {names}, and the code is for other sites.",
    facts=("AN-01", "EX-04"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The anatomic modifier names a place that the code is not for.

    What it finds:
        E1 to E4 on skin codes whose site group does not hold the eyelid, and FA, F1 to F9, TA, T1 to T9 on those whose
        group does not hold hands and feet.

    Why:
        Site and code are two statements of one fact. Where they differ one is wrong: the price may be, and the bypass
        of an edit by that modifier is false.

    Example:
        11400 E1 dx=D22.9

    Instead:
        11440 E1 dx=D22.9

    References:
        CPT, integumentary system, site groups (restated).
    """
    some = lines.filter(any_modifier((*EYELIDS, *DIGITS)))
    eyelid = any_modifier(EYELIDS) & pl.col(c.CODE).is_in(NO_EYELID)
    digit = any_modifier(DIGITS) & pl.col(c.CODE).is_in(NO_DIGIT)
    names = pl.when(eyelid).then(pl.lit("an eyelid")).otherwise(pl.lit("a finger or toe"))
    which = pl.when(eyelid).then(first_of(EYELIDS)).otherwise(first_of(DIGITS))
    return some.filter(eyelid | digit).with_columns(which.alias("modifier"), names.alias("names"))
