"""Acts: what the clinician did, each with the facts of the note it rests on and their places."""

from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from cutis.coding.notes.attributes import Facts
from cutis.coding.notes.context import DONE, REQUESTED, Scopes
from cutis.coding.notes.document import LETTERS, Clause, Document
from cutis.coding.notes.families import FAMILY, GENERIC, IGNORED
from cutis.coding.notes.lexicon import Mention, lexicon
from cutis.coding.notes.merge import DELIMITERS, Pair, merges

_HEMOSTATIC: Final = frozenset({"electro", "chemical"})


class Fact(NamedTuple):
    """A value and the characters of the note that say so."""

    value: Any
    start: int
    end: int


@dataclass(slots=True)
class Act:
    """Something done (or negated, planned, historical) in a note.

    Attributes:
        technique: as the coder names it.
        family: of techniques.
        status: done, negated, planned, requested or historical.
        start: first character of the words that name it.
        end: character after them.
        facts: name to value and place.
        ranges: token ranges that speak of it, for facts read late (stages, doses).
        sentence: number of the sentence.
        entry: it is one entry of a list.
    """

    technique: str
    family: str
    status: str
    start: int
    end: int
    facts: dict[str, Fact] = field(default_factory=dict)
    ranges: list[tuple[int, int]] = field(default_factory=list)
    sentence: int = 0
    entry: bool = False

    def get(self, name: str) -> Any:
        """The value of a fact, or None."""
        fact = self.facts.get(name)
        return fact.value if fact else None

    def put(self, name: str, value: Any, start: int, end: int, *, over: bool = False) -> None:
        """Set a fact; an earlier one stays unless `over`."""
        if value is not None and (over or name not in self.facts):
            self.facts[name] = Fact(value, start, end)


@dataclass(slots=True)
class Group:
    """Anchors of one act and the token range that speaks of it."""

    family: str
    techniques: list[str]
    methods: list[str]
    closures: list[Mention]
    status: str
    anchors: list[Mention]
    first: int = 0
    last: int = 0

    @property
    def technique(self) -> str:
        """The most exact technique named."""
        exact = [t for t in self.techniques if t not in GENERIC]
        if self.family == "excision" and "re-excision" in self.techniques:
            return "re-excision"
        for chief in ("nail matrixectomy", "nail avulsion"):
            if chief in exact:
                return chief
        if self.family == "biopsy" and "shave" in self.techniques and not exact:
            return "tangential biopsy"
        named = [t for t in self.techniques if t != "removal"]
        return (exact or named or self.techniques or ["repair" if self.family == "repair" else "destruction"])[0]


_BY_NEEDLE: Final = frozenset({"subcutaneous injection", "intramuscular injection"})


def _given(document: Document, inside: list[Mention], first: int, last: int) -> bool:
    """Whether a drug or a dose stands beside the two letters of a way of giving it."""
    if any(m.kind in {"drug", "biologic", "rx_drug"} or m.value == "injection" for m in inside):
        return True
    return any(m.kind == "dose" and m.unit != "%" for m in document.measured(first, last))


def _family(mention: Mention) -> str:
    if mention.kind == "method":
        return "destroy"
    if mention.kind == "closure":
        return "repair"
    return FAMILY[mention.value]


def anchors(document: Document, first: int, last: int, mentions: list[Mention]) -> list[Mention]:
    """Techniques, methods and closures of a token range that can name an act."""
    inside = [m for m in mentions if first <= m.first < last]
    proven = [m for m in inside if m.kind == "proven"]
    anesthesia = [m for m in inside if m.kind == "anesthesia"]
    found = []
    for mention in inside:
        if mention.value == "old site":
            found += _numbered(document, mention)
        if mention.kind not in {"technique", "method", "closure"} or mention.value in IGNORED:
            continue
        if any(p.first <= mention.first < p.last for p in proven):
            continue
        if mention.value == "injection" and anesthesia and _numbs(mention, anesthesia, inside):
            continue
        if mention.kind == "closure" and not _closes(document, mention, inside):
            continue
        if not _no_act(document, mention, inside, first, last):
            found.append(mention)
    return found


def _no_act(document: Document, mention: Mention, inside: list[Mention], first: int, last: int) -> bool:
    """Whether a word for an act stands for something else: a layer, a stain of Mohs surgery, tissue only sent."""
    if mention.value in _BY_NEEDLE and mention.end - mention.start < 4:
        return not _given(document, inside, first, last)  # "SQ 4-0 Vicryl"
    if mention.value == "laser":
        return any(m.value in {"excimer laser", "vascular laser"} for m in inside)
    if FAMILY.get(mention.value) != "path":
        return False
    stain = mention.value == "surgical pathology" and document.tokens[mention.first].norm[:1] == "h"
    if stain and any(m.kind == "technique" and m.value == "mohs" for m in document.mentions):
        return True
    # "punch bx for DIF": sent, not read
    return mention.first > first and document.tokens[mention.first - 1].norm == "for"


def _numbs(injection: Mention, anesthesia: list[Mention], inside: list[Mention]) -> bool:
    """Whether an injection is that of the local anesthetic."""
    near = any(abs(a.first - injection.last) <= 3 or abs(injection.first - a.last) <= 3 for a in anesthesia)
    return near or not any(m.kind == "drug" for m in inside)


