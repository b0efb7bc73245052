"""Do two words name one act? "Punch ... biopsy", "excised ... ellipse", "curetted ... and desiccated"."""

from typing import Final, NamedTuple

from cutis.coding.notes.attributes import Facts
from cutis.coding.notes.document import Document
from cutis.coding.notes.families import GENERIC
from cutis.coding.notes.lexicon import Mention

DELIMITERS: Final = frozenset(
    {",", "and", "then", "+", "&", "/", "with", "w", "also", "plus", "(", "–", "—", "followed", "|"}  # noqa: RUF001
)
_CLOSABLE: Final = frozenset({"excision", "mohs", "biopsy", "shave", "tag", "nail", "foreign", "remove"})
_REMOVABLE: Final = frozenset({"tag", "shave", "excision", "destroy", "nail", "foreign", "aftercare", "biopsy"})
BARE_NAILS: Final = frozenset({"nail", "toenail", "fingernail", "nail fold"})
_LOOK_AHEAD: Final = 6


class Pair(NamedTuple):
    """Two neighbouring words for acts of one clause.

    Attributes:
        family: of the act so far.
        techniques: named so far.
        before: its last word.
        mention: the next word.
        next_family: the family of the next word.
    """

    family: str
    techniques: list[str]
    before: Mention
    mention: Mention
    next_family: str


def merges(document: Document, pair: Pair, facts: Facts) -> bool:
    """Whether the next word belongs to the act before it.

    Args:
        document: the note.
        pair: the two words.
        facts: of the clause.
    """
    between = facts.within(pair.before.last, pair.mention.first)
    after = facts.within(pair.mention.last, pair.mention.last + _LOOK_AHEAD)
    span = range(pair.before.last, pair.mention.first)
    delimited = any(document.tokens[i].raw.lower() in DELIMITERS for i in span)
    target = bool(between.sites or [d for d in between.dxs if d.value != "lesion"] or between.counts)
    if pair.next_family == "repair" and pair.family in _CLOSABLE:
        return not _own_wound(pair, between, after)
    if pair.next_family == pair.family:
        return _same_family(pair, between, after, delimited=delimited, target=target)
    families = {pair.family, pair.next_family}
    if families == {"intralesional", "inject"}:
        return not (target and delimited and after.sites)  # "intralesional Kenalog ... injected into 4 keloids"
    if families == {"biopsy", "shave"} or (
        families == {"tag", "biopsy"} and "snip" in {*pair.techniques, pair.mention.value}
    ):
        # "bx of the lid, shave technique": the second word only says how.
        return not (after.sites or (delimited and target and after.dxs))
    if "remove" in families and families & _REMOVABLE:
        return not (delimited and target and (after.sites or after.dxs or pair.mention.kind == "technique"))
    return families == {"tag", "destroy"} and not (target and delimited)


def _own_wound(pair: Pair, between: Facts, after: Facts) -> bool:
    """Whether a closure stands at the head of a wound of its own: "excision L cheek; complex repair R arm 3 cm"."""
    return bool(
        after.sites
        and between.sites
        and pair.mention.kind == "closure"
        and any(s.role == "repair" for s in after.sizes)
        and after.sites[0].first < pair.mention.last + 3
    )


def _same_family(pair: Pair, between: Facts, after: Facts, *, delimited: bool, target: bool) -> bool:
    if pair.mention.kind == "closure":
        return not target and not [s for s in between.sizes if s.role == "repair"]
    if pair.next_family == "destroy":
        return not (delimited and target and (after.sites or after.dxs))
    if pair.next_family == "biopsy" and "nail unit biopsy" in pair.techniques:
        return not after.sites  # "nail bed biopsy, 3 mm punch through the plate"
    if pair.next_family == "biopsy" and set(pair.techniques) <= {"biopsy"}:
        return not (target and delimited and after.sites)  # "biopsy of both sites, 3 mm punch each"
    same = pair.mention.value in pair.techniques or pair.mention.value in GENERIC or set(pair.techniques) <= GENERIC
    if same:
        return not (target and delimited and (after.sites or after.dxs))
    if pair.next_family == "nail":
        return not (delimited and any(s.base not in BARE_NAILS for s in after.sites))
    return pair.next_family == "flap" and not target
