"""The plain facts of a clause: sites with their side, diagnoses and how sure they are, and what is counted."""

import re
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from cutis.coding.notes.context import DONE, NEGATED, PLANNED, Scopes
from cutis.coding.notes.counts import Count, Counter
from cutis.coding.notes.digits import rows
from cutis.coding.notes.document import Clause, Document
from cutis.coding.notes.families import FAMILY
from cutis.coding.notes.lexicon import Mention, natures
from cutis.coding.notes.roles import Size, sizes
from cutis.coding.notes.tokens import Token

_BESIDE: Final = frozenset(
    {
        "adjacent",
        "next",
        "close",
        "proximal",
        "distal",
        "lateral",
        "medial",
        "superior",
        "inferior",
        "anterior",
        "posterior",
        "cephalad",
        "caudal",
    }
)
_APART: Final = frozenset(["near", "adjacent", "beside", "overlying", "over"])
_SIDE_REACH: Final = 4  # tokens between a side and its site: "R lat upper back"


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


_OTHER: Final = frozenset(
    {"neg_pre", "hist_pre", "hist_post", "plan_pre", "plan_post", "site", "nail_site", "dx", "side", "qualifier"}
)


_DENIABLE: Final = frozenset({"proven", "complex_reason", "contaminated", "symptom", "reexcision"})


_BARE: Final = re.compile(
    r"\b(?:expos(?:ing|ed|ure of)|bar(?:ed|ing)|denud(?:ed|ing))\s+(?:\w+\s+){0,4}?(?:cartilage|bone|tendon|perichondrium|periosteum)\b"
    r"|\b(?:cartilage|bone|tendon|perichondrium|periosteum)\s+(?:is\s|was\s)?(?:visible|bared|laid bare)\b",
    re.IGNORECASE,
)
_NOT_BARE: Final = re.compile(r"\b(?:no|not|without|nor|denies|never)\b[^.;]{0,40}$", re.IGNORECASE)


def _laid_bare(document: Document, clause: Clause) -> list[Mention]:
    """Bone, cartilage or tendon laid bare in a wound: "exposing a strip of auricular cartilage"."""
    if clause.first >= clause.last:
        return []
    begin, end = document.tokens[clause.first].start, document.tokens[clause.last - 1].end
    found = _BARE.search(document.text, begin, end)
    if found is None or _NOT_BARE.search(document.text[begin : found.start()]):
        return []
    at = document.token_at(found.start())
    return [Mention("complex_reason", "exposed structure", at, at + 1, found.start(), found.end())]


# "Path: BCC, free margins": no tumour at the edge, and no edge of a lid, lip or nostril
_FREE_OF_TUMOR: Final = re.compile(
    r"\bmargins$|\b(?:path\w*|histolog\w*|bcc|scc|melanoma|carcinoma)\b[^.;]*$", re.IGNORECASE
)


