"""A note cut into clauses: the unit within which a size belongs to a lesion and a "no" to what follows it."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import Final

from cutis.coding.notes.lexicon import Mention, lexicon
from cutis.coding.notes.measures import Measure, measures
from cutis.coding.notes.tables import Rows, table_rows
from cutis.coding.notes.tokens import Token, tokenise

_ABBREVIATIONS: Final = frozenset(
    ["dr", "mr", "mrs", "ms", "approx", "lat", "incl", "pt", "sq", "no", "vs", "st", "wk", "mo", "yr", "yrs", "wks", "inf", "sup", "ant", "post", "med", "prox", "dist", "rt", "lt", "dext", "sin", "hx", "e.g", "i.e", "temp", "max", "min", "fig", "e", "g", "i"]
)  # fmt: skip
_LIST_MARK: Final = re.compile(r"\s*(?:[-*•‣◦]|\(?\d{1,2}[.)](?!\d)|\(?[A-Ha-h][.)](?=\s)|#\d{1,2}[:.)]?(?=\s))\s*")
_LONG_NUMBER: Final = re.compile(r"\d{10,}")
_LONGEST: Final = 300  # tokens of a clause; text without any mark is cut there
LETTERS: Final = frozenset("ABCDEFGH")
_LABEL_TOKENS: Final = 12
_SECTIONS: Final = {"section_history": "history", "section_plan": "plan", "section_now": "now"}


@dataclass(slots=True)
class Clause:
    """A stretch of a note, tokens `first` to `last` (excluded).

    Attributes:
        sentence: number of the sentence it is part of.
        label: token range of the words before a colon that rule this clause, if any.
        section: history, plan or now.
        listed: it begins with a list mark.
        line: number of the line it begins on.
        names: it is the row of a table that names the columns.
    """

    first: int
    last: int
    sentence: int
    label: tuple[int, int] | None = None
    section: str = "now"
    listed: bool = False
    line: int = 0
    mentions: list[Mention] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)
    heading: bool = False
    names: bool = False


@dataclass(slots=True)
class Document:
    """A note with its tokens, mentions, measures and clauses."""

    text: str
    tokens: list[Token]
    mentions: list[Mention]
    measures: list[Measure]
    clauses: list[Clause]
    starts: list[int]

    def token_at(self, char: int) -> int:
        """Position of the first token that starts at or after a character."""
        return bisect_left(self.starts, char)

    def within(self, first: int, last: int) -> list[Mention]:
        """The mentions that begin in a token range."""
        low = bisect_left(self.mentions, first, key=_first)
        return self.mentions[low : bisect_left(self.mentions, last, low, key=_first)]

    def measured(self, first: int, last: int) -> list[Measure]:
        """The measures that begin in a token range."""
        if first >= last:
            return []
        low, high = self.tokens[first].start, self.tokens[last - 1].end
        begin = bisect_left(self.measures, low, key=_start)
        return self.measures[begin : bisect_left(self.measures, high, begin, key=_start)]

    def words(self, first: int, last: int) -> str:
        """Lower-case text of a token range."""
        if first >= last:
            return ""
        return self.text[self.tokens[first].start : self.tokens[last - 1].end].lower()


def _start(measure: Measure) -> int:
    return measure.start


def _first(mention: Mention) -> int:
    return mention.first


def _breaks(text: str, tokens: list[Token], rows: Rows) -> tuple[list[int], dict[int, str]]:
    """Token positions where a clause begins, with the kind of break before each: line, stop or item."""
    kinds: dict[int, str] = {0: "line"}
    depth, opened = 0, 0
    for at, token in enumerate(tokens):
        opened = at if at in kinds else opened
        if at - opened >= _LONGEST:
            kinds[at], opened = "item", at
        depth = max(0, depth + (token.raw == "(") - (token.raw == ")"))
        gap = text[tokens[at - 1].end : token.start] if at else ""
        if "\n" in gap and ("\n\n" in gap.replace(" ", "").replace("\r", "") or not token.raw[0].islower()):
            kinds[at], depth = "line", 0
        if token.raw == ";" and not depth and at + 1 < len(tokens):
            kinds.setdefault(at + 1, "item")
        elif token.raw in {".", "!", "|"} and at + 1 < len(tokens) and not rows.hold(token):
            after = text[token.end : token.end + 1]
            before = tokens[at - 1] if at else None
            if not after.isspace() and tokens[at + 1].raw != "-":
                continue
            short = before is not None and before.norm in _ABBREVIATIONS and before.end == token.start
            following = tokens[at + 1].raw
            if short and (
                following[0].islower()
                or (before is not None and before.norm in {"dr", "mr", "mrs", "ms", "no", "approx", "vs", "st", "incl"})
            ):
                continue
            opens = kinds.get(at - 1) in {"line", "stop"} or (at > 1 and tokens[at - 2].raw == ":")
            if before is not None and opens and (before.raw.isdecimal() or before.raw in LETTERS):
                continue  # "1." or "A." opens a list
            kinds[at + 1] = "stop"
        elif token.raw == "?" and at + 1 < len(tokens) and text[token.end : token.end + 1].isspace():
            kinds.setdefault(at + 1, "stop")
    return sorted(kinds), kinds


def _colon(tokens: list[Token], text: str, first: int, last: int) -> int | None:
    """Position of the colon that ends a label at the start of a clause, or None."""
    if (
        last - first > _LABEL_TOKENS
        and tokens[last - 1].raw == ":"
        and last < len(tokens)
        and "\n" in text[tokens[last - 1].end : tokens[last].start]
    ):
        return last - 1  # a sentence that ends in a colon rules the list under it
    for at in range(first, min(last, first + _LABEL_TOKENS)):
        if tokens[at].raw != ":":
            continue
        digits = at > first and tokens[at - 1].raw.isdecimal() and text[tokens[at].end : tokens[at].end + 1].isdecimal()
        return None if digits else at
    return None


def _section(mentions: list[Mention], first: int, last: int) -> str | None:
    """The section that a label opens, where the label is one of the known headings."""
    for mention in mentions:
        if mention.kind in _SECTIONS and mention.first == first and mention.last == last:
            return _SECTIONS[mention.kind]
    return None


def _passing(mentions: list[Mention], first: int, last: int, *, known: bool) -> str | None:
    """The section of a label that rules its own clause only: "Last visit:", "Next week:", "Instructions:"."""
    for mention in mentions:
        if mention.first != first or mention.last != last:
            continue
        family = mention.kind.partition("_")[0]
        if family in {"hist", "plan"} and not known and mention.value != "requested":
            return {"hist": "history", "plan": "plan"}[family]
        if mention.kind == "instruction":
            return "plan"
    return None


def _clauses(text: str, tokens: list[Token], mentions: list[Mention], rows: Rows) -> list[Clause]:
    starts, kinds = _breaks(text, tokens, rows)
    found: list[Clause] = []
    sentence, line, section = 0, 0, "now"
    label: tuple[int, int] | None = None
    open_label = False
    for position, first in enumerate(starts):
        last = starts[position + 1] if position + 1 < len(starts) else len(tokens)
        kind = kinds[first]
        line += kind == "line"
        sentence += kind != "item"
        mark = _LIST_MARK.match(text, tokens[first].start)
        row = rows.row(tokens[first].start) if rows.lines else None
        listed = (bool(mark) or row is not None) and kind in {"line", "stop"}
        begin = first
        if mark and listed:
            while begin < last and tokens[begin].start < mark.end():
                begin += 1
        keep = kind == "item" or (open_label and listed and kind in {"line", "stop"})
        if not keep:
            label, open_label = None, False
        colon = _colon(tokens, text, begin, last)
        heading, once = False, None
        if colon is not None:
            named = _section(mentions, begin, colon)
            once = _passing(mentions, begin, colon, known=named is not None)
            section = named if named and not once else ("now" if kind == "line" else section)
            if named != "now" or label is None:
                label, heading = (begin, colon), True
            begin = colon + 1
            open_label = begin >= last
            inner = _LIST_MARK.match(text, tokens[begin].start) if begin < last else None
            if inner:  # "Biopsies: A. R cheek. B. L cheek." is a list under its heading
                open_label = True
                while begin < last and tokens[begin].start < inner.end():
                    begin += 1
        elif section == "history" and any(m.kind == "done" and begin <= m.first < last for m in mentions):
            section = "now"
        names = row is not None and row in rows.names
        found.append(Clause(begin, last, sentence, label, once or section, listed, line, heading=heading, names=names))
    return found


def read_document(text: str) -> Document:
    """Tokens, mentions, measures and clauses of a note.

    Args:
        text: the note; any line ends.
    """
    text = _LONG_NUMBER.sub(lambda m: "z" * len(m.group()), text)  # no chart number is so long; places stay
    tokens = tokenise(text)
    starts = [t.start for t in tokens]
    mentions = lexicon().find(tokens)
    rows = table_rows(text)
    told = {m.start for m in rows.measures}
    sizes = sorted([*rows.measures, *(m for m in measures(text) if m.start not in told)], key=_start)
    clauses = _clauses(text, tokens, mentions, rows) if tokens else []
    document = Document(text, tokens, mentions, sizes, clauses, starts)
    _spread(document)
    return document


def _spread(document: Document) -> None:
    """Give each clause its mentions and measures; both lists are in order of place."""
    at = 0
    for clause in document.clauses:
        while at < len(document.mentions) and document.mentions[at].first < clause.first:
            at += 1
        end = at
        while end < len(document.mentions) and document.mentions[end].first < clause.last:
            end += 1
        clause.mentions = document.mentions[at:end]
        at = end
    begins = [c.first for c in document.clauses]
    for measure in document.measures:
        place = document.token_at(measure.start)
        clause = document.clauses[max(0, bisect_right(begins, place) - 1)]
        if clause.first <= place < clause.last:
            clause.measures.append(measure)
