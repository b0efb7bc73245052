"""Numbers that count something: "x3", "14 skin tags", "L knee 9", "2 stages"; and what they count."""

import re
from typing import Final, NamedTuple

from cutis.coding.notes.document import Clause, Document
from cutis.coding.notes.lexicon import Mention
from cutis.coding.notes.measures import WORDS, number

_NOUN_REACH: Final = 4  # tokens between a number and its noun: "14 small soft skin tags"
_AGE: Final = frozenset({"yo", "y", "year", "yr", "f", "m", "male", "female", "%", "°"})
_ORDINAL_ENDS: Final = frozenset({"st", "nd", "rd", "th"})
_STOP_WORDS: Final = frozenset(
    {"with", "w", "and", "or", "by", "for", "from", "at", "per", "then", "was", "were", "is", "to"}
)
_NOT_COUNTED: Final = frozenset(
    ["pod", "day", "week", "month", "age", "aged", "room", "dr", "type", "grade", "level", "version"]
)
_ARTICLES: Final = frozenset({"a", "an", "once", "twice", "thrice", "zero"})
_BIOPSIES: Final = frozenset({"biopsy", "punch biopsy", "tangential biopsy", "incisional biopsy"})
# Names that hold a number of their own: LN2, J7308, 308 nm excimer, 2nd finger.
_NUMBERED: Final = frozenset({"technique", "method", "drug", "closure", "site", "biologic", "rx_drug", "agent"})
_CYCLED: Final = frozenset({("technique", "malignant destruction"), ("method", "curettage"), ("method", "electro")})
_TREATMENTS: Final = frozenset(
    {"snip", "shave removal", "skin tag removal", "destruction", "removal", "paring", "malignant destruction"}
)
_PLACED: Final = frozenset({"on", "to", "of", "in", "over"})
_DASHES: Final = frozenset({"-", "–", "—", ":", "=", "|"})  # noqa: RUF001
_MOST: Final = 300  # a bare number above is no count of lesions
_COUNT_LABEL: Final = re.compile(
    r"(?:total\s)?(?:number|no\.?|#|count|quantity|qty|how many)(?:\s(?:of|treated|destroyed|removed|lesions?|sites?|aks?|warts?|tags?))*|lesions? treated|total(?: treated)?"
)
_MORE: Final = frozenset({">", "≥", "over", "least", "than"})


_THREAD_ENDS: Final = frozenset({"-0", "\u20130", "- 0"})


def document_words(document: Document, first: int, last: int) -> str:
    """Lower-case words of a token range that may reach beyond the end of the note."""
    return document.words(first, min(last, len(document.tokens)))


class Count(NamedTuple):
    """A number of things: lesions, blocks, stages, cycles and so on.

    `more` says that the chart wrote a lower bound (>50). `noun` is what is counted; `weak` a bare number.
    """

    value: int
    noun: str
    first: int
    last: int
    start: int
    end: int
    more: bool = False
    weak: bool = False


