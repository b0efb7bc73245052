"""Was it done? Negation, history and plans, after the ConText algorithm: triggers, scopes and words that end a scope.

Source: Harkema, Dowling, Thornblade, Chapman, "ConText: an algorithm for determining negation, experiencer and
temporal status from clinical reports", J Biomed Inform 2009. The triggers are our own (lexicon/context.yaml), since
dermatology writes in abbreviations.
"""

import re
from typing import Final

from cutis.coding.notes.document import Clause, Document
from cutis.coding.notes.lexicon import Mention

DONE: Final = "done"
NEGATED: Final = "negated"
HISTORICAL: Final = "historical"
PLANNED: Final = "planned"
REQUESTED: Final = "requested"  # the patient asks for it; weaker than a plan of the clinician

_STATUS: Final = {"neg": NEGATED, "hist": HISTORICAL, "plan": PLANNED}
_REACH: Final = 12  # tokens a trigger reaches at most
_POST_REACH: Final = 8
_YEAR: Final = re.compile(r"(?:19[5-9]|20[0-4])\d")
_EARLIER_DAY: Final = re.compile(
    r"\b(?:on|at|in|from|dated|of|since)\s+(?:the\s+)?(?:\d{1,2}/\d{4}|\d{1,2}/\d{1,2}/\d{2,4})\b|\bthe\s+\d{1,2}/\d{2,4}\s+visit|"
    r"^\s+\d{1,2}/\d{1,2}(?:/\d{2,4})?\s*$|\b(?:year|visit|month|week|day)s?\s+(?:before|earlier)\b|"
    r"^[^,;]{0,20}\bevery\s+(?:\d+|few|several|six|three|other)\b|^[^,;]{0,20}\bfor\s+(?:many\s+|several\s+)?years\b|^[^,;]{0,12}\bq\s?\d+\s?(?:mo|wk|month|week)|"
    r"\b(?:last|previous|prior)\s+(?:visit|year|month|week|spring|summer|fall|autumn|winter|january|february|march|april|may|june|july|august|"
    r"september|october|november|december)\b|\bin\s+(?:january|february|march|april|may|june|july|august|september|october|november|december)\b",
    re.IGNORECASE,
)
_NO_OBJECT: Final = frozenset(
    {"but", "and", "if", "by", "at", "for", "today", "until", "however", "in", "as", "due", "because", "per"}
)
_PARTICIPLES: Final = frozenset({"repaired", "placed", "sutured", "closed", "stitched"})
_OPENING: Final = 6  # tokens of age and sex before the history
_HISTORY: Final = frozenset({"hx", "hx of", "h/o", "history of", "history", "ho", "prior", "previous", "s/p"})
_PRESENT: Final = frozenset({"now", "today", "currently"})
_ADVICE: Final = frozenset(
    {"recommend", "recommended", "recommending", "offered", "offer", "suggested", "suggest", "advised", "advise"}
)
_DATES: Final = re.compile(
    r"\b(?:19|20)\d\d\b|\b\d{1,2}/\d{2,4}\b|\byears?\s+(?:ago|before)\b|\bin\s+(?:her|his)\s+\w+s\b"
)
_DAY_WORDS: Final = frozenset({"day", "d", "week", "wk", "w", "month", "mo"})
_SINCE_WORDS: Final = frozenset({"after", "post", "following", "s", "/", "p", "out", "from", "since", "status", "op"})
_RANK: Final = {NEGATED: 3, PLANNED: 2, REQUESTED: 1, HISTORICAL: 2}


