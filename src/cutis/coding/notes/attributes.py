"""The plain facts of a clause: sites with their side, diagnoses and how sure they are, and what is counted."""

import re
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from cutis.coding.notes.context import DONE, NEGATED, Scopes
from cutis.coding.notes.document import Clause, Document
from cutis.coding.notes.families import FAMILY
from cutis.coding.notes.lexicon import Mention, natures
from cutis.coding.notes.measures import ROMAN, WORDS, number
from cutis.coding.notes.roles import Size, sizes

_APART: Final = frozenset(["near", "adjacent", "beside", "overlying", "over"])
_SIDE_REACH: Final = 4  # tokens between a side and its site: "R lat upper back"
_NOUN_REACH: Final = 4  # tokens between a number and its noun: "14 small soft skin tags"
_AGE: Final = frozenset({"yo", "y", "year", "yr", "f", "m", "/", "male", "female", "%", "°"})
_STOP_WORDS: Final = frozenset(
    {"with", "w", "and", "or", "by", "for", "from", "at", "per", "then", "was", "were", "is", "to"}
)
_VAGUE: Final = {
    "few": "simple",
    "several": "several",
    "multiple": "multiple",
    "numerous": "extensive",
    "many": "extensive",
}


class Site(NamedTuple):
    """A place: the coder's words with the side before them."""

    text: str
    side: str
    base: str
    first: int
    last: int
    start: int
    end: int


class Dx(NamedTuple):
    """A diagnosis; `sure` is asserted, suspected (r/o, ?, vs) or path (a pathology result)."""

    value: str
    sure: str
    first: int
    last: int
    start: int
    end: int


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


@dataclass(slots=True)
class Facts:
    """All attributes of a token range, each list in order of place."""

    sites: list[Site] = field(default_factory=list)
    dxs: list[Dx] = field(default_factory=list)
    counts: list[Count] = field(default_factory=list)
    sizes: list[Size] = field(default_factory=list)
    others: list[Mention] = field(default_factory=list)

    def within(self, first: int, last: int) -> "Facts":
        """The attributes that begin in a token range."""
        return Facts(
            [s for s in self.sites if first <= s.first < last],
            [d for d in self.dxs if first <= d.first < last],
            [c for c in self.counts if first <= c.first < last],
            [s for s in self.sizes if first <= s.first < last],
            [m for m in self.others if first <= m.first < last],
        )

    def without(self, spans: list[tuple[int, int]]) -> "Facts":
        """The attributes outside some token ranges."""

        def outside(at: int) -> bool:
            return not any(first <= at < last for first, last in spans)

        return Facts(
            [s for s in self.sites if outside(s.first)],
            [d for d in self.dxs if outside(d.first)],
            [c for c in self.counts if outside(c.first)],
            [s for s in self.sizes if outside(s.first)],
            [m for m in self.others if outside(m.first)],
        )

    def values(self, kind: str) -> list[str]:
        """Values of the other mentions of a kind, in order."""
        return [m.value for m in self.others if m.kind == kind]

    def mention(self, kind: str) -> Mention | None:
        """The first other mention of a kind."""
        return next((m for m in self.others if m.kind == kind), None)


# Names that hold a number of their own: LN2, J7308, 308 nm excimer, index "2nd finger".
_NUMBERED: Final = frozenset({"technique", "method", "drug", "closure", "site", "biologic", "rx_drug", "agent"})
_OTHER: Final = frozenset(
    {"neg_pre", "hist_pre", "hist_post", "plan_pre", "plan_post", "site", "nail_site", "dx", "side", "qualifier"}
)


def facts_of(document: Document, clause: Clause, scopes: Scopes) -> Facts:
    """The attributes of a clause; what is negated is left out."""
    sites = _sites(document, clause, scopes)
    dxs = _dxs(document, clause, scopes)
    return Facts(
        sites,
        dxs,
        _counts(document, clause, sites),
        sizes(document, clause),
        [m for m in clause.mentions if m.kind not in _OTHER],
    )