def _numbered(document: Document, mention: Mention) -> list[Mention]:
    """The act of "Mohs site 1:" or "Biopsy site A:", which number today's places; else the words name an old scar."""
    after = document.tokens[mention.last] if mention.last < len(document.tokens) else None
    if after is None or not (after.raw.isdecimal() or after.raw == "#" or after.raw in LETTERS):
        return []
    words = document.tokens[mention.first : mention.last - 1]
    return [
        m._replace(first=m.first + mention.first, last=m.last + mention.first)
        for m in lexicon().find(words)
        if m.kind == "technique" and m.value not in IGNORED
    ]


_CLOSING_WORDS: Final = frozenset(
    {"closure", "repair", "closed", "layer", "layered", "suture", "sutured", "linear", "repaired"}
)


def _closes(document: Document, mention: Mention, inside: list[Mention]) -> bool:
    """Whether "simple" or "complex" speaks of a closure, and not of an extent or a problem."""
    words = {t.norm for t in document.tokens[mention.first : mention.last]}
    if words & _CLOSING_WORDS or mention.value == "intermediate":
        return True
    following = document.tokens[mention.last].norm if mention.last < len(document.tokens) else ""
    if following == "incision" or any(m.kind == "technique" and FAMILY.get(m.value) == "drain" for m in inside):
        return False
    if any(
        m.kind in {"wound", "complex_reason"} or (m.kind == "technique" and FAMILY.get(m.value) in {"excision", "mohs"})
        for m in inside
    ):
        return True
    near = document.words(mention.last, min(mention.last + 3, len(document.tokens)))
    size_before = any(0 <= mention.start - m.end <= 2 for m in document.measures if m.kind == "size")
    return size_before or any(w in near for w in ("closure", "repair", "sutur", "linear"))


def groups(document: Document, clause: Clause, scopes: Scopes, facts: Facts, found: list[Mention]) -> list[Group]:
    """The acts of a clause, each with its territory."""
    made: list[Group] = []
    for mention in found:
        status = scopes.status(mention)
        family = _family(mention)
        last = made[-1] if made else None
        pair = Pair(last.family, last.techniques, last.anchors[-1], mention, family) if last else None
        if last and pair and status == last.status and merges(document, pair, facts):
            _absorb(made[-1], mention, family)
        else:
            group = Group(family, [], [], [], status, [])
            _absorb(group, mention, family)
            made.append(group)
    done = [g for g in made if g.status in {DONE, REQUESTED}]
    _territories(document, clause, done, facts)
    for group in made:
        if group not in done:
            group.first, group.last = _own_part(document, clause, group)
    return _without_hemostasis(made, facts)


def _own_part(document: Document, clause: Clause, group: Group) -> tuple[int, int]:
    """The comma-separated part around an act that was not done; the rest of the clause speaks of what was."""
    first, last = group.anchors[0].first, group.anchors[-1].last
    stops = {m.first for m in clause.mentions if m.kind == "stop"}
    while first > clause.first and document.tokens[first - 1].raw not in {",", "("} and first not in stops:
        first -= 1
    triggers = [
        m.first for m in clause.mentions if m.kind.endswith("_pre") and first <= m.first < group.anchors[0].first
    ]
    first = max([first, *triggers])
    while last < clause.last and document.tokens[last].raw not in {",", ")"}:
        last += 1
    return first, last


def _absorb(group: Group, mention: Mention, family: str) -> None:
    group.anchors.append(mention)
    if mention.kind == "method":
        group.methods.append(mention.value)
    elif mention.kind == "closure":
        group.closures.append(mention)
    else:
        group.techniques.append(mention.value)
    if (
        group.family in {"repair", "remove", "destroy"}
        and family not in {"repair", "remove"}
        and mention.kind == "technique"
    ):
        group.family = family


def _territories(document: Document, clause: Clause, made: list[Group], facts: Facts) -> None:
    """Cut the clause between neighbouring acts.

    The cut is at the first delimiter after an act whose facts stand before it, else at the last before the next act.
    """
    edge = clause.first
    for at, group in enumerate(made):
        group.first = edge
        if at + 1 == len(made):
            group.last = clause.last
            break
        low, high = group.anchors[-1].last, made[at + 1].anchors[0].first
        marks = [
            i
            for i in range(low, high)
            if document.tokens[i].raw.lower() in DELIMITERS and not _inside_brackets(document, low, i)
        ]
        lead = facts.within(group.first, group.anchors[0].first)
        own_after = facts.within(low, marks[0] if marks else high)
        post = bool(lead.sites or lead.dxs or lead.counts) and not (own_after.sites or own_after.dxs)
        edge = (marks[0] if post else marks[-1]) if marks else high
        group.last = edge


def _inside_brackets(document: Document, low: int, at: int) -> bool:
    depth = 0
    for i in range(low, at):
        depth += (document.tokens[i].raw == "(") - (document.tokens[i].raw == ")")
    return depth > 0


def _without_hemostasis(made: list[Group], facts: Facts) -> list[Group]:
    """A cautery without a lesion of its own after a biopsy or removal only stops bleeding."""
    kept: list[Group] = []
    for group in made:
        if kept and group.family == "destroy" and not group.techniques and set(group.methods) <= _HEMOSTATIC:
            own = facts.within(group.first, group.last)
            if kept[-1].family in {"biopsy", "shave", "excision", "tag", "nail", "drain"} and not (
                own.sites or own.counts or [d for d in own.dxs if d.value != "lesion"]
            ):
                kept[-1].last = group.last
                continue
        kept.append(group)
    return kept


__all__ = ["DONE", "Act", "Fact", "Group", "anchors", "groups"]