class Scopes:
    """The token ranges of a clause that a trigger rules.

    Args:
        document: the note.
        clause: one of its clauses.
    """

    def __init__(self, document: Document, clause: Clause) -> None:
        self._document = document
        self._clause = clause
        self._acts = [m for m in clause.mentions if m.kind in {"technique", "method", "closure"}]
        self._stops = [m.first for m in clause.mentions if m.kind == "stop" and m.value == "stop"]
        # "flap after Mohs elsewhere": what was elsewhere is the Mohs; but "day 5 after flap" reaches on.
        self._back_stops = [m.first for m in clause.mentions if m.kind == "stop"]
        self._done = [m for m in clause.mentions if m.kind == "done"]
        self.ranges: list[tuple[int, int, str, Mention]] = []
        for mention in clause.mentions:
            family, _, side = mention.kind.partition("_")
            if family in _STATUS and side in {"pre", "post"} and self._faces(mention, side):
                status = REQUESTED if mention.value == "requested" else _STATUS[family]
                span = self._forward(mention) if side == "pre" else self._backward(mention)
                if span[0] < span[1]:
                    self.ranges.append((*span, status, mention))
        self._days_after()
        self._past_list()

    def _past_list(self) -> None:
        """A clause that opens with history and tells years or dates is history as a whole, until "now" or "today"."""
        clause, tokens = self._document, self._document.tokens
        opens = next(
            (m for m in self._clause.mentions if m.kind == "hist_pre" and m.first - self._clause.first <= _OPENING),
            None,
        )
        if opens is None or clause.words(opens.first, opens.last) not in _HISTORY:
            return
        words = clause.words(opens.last, self._clause.last)
        if len(_DATES.findall(words)) > 1:
            stops = [s for s in self._stops if s > opens.last] + [d.first for d in self._done]
            end = min([s for s in stops if tokens[s].norm in _PRESENT] or [self._clause.last])
            self.ranges.append((opens.last, end, HISTORICAL, opens))

    def _days_after(self) -> None:
        """What follows "day 2 after" or "10 days out from" was done then."""
        tokens, clause = self._document.tokens, self._clause
        for at in range(clause.first, clause.last - 2):
            one, other = tokens[at], tokens[at + 1]
            named = one.norm in _DAY_WORDS and other.raw.isdecimal()
            if not named and not (one.raw.isdecimal() and other.norm in _DAY_WORDS):
                continue
            end = at + 2
            while end < clause.last and tokens[end].norm in _SINCE_WORDS:
                end += 1
            if end > at + 2 and end < clause.last:
                mention = Mention("hist_pre", HISTORICAL, at, end, tokens[at].start, tokens[end - 1].end)
                self.ranges.append((*self._forward(mention), HISTORICAL, mention))

    def _faces(self, trigger: Mention, side: str) -> bool:
        """Which way a word looks that can look both: "declines biopsy" ahead, "biopsy, declined" back."""
        twins = {m.kind for m in self._clause.mentions if m.first == trigger.first and m.last == trigger.last}
        family = trigger.kind.partition("_")[0]
        if not {f"{family}_pre", f"{family}_post"} <= twins:
            return True
        following = self._document.tokens[trigger.last] if trigger.last < self._clause.last else None
        ahead = following is not None and following.raw[0].isalnum() and following.norm not in _NO_OBJECT
        return (side == "pre") == ahead

    def _forward(self, trigger: Mention) -> tuple[int, int]:
        tokens = self._document.tokens
        end = min(self._clause.last, trigger.last + _REACH)
        if trigger.last < self._clause.last and tokens[trigger.last].raw == ":":
            return (0, 0)
        if trigger.last < self._clause.last and tokens[trigger.last].raw == "(" and trigger.kind == "plan_pre":
            return (trigger.last, self._closing(trigger.last))
        for at in range(trigger.last, end):
            raw = tokens[at].raw
            if at in self._stops and at > trigger.last:
                return (trigger.last, at)
            if raw in {")", "(", "–", "—", "|"} or (raw in {",", "+"} and not self._list_goes_on(at)):  # noqa: RUF001
                return (trigger.last, at)
        return (trigger.last, end)

    def _closing(self, opening: int) -> int:
        """Position behind the bracket that closes one, or the end of the clause."""
        depth = 0
        for at in range(opening, self._clause.last):
            depth += (self._document.tokens[at].raw == "(") - (self._document.tokens[at].raw == ")")
            if depth == 0:
                return at + 1
        return self._clause.last

    def _list_goes_on(self, comma: int) -> bool:
        """Whether the comma stands inside "biopsy, cryotherapy or excision"."""
        rest = [t.norm for t in self._document.tokens[comma + 1 : self._clause.last]]
        listed = self._acts or [m for m in self._clause.mentions if m.kind in {"site", "nail_site", "dx"}]
        return any(a.first == comma + 1 for a in listed) and ("or" in rest or "nor" in rest)

    def _backward(self, trigger: Mention) -> tuple[int, int]:
        tokens = self._document.tokens
        begin = max(self._clause.first, trigger.first - _POST_REACH)
        # A trigger after a comma rules the last thing named ("punch bx offered, declined"), not all before it.
        commas = [at for at in range(begin, trigger.first) if tokens[at].raw in {",", "("}]
        if commas and commas[-1] != trigger.first - 1:
            begin = commas[-1] + 1
        elif commas:
            earlier = commas[:-1]
            begin = earlier[-1] + 1 if earlier else begin
        # "sutures out of a laceration repaired elsewhere": the participle is what happened elsewhere.
        verbs = [at for at in range(begin, trigger.first) if tokens[at].norm in _PARTICIPLES]
        if trigger.kind == "hist_post" and verbs:
            begin = verbs[-1]
        stops = [s for s in self._back_stops if begin <= s < trigger.first]
        return (stops[-1] + 1 if stops else begin, trigger.first)

    def words(self, first: int, last: int) -> str:
        """Lower-case words of a token range of the note."""
        return self._document.words(first, last)

    def status(self, mention: Mention) -> str:
        """Whether a mention was done, negated, historical, planned or asked for."""
        found = [status for first, last, status, _ in self.ranges if first <= mention.first < last]
        if mention.value == "slide consultation":
            found = [f for f in found if f != HISTORICAL]  # slides come from elsewhere; reading them is of today
        if self._year_after(mention) or self._dated(mention):
            found.append(HISTORICAL)
        if self._clause.section == "history":
            found.append(HISTORICAL)
        elif self._clause.section == "plan":
            found.append(PLANNED)
        if not found:
            return DONE
        worst = max(found, key=lambda s: _RANK[s])
        if (worst == PLANNED and self._done_beside(mention) and not self._only_advised(mention)) or (
            worst == REQUESTED and self._done
        ):
            return DONE
        return worst

    def _only_advised(self, mention: Mention) -> bool:
        """Whether "today" is only the day of the advice: "recommended a biopsy today"."""
        advice = any(
            first <= mention.first < last and self.words(trigger.first, trigger.last) in _ADVICE
            for first, last, status, trigger in self.ranges
            if status == PLANNED
        )
        return advice and {self.words(d.first, d.last) for d in self._done} <= _PRESENT

    def _done_beside(self, mention: Mention) -> bool:
        """Whether "today", "performed" and the like stand in the same comma-separated part."""
        tokens = self._document.tokens
        for done in self._done:
            low, high = sorted((done.first, mention.first))
            if not any(tokens[at].raw in {",", ";"} for at in range(low, high)):
                return True
        return False

    def _dated(self, mention: Mention) -> bool:
        """An earlier day in the same comma-separated part: "8 AKs frozen at the 11/2024 visit", "(bx 8/12)"."""
        tokens, clause = self._document.tokens, self._clause
        end = mention.last
        bound = min([a.first for a in self._acts if a.first >= mention.last], default=clause.last)
        while end < bound and tokens[end].raw not in {",", ";", "(", ")"}:
            end += 1
        part = self._document.text[mention.end : tokens[end - 1].end] if end > mention.last else ""
        return _EARLIER_DAY.search(part) is not None

    def _year_after(self, mention: Mention) -> bool:
        """A year within three tokens after a procedure: "excision 2019", "Mohs in 2021"."""
        tokens = self._document.tokens
        for at in range(mention.last, min(mention.last + 4, self._clause.last)):
            if tokens[at].raw in {",", ";"}:
                return False
            if _YEAR.fullmatch(tokens[at].raw) and not (at and tokens[at - 1].raw in {"/", "-"}):
                return True
        return False