def _sites(document: Document, clause: Clause, scopes: Scopes) -> list[Site]:
    tokens = document.tokens
    places = [m for m in clause.mentions if m.kind in {"site", "nail_site"}]
    sides = [m for m in clause.mentions if m.kind == "side"]
    found: list[Site] = []
    used: set[int] = set()
    for at, place in enumerate(places):
        before = tokens[place.first - 1].norm if place.first > clause.first else ""
        after = tokens[place.last].norm if place.last < clause.last else ""
        adjective = (
            before in _APART and place.first - 2 >= clause.first and any(p.last == place.first - 1 for p in places)
        )
        if any(m.kind == "drug" and m.first <= place.first < m.last for m in clause.mentions):
            continue
        if (
            (before in _APART and not adjective)
            or after in _APART
            or (before == "to" and document.words(place.first - 2, place.first - 1) in {"adjacent", "next", "close"})
        ):
            continue
        if scopes.status(place) == NEGATED or (
            before == "from" and any(m.kind == "technique" and FAMILY.get(m.value) == "graft" for m in clause.mentions)
        ):
            continue
        floor = places[at - 1].last if at else clause.first
        ahead = [s for s in sides if floor <= s.first and s.last <= place.first and place.first - s.last <= _SIDE_REACH]
        ceiling = places[at + 1].first if at + 1 < len(places) else clause.last
        behind = [
            s
            for s in sides
            if s.first not in used
            and place.last <= s.first <= place.last + 1
            and (
                s.last >= clause.last
                or tokens[s.last].raw in {",", ".", ";", ")", "(", ":"}
                or (s.last < ceiling and not ahead and ceiling - s.last > 2)
            )
        ]
        found.extend(_sided(place, ahead, behind, used, tokens, document))
    return _joined(document, found)


def _sided(
    place: Mention, ahead: list[Mention], behind: list[Mention], used: set[int], tokens: list, document: Document
) -> list[Site]:  # type: ignore[type-arg]
    """One site, or two where both sides stand before it: "R and L forearm"."""
    base = place.value
    chosen = ahead[-1:] or behind[:1]
    if len(ahead) > 1:
        between = {tokens[i].raw.lower() for i in range(ahead[-2].last, ahead[-1].first)}
        if between <= {"and", "&", "/", "+", ","} and {ahead[-2].value, ahead[-1].value} == {"right", "left"}:
            chosen = ahead[-2:]
    for side in chosen:
        used.add(side.first)
    if not chosen:
        return [Site(base, "", base, place.first, place.last, place.start, place.end)]
    sites = []
    for side in chosen:
        first, last = min(side.first, place.first), max(side.last, place.last)
        start, end = min(side.start, place.start), max(side.end, place.end)
        text = f"both {base}" if side.value == "bilateral" else f"{side.value} {base}"
        sites.append(Site(text, side.value, base, first, last, start, end))
    return sites


def _joined(document: Document, sites: list[Site]) -> list[Site]:
    """Sites that touch without a word of listing between them name one place: "L thumb lateral nail fold"."""
    found: list[Site] = []
    qualifiers = {m.first for m in document.mentions if m.kind == "qualifier"}
    for site in sites:
        if found:
            gap = range(found[-1].last, site.first)
            words = {document.tokens[i].raw.lower() for i in gap if i not in qualifiers}
            if (
                words <= {"of", "the", "on", "skin", "(", ")"}
                and not (site.side and found[-1].side and site.side != found[-1].side)
                and found[-1].first != site.first
            ):
                found[-1] = _merge(found[-1], site)
                continue
        found.append(site)
    return found


def _merge(a: Site, b: Site) -> Site:
    side = a.side or b.side
    bases = [x.base for x in (a, b)]
    base = bases[0] if bases[0] in bases[1] and bases[0] != "nail" else " ".join(dict.fromkeys(bases))
    if bases[1] in bases[0]:
        base = bases[0]
    lead = {"bilateral": "both "}.get(side, f"{side} " if side else "")
    return Site(lead + base, side, base, a.first, b.last, a.start, b.end)


_DOUBT: Final = re.compile(
    r"(?:r/o|rule[sd]? out|\?|\bvs\.?|concern(?:ing)? for|suspicious for|suspect(?:ed)?|poss(?:ible|ibly)?|prob(?:able|ably)?|likely|favor|ddx|atypical|consistent with|appears|looks like|resembl)\W*(?:an?\s)?(?:\w+\W+){0,2}$",
    re.IGNORECASE,
)
_DOUBT_AFTER: Final = re.compile(r"^\s*(?:\?|vs\b|suspected)", re.IGNORECASE)
_PATH_REACH: Final = 8