def facts_of(document: Document, clause: Clause, scopes: Scopes) -> Facts:
    """The attributes of a clause; what is negated is left out."""
    sites = _sites(document, clause, scopes)
    dxs = _dxs(document, clause, scopes)
    return Facts(
        sites,
        dxs,
        Counter(document, clause, [(s.first, s.last) for s in sites]).find(),
        sizes(document, clause),
        [
            m
            for m in clause.mentions
            if m.kind not in _OTHER
            and not (m.kind in _DENIABLE and scopes.status(m) == NEGATED)
            and not (m.value == "free margin" and _FREE_OF_TUMOR.search(document.text[max(0, m.start - 30) : m.end]))
            and not (m.kind == "cosmetic" and scopes.status(m) in {NEGATED, PLANNED})
        ]
        + _laid_bare(document, clause),
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
        before_all = _before_place(tokens, clause, place)
        adjective = (
            before in _APART and place.first - 2 >= clause.first and any(p.last == place.first - 1 for p in places)
        )
        if any(m.kind == "drug" and m.first <= place.first < m.last for m in clause.mentions):
            continue
        if (
            (before in _APART and not adjective)
            or after in _APART
            or (before == "to" and document.words(place.first - 2, place.first - 1) in _BESIDE)
        ):
            continue
        apart = any(m.kind == "size" and 0 <= place.start - m.end <= _FAR for m in clause.measures)
        if before_all in _LANDMARK and (len(places) > 1 or apart):
            continue
        if scopes.status(place) == NEGATED or (
            "from" in {before, before_all}
            and any(m.kind == "technique" and FAMILY.get(m.value) == "graft" for m in clause.mentions)
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
        found.extend(_sided(tokens, place, ahead, behind, used))
    found = _joined(document, {m.first for m in clause.mentions if m.kind == "qualifier"}, found)
    return _with_rows(document, clause, found) if any(m.value in _DIGITS for m in places) else found


_DIGITS: Final = frozenset(
    {"toe", "great toe", "second toe", "third toe", "fourth toe", "fifth toe", "toenail", "fingernail", "nail"}
    | {"finger", "thumb", "index finger", "middle finger", "ring finger", "little finger", "great toe nail"}
)


def _with_rows(document: Document, clause: Clause, sites: list[Site]) -> list[Site]:
    """Sites with every toe or finger of a row that shares its noun."""
    begin, end = document.tokens[clause.first].start, document.tokens[clause.last - 1].end
    named = rows(document.text, begin, end)
    kept = [s for s in sites if not any(s.start < d.end and d.start < s.end for d in named)]
    for digit in named:
        first, last = document.token_at(digit.start), document.token_at(digit.end - 1) + 1
        text = f"{digit.side} {digit.name}".strip()
        kept.append(Site(text, digit.side, digit.name, first, last, digit.start, digit.end))
    return sorted(kept, key=lambda s: s.first)


def _before_place(tokens: list[Token], clause: Clause, place: Mention) -> str:
    """The word before a place, its side and its article."""
    at = place.first - 1
    while at > clause.first and tokens[at].norm in _SKIPPED:
        at -= 1
    return tokens[at].norm if at >= clause.first else ""


_SKIPPED: Final = frozenset({"the", "left", "right", "l", "r", "upper", "lower", "lateral", "medial", "lt", "rt"})
_FAR: Final = 20  # characters between a distance and the landmark it is measured from
_LANDMARK: Final = frozenset({"above", "below", "near", "beyond", "toward", "towards"})


def _sided(
    tokens: list[Token], place: Mention, ahead: list[Mention], behind: list[Mention], used: set[int]
) -> list[Site]:
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


def _joined(document: Document, qualifiers: set[int], sites: list[Site]) -> list[Site]:
    """Sites that touch without a word of listing between them name one place: "L thumb lateral nail fold"."""
    found: list[Site] = []
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
_RELATIVE: Final = re.compile(
    r"\b(?:mother|father|mom|dad|sister|brother|siblings?|parents?|aunt|uncle|grand\w+|family|fhx?|fmhx?|cousin|daughter|son)\b[^.;\n]{0,30}$",
    re.IGNORECASE,
)
_DOUBT_AFTER: Final = re.compile(r"^\s*(?:\?|vs\b|suspected)", re.IGNORECASE)
_PATH_REACH: Final = 8


def _dxs(document: Document, clause: Clause, scopes: Scopes) -> list[Dx]:
    found = []
    path = [
        m
        for m in clause.mentions
        if m.kind == "proven"
        or (m.kind == "path" and (m.first == clause.first or document.tokens[m.first - 1].norm not in {"for", "to"}))
    ]  # "shaved for path, r/o SCC" tells no result
    label_path = False
    if clause.label:
        label_path = any(m.kind == "path" for m in document.within(*clause.label))
    for mention in clause.mentions:
        if mention.kind != "dx" or scopes.status(mention) == NEGATED:
            continue
        if mention.value == "lesion" and any(
            m.kind == "technique" and m.first <= mention.first < m.last for m in clause.mentions
        ):
            continue
        before = document.text[max(0, mention.start - 40) : mention.start]
        if _RELATIVE.search(before):
            continue
        before = re.split(r"[.;:,\n]\s", before)[-1]
        sure = "asserted"
        if (
            label_path
            or any(0 <= mention.first - p.last <= _PATH_REACH for p in path if p.kind == "path")
            or any(p.kind == "proven" and abs(mention.first - p.last) <= 2 for p in path)
            or any(p.kind == "path" and p.first < mention.last and mention.first < p.last for p in path)
        ):
            sure = "path"
        elif _DOUBT.search(before) or _DOUBT_AFTER.match(document.text[mention.end : mention.end + 10]):
            sure = "suspected"
        found.append(Dx(mention.value, sure, mention.first, mention.last, mention.start, mention.end))
    return found


def nature(dx: str) -> str:
    """Malignant, premalignant, benign, acute, generic, or skin disease."""
    return natures().get(dx, "disease")


__all__ = ["DONE", "Count", "Dx", "Facts", "Site", "facts_of", "nature"]