class Counter:
    """Finds the counts of a clause.

    Args:
        document: the note.
        clause: one of its clauses.
        sites: token ranges of its sites, first and last.
    """

    def __init__(self, document: Document, clause: Clause, sites: list[tuple[int, int]]) -> None:
        self._document = document
        self._clause = clause
        self._sites = sites
        self._by_first: dict[int, list[Mention]] = {}
        for mention in clause.mentions:
            self._by_first.setdefault(mention.first, []).append(mention)
        self._taken = {
            i for m in clause.mentions if m.kind in _NUMBERED and m.last - m.first > 1 for i in range(m.first, m.last)
        }
        for measure in clause.measures:
            at = document.token_at(measure.start)
            self._taken |= set(range(at, max(document.token_at(measure.end), at + 1)))

    def find(self) -> list[Count]:
        """The counts in order of place."""
        found: list[Count] = []
        at = self._clause.first
        while at < self._clause.last:
            count = None if at in self._taken else self._at(at)
            if count is not None:
                found.append(count)
            at = count.last if count else at + 1
        return found

    def _at(self, at: int) -> Count | None:
        tokens, last = self._document.tokens, self._clause.last
        raw = tokens[at].raw.lower()
        if raw in {"x", "×", "*", "#"} and at + 1 < last and at + 1 not in self._taken:  # noqa: RUF001
            n = number(tokens, at + 1)
            if n is not None and not (raw != "#" and at > self._clause.first and self._dimension(at - 1)):
                return self._hash(at, n) if raw == "#" else self._times(at, n)
        if raw == "n" and at + 2 < last and tokens[at + 1].raw == "=" and (n := number(tokens, at + 2)):
            return self._count(n[0], "lesion", at, n[1])
        n = number(tokens, at)
        if n is not None and at == self._clause.first and n[1] == last and self._counting_label():
            return self._count(n[0], "lesion", at, last)
        return None if n is None else self._plain(at, n)

    def _dimension(self, at: int) -> bool:
        """Whether a number before an "x" is the other side of a square: 2 x 2 gauze; not the 2 of LN2 nor a code."""
        raw = self._document.tokens[at].raw
        return raw.isdecimal() and len(raw) < 3 and at not in self._taken

    def _counting_label(self) -> bool:
        """Whether the words before the colon are "Number treated" and the like."""
        label = self._clause.label
        return label is not None and _COUNT_LABEL.fullmatch(self._document.words(*label)) is not None

    def _count(self, value: int, noun: str, first: int, last: int, *, more: bool = False, weak: bool = False) -> Count:
        tokens = self._document.tokens
        return Count(value, noun, first, last, tokens[first].start, tokens[last - 1].end, more, weak)

    def _noun(self, at: int) -> tuple[str, int] | None:
        """What stands after a number: the noun counted and the token where it begins."""
        tokens = self._document.tokens
        for place in range(at, min(at + _NOUN_REACH, self._clause.last)):
            for mention in self._by_first.get(place, ()):
                noun = _noun_of(mention, near=place == at)
                if noun:
                    return noun, place
            token = tokens[place]
            act = any(m.kind in {"technique", "method"} for m in self._by_first.get(place, ()))
            if not token.raw[0].isalpha() or token.norm in _STOP_WORDS or (place > at and token.norm in WORDS) or act:
                return None
        return None

    def _before(self, at: int) -> set[tuple[str, str]]:
        kinds = {"technique", "method", "counted", "dx", "site"}
        return {(m.kind, m.value) for m in self._clause.mentions if m.last in {at, at - 1} and m.kind in kinds}

    def _hash(self, at: int, n: tuple[int, int]) -> Count:
        """For "#3": a count before its noun or in brackets, else the number of a thing in a row."""
        value, last = n
        noun = self._noun(last) if last < self._clause.last else None
        before = self._document.tokens[at - 1].raw if at > self._clause.first else ""
        counts = noun == ("lesion", last) and ("technique", "mohs") not in self._before(at) and before != "site"
        return self._count(value, "lesion" if counts or before == "(" else "ordinal", at, last)

    def _times(self, at: int, n: tuple[int, int]) -> Count:
        """Of what "x3" is a count, by the noun after it or the mention before it."""
        value, last = n
        noun = self._noun(last) if last < self._clause.last else None
        if noun and noun[1] == last and noun[0] not in {"lesion", "allergen", "nail"}:
            return self._count(value, noun[0], at, last + 1)
        before = self._before(at)
        counted = [v for k, v in before if k == "counted" and v not in {"lesion_noun", "nail_noun"}]
        if counted:
            return self._count(value, min(counted), at, last)
        if before & _CYCLED:
            return self._count(value, "cycle", at, last)
        return self._count(value, "lesion", at, last, weak=any(k == "method" for k, _ in before))

    def _plain(self, at: int, n: tuple[int, int]) -> Count | None:
        """A number by itself: counts by the noun after it, or a bare one beside a place or a diagnosis."""
        tokens = self._document.tokens
        value, last = n
        digits = tokens[at].raw.isdecimal()
        after = tokens[last].norm if last < self._clause.last else ""
        before = tokens[at - 1].raw.lower() if at > self._clause.first else ""
        if digits and document_words(self._document, last, last + 2) in _THREAD_ENDS:
            return None  # "4-0 Vicryl" is a thread
        if tokens[at].norm in _ARTICLES or (digits and after in _AGE | _ORDINAL_ENDS):
            return None
        if digits and (ordinal := self._numbered(at)):
            return self._count(value, ordinal, at, last)
        noun = self._noun(last)
        more = before in _MORE
        if noun is not None:
            return self._count(value, noun[0], at, last, more=more)
        if not digits and self._by_side(at, last) and tokens[at].norm not in {"pair", "couple", "both"}:
            return self._count(value, "lesion", at, last)
        if not digits or value > _MOST or before in _NOT_COUNTED or "/" in {before, after}:
            return None
        total = before in {"of", ":", "=", "total"} and "total" in self._document.words(
            max(self._clause.first, at - 3), at
        )
        if total or self._beside(at, last, before, after):
            return self._count(value, "lesion", at, last, more=more, weak=not total)
        return None

    def _numbered(self, at: int) -> str | None:
        """Whether "stage 2" is the second stage, not two stages; "1 stage 3 blocks" is one stage."""
        tokens = self._document.tokens
        for mention in self._clause.mentions:
            if mention.kind == "counted" and mention.value in {"stage", "block"} and mention.last == at:
                counted = mention.first > self._clause.first and tokens[mention.first - 1].raw.isdecimal()
                return None if counted else f"{mention.value} number"
        return None

    def _beside(self, at: int, last: int, before: str, after: str) -> bool:
        """A bare number after a place or a diagnosis, "L knee 9", or before a place, "5 on face"."""
        tokens = self._document.tokens
        opened = before == "(" or before in _DASHES
        if any(s_last == at or (s_last == at - 1 and opened) for _, s_last in self._sites):
            return True
        if any(s_first == last or (s_first == last + 1 and after in _PLACED) for s_first, _ in self._sites):
            return True
        if self._treated(last, before) or self._by_side(at, last):
            return True
        if before in {">", "≥"} and at - 2 >= self._clause.first and tokens[at - 2].raw == "(":
            return True
        return any(
            m.last == at or (m.last == at - 1 and opened) or (m.last == at - 2 and before in {">", "≥"})
            for m in self._clause.mentions
            if m.kind == "dx"
        )

    def _by_side(self, at: int, last: int) -> bool:
        """Whether a bare number belongs to a side in a list of sides: "forearms: 6 L, 5 R", "L 6, R 5"."""
        sides = [m for m in self._clause.mentions if m.kind == "side" and m.value != "bilateral"]
        if any(first < at < end and any(m.first == last for m in sides) for first, end in self._sites):
            return True  # "ears 1 L"
        if len({m.value for m in sides}) < 2:
            return False
        after = last
        while after < self._clause.last and self._document.tokens[after].norm in {*_PLACED, "the"}:
            after += 1
        return any(m.first == after or m.last == at for m in sides)

    def _treated(self, last: int, before: str) -> bool:
        """Whether a bare number stands before how its lesions were treated: "AKs: 9 LN2, 6 curetted"."""
        opens = before in {"", ",", ";", "(", "and", "+", "&"} or before in _DASHES
        named = self._clause.label is not None and any(
            m.kind == "dx" for m in self._document.within(*self._clause.label)
        )
        named = named or any(m.kind == "dx" and m.first < last for m in self._clause.mentions)
        treated = (
            m.kind == "method" or (m.kind == "technique" and m.value in _TREATMENTS)
            for m in self._by_first.get(last, ())
        )
        return opens and named and any(treated)


def _noun_of(mention: Mention, *, near: bool) -> str | None:
    """What a mention after a number makes it count."""
    if mention.kind == "counted":
        return {"nail_noun": "nail", "lesion_noun": "lesion"}.get(mention.value, mention.value)
    if mention.kind == "allergen":
        return "allergen"
    if mention.kind == "nail_site":
        return "nail"
    if mention.kind == "dx" or (near and mention.kind == "technique" and mention.value in _BIOPSIES):
        return "lesion"
    return None