def _dxs(document: Document, clause: Clause, scopes: Scopes) -> list[Dx]:
    found = []
    path = [m for m in clause.mentions if m.kind in {"path", "proven"}]
    label_path = False
    if clause.label:
        label_path = any(m.kind == "path" and clause.label[0] <= m.first < clause.label[1] for m in document.mentions)
    for mention in clause.mentions:
        if mention.kind != "dx" or scopes.status(mention) == NEGATED:
            continue
        if mention.value == "lesion" and any(
            m.kind == "technique" and m.first <= mention.first < m.last for m in clause.mentions
        ):
            continue
        before = document.text[max(0, mention.start - 40) : mention.start]
        before = re.split(r"[.;:,\n]\s", before)[-1]
        sure = "asserted"
        if (
            label_path
            or any(0 <= mention.first - p.last <= _PATH_REACH for p in path if p.kind == "path")
            or any(p.kind == "proven" and abs(mention.first - p.last) <= 2 for p in path)
        ):
            sure = "path"
        elif _DOUBT.search(before) or _DOUBT_AFTER.match(document.text[mention.end : mention.end + 10]):
            sure = "suspected"
        found.append(Dx(mention.value, sure, mention.first, mention.last, mention.start, mention.end))
    return found


def _counts(document: Document, clause: Clause, sites: list[Site]) -> list[Count]:
    """Numbers that count something, with what they count."""
    measured = {
        i for m in clause.mentions if m.kind in _NUMBERED for i in range(m.first, m.last) if m.last - m.first > 1
    }
    measured |= {
        i
        for m in clause.measures
        for i in range(document.token_at(m.start), max(document.token_at(m.end), document.token_at(m.start) + 1))
    }
    found: list[Count] = []
    at = clause.first
    while at < clause.last:
        step = None if at in measured else _count_at(document, clause, at, sites, measured)
        if step is None:
            at += 1
            continue
        found.append(step)
        at = step.last
    return found


def _count_at(document: Document, clause: Clause, at: int, sites: list[Site], measured: set[int]) -> Count | None:
    tokens = document.tokens
    raw = tokens[at].raw
    if raw.lower() in {"x", "×", "*", "#"} and at + 1 < clause.last and at + 1 not in measured:  # noqa: RUF001
        n = number(tokens, at + 1)
        if n is not None:
            return _times(document, clause, at, n, hash_mark=raw == "#")
    if raw == "n" and document.words(at + 1, at + 2) == "=" and at + 2 < clause.last and (n := number(tokens, at + 2)):
        return _count(document, n[0], "lesion", at, n[1])
    vague = _VAGUE.get(raw.lower())
    n = number(tokens, at)
    if n is None or vague:
        return None
    return _plain(document, clause, at, n, sites)


def _count(
    document: Document, value: int, noun: str, first: int, last: int, *, more: bool = False, weak: bool = False
) -> Count:
    return Count(value, noun, first, last, document.tokens[first].start, document.tokens[last - 1].end, more, weak)


def _noun_after(document: Document, clause: Clause, at: int) -> tuple[str, int] | None:
    """What stands after a number: the noun counted and where it begins."""
    tokens = document.tokens
    # A compound noun as "patch allergen" begins with words of their own; its head decides.
    for place in range(at, min(at + _NOUN_REACH, clause.last)):
        raw, norm = tokens[place].raw, tokens[place].norm
        for mention in clause.mentions:
            if mention.first != place:
                continue
            if mention.kind == "counted":
                return (
                    "nail"
                    if mention.value == "nail_noun"
                    else "lesion"
                    if mention.value == "lesion_noun"
                    else mention.value
                ), place
            if mention.kind == "allergen":
                return "allergen", place
            if mention.kind in {"dx", "nail_site"}:
                return ("nail" if mention.kind == "nail_site" else "lesion"), place
            if (
                mention.kind == "technique"
                and mention.value in {"biopsy", "punch biopsy", "tangential biopsy", "incisional biopsy"}
                and place == at
            ):
                return "lesion", place
        if (
            not raw[0].isalpha()
            or norm in _STOP_WORDS
            or (place > at and norm in WORDS)
            or any(m.first == place and m.kind in {"technique", "method"} for m in clause.mentions)
        ):
            return None
    return None


def _times(document: Document, clause: Clause, at: int, n: tuple[int, int], *, hash_mark: bool) -> Count | None:
    """ "x3" and "#3": of what, by the noun after it or the mention before it."""
    value, last = n
    noun = _noun_after(document, clause, last) if last < clause.last else None
    before = [
        m
        for m in clause.mentions
        if m.last in {at, at - 1} and m.kind in {"technique", "method", "counted", "dx", "site"}
    ]
    kinds = {(m.kind, m.value) for m in before}
    if hash_mark:
        if (
            noun
            and noun[1] == last
            and noun[0] == "lesion"
            and not kinds & {("technique", "mohs")}
            and (at == clause.first or document.tokens[at - 1].raw != "site")
        ):
            return _count(document, value, "lesion", at, last)
        if document.tokens[at - 1].raw == "(" and at > clause.first:
            return _count(document, value, "lesion", at, last)
        return _count(document, value, "ordinal", at, last)
    if noun and noun[1] == last and noun[0] not in {"lesion", "allergen", "nail"}:
        return _count(document, value, noun[0], at, noun[1] + 1)
    counted = [v for k, v in kinds if k == "counted" and v not in {"lesion_noun", "nail_noun"}]
    if counted:
        return _count(document, value, counted[0], at, last)
    if kinds & {("technique", "malignant destruction"), ("method", "curettage"), ("method", "electro")}:
        return _count(document, value, "cycle", at, last)
    return _count(document, value, "lesion", at, last, weak=any(k == "method" for k, _ in kinds))


def _plain(document: Document, clause: Clause, at: int, n: tuple[int, int], sites: list[Site]) -> Count | None:
    tokens = document.tokens
    value, last = n
    word = not tokens[at].raw.isdigit()
    after = tokens[last].norm if last < clause.last else ""
    before = tokens[at - 1].raw.lower() if at > clause.first else ""
    if tokens[at].norm in {"a", "an", "once", "twice", "thrice", "zero"} or (
        after in _AGE and not word and after != "/"
    ):
        return None
    more = before in {">", "≥", "over", "least", "than"}
    stage = [m for m in clause.mentions if m.kind == "counted" and m.value in {"stage", "block"} and m.last == at]
    if stage and not word and not (stage[0].first > clause.first and tokens[stage[0].first - 1].raw.isdigit()):
        return _count(document, value, f"{stage[0].value} number", at, last)
    noun = _noun_after(document, clause, last)
    if noun is not None:
        return _count(document, value, noun[0], at, last, more=more)
    if word or before in {
        "pod",
        "day",
        "week",
        "month",
        "age",
        "aged",
        "room",
        "dr",
        "type",
        "grade",
        "level",
        "version",
    }:
        return None
    if before == "/" or after == "/":
        return None
    follows = any(s.last == at or (s.last == at - 1 and before == "(") for s in sites) or any(
        m.kind == "dx"
        and (m.last == at or (m.last == at - 1 and before in {"(", ":"}) or (m.last == at - 2 and before in {">", "≥"}))
        for m in clause.mentions
    )
    if not follows and more and before != "":
        follows = tokens[at - 2].raw == "(" if at - 2 >= clause.first else False
    leads = any(s.first == last or (s.first == last + 1 and after in {"on", "to", "of", "in", "over"}) for s in sites)
    total = before in {"of", ":", "=", "total"} and "total" in document.words(max(clause.first, at - 3), at)
    if follows or leads or total:
        return _count(document, value, "lesion", at, last, more=more, weak=not total)
    return None


def nature(dx: str) -> str:
    """Malignant, premalignant, benign, acute, generic, or skin disease."""
    return natures().get(dx, "disease")


__all__ = ["DONE", "ROMAN", "WORDS", "Count", "Dx", "Facts", "Site", "facts_of", "nature"]
