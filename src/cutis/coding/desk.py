"""The work on one encounter: acts with their places and diagnoses, lines as they arise, questions, tallies of the day."""

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeVar

from cutis.coding.book import Book
from cutis.coding.diagnoses import Diagnosis, diagnosis, icd
from cutis.coding.encounter import Encounter, Procedure, Span
from cutis.coding.phrases import Phrases, table
from cutis.coding.result import Coding, Line, NotBilled, Question, Reason, RunnerUp
from cutis.coding.sites import Place, place

T = TypeVar("T")
_PAYERS: Final = {
    "medicare": ["medicare part b", "cms", "mac", "medicare advantage", "traditional medicare", "railroad medicare"],
    "medicaid": [],
    "commercial": ["private", "private insurance", "ppo", "hmo", "aetna", "cigna", "bcbs", "blue cross", "united", "commercial insurance", "uhc"],
    "self-pay": ["self pay", "cash", "patient"],
}  # fmt: skip

# Techniques that say too little alone; the method makes them exact.
_GENERIC: Final = frozenset({"biopsy", "removal", "snip", "injection", None})
_SAMPLE: Final = ("diagnos", "sampl", "biops", "histolog")
_REMOVE: Final = ("remov", "excis", "therap", "treat")
_NAMED_BY_LESION: Final = frozenset(
    {
        "excision",
        "named excision",
        "tumor",
        "shave",
        "destruction",
        "tag",
        "removal",
        "drainage",
        "intralesional",
        "small",
        "nail",
        "toxin",
    }
)


class Act:
    """One procedure of the encounter, with its words understood.

    Attributes:
        index: position in the encounter.
        p: the procedure as given.
        technique: as the coder names it; None where the words are not known.
        family: of the dispatch table.
        kind: what the family takes it for.
        place: the site.
        dx: the diagnosis that counts, None where there is none; a suspicion never counts.
        dx_fact: name of the fact that gave it.
        lesion: identity; equal on acts that treat the same lesion.
        partners: for a closure, the removals that it closes; for a removal, its closures.
        absorbed: included in other work, no line.
        size: the measure that decided its code, for closures that ask.
    """

    __slots__ = (
        "absorbed",
        "distinct",
        "dx",
        "dx_fact",
        "family",
        "index",
        "kind",
        "lesion",
        "p",
        "partners",
        "place",
        "size",
        "technique",
    )

    def __init__(self, index: int, procedure: Procedure) -> None:
        p = procedure
        self.index = index
        self.p = p
        self.technique, self.family, self.kind = target(p)
        self.place: Place = place(p.site, p.laterality, p.digits, p.eyelid)
        self.dx, self.dx_fact = _diagnosis(p, self.family)
        self.lesion = index
        self.partners: list[Act] = []
        self.absorbed = False
        self.distinct = False
        self.size: Decimal | None = None

    def take_up(self, original: str) -> None:
        """What the first excision found malignant stays malignant for the excision that finishes it."""
        known = diagnosis(original)
        if known is not None and known.nature == "malignant":
            self.dx, self.dx_fact = known, "original"

    @property
    def cosmetic(self) -> bool:
        """Whether it was done for looks."""
        return self.p.intent is not None and "cosmetic" in self.p.intent.lower()

    @property
    def nature(self) -> str | None:
        """Nature of the diagnosis, None where there is none."""
        return self.dx.nature if self.dx else None

    @property
    def where(self) -> str:
        """The site in the chart's words."""
        return self.p.site or "a site not named"


def _diagnosis(p: Procedure, family: str) -> tuple[Diagnosis | None, str]:
    """Pathology before what was seen before it; a suspicion is no diagnosis.

    An excision of what an earlier result called malignant stays one of a malignancy, also where nothing was left of it
    (CPT: a re-excision takes the code of the lesion it finishes). Last, what the technique is by its very name.
    """
    if family == "excision" and p.original:
        known = diagnosis(p.original)
        if known is not None and known.nature == "malignant":
            return known, "original"
    for fact, text in (
        ("pathology", p.pathology),
        ("dx", p.dx),
        ("lesion_type", p.lesion_type),
        ("original", p.original),
    ):
        if text is None:
            continue
        found = diagnosis(text)
        if found is not None:
            return found, fact
    found = diagnosis(p.technique) if family in _NAMED_BY_LESION else None
    return found, "technique" if found else ""


class Target(NamedTuple):
    """Where a technique is coded."""

    technique: str | None
    family: str
    kind: str


@lru_cache(maxsize=1)
def _techniques() -> Phrases:
    return Phrases(table("techniques"))


@lru_cache(maxsize=8192)
def dispatch(text: str | None) -> Target:
    """Technique, family and kind of a chart's words; family "unknown" where the table has none."""
    technique = _techniques().longest(text) if text else None
    if technique is None:
        return Target(None, "unknown", "")
    entry = table("dispatch")[technique]
    return Target(technique, entry[0], str(entry[1]))


def target(p: Procedure) -> Target:
    """Where a procedure is coded: by its technique, made exact by its method, and turned by its aim.

    A shave whose aim was a diagnosis is a biopsy, a tangential biopsy whose aim was removal is a shave (AAD, biopsy coding
    in 2019, part 3).
    """
    found = dispatch(p.technique)
    if p.method and (found.family in {"unknown", "removal"} or found.technique in _GENERIC):
        exact = dispatch(p.method if found.technique != "biopsy" else f"{p.method} biopsy")
        if exact.family == "unknown" or exact.technique in _GENERIC:
            exact = dispatch(f"{p.method} {p.technique or ''}")
        found = exact if exact.technique not in _GENERIC and exact.family != "unknown" else found
    if p.intent:
        aim = p.intent.lower()
        if found.family == "shave" and any(w in aim for w in _SAMPLE) and not any(w in aim for w in _REMOVE):
            found = dispatch("tangential biopsy")
        elif found.kind == "tangential biopsy" and any(w in aim for w in _REMOVE):
            found = dispatch("shave removal")
    return found


@lru_cache(maxsize=64)
def payer_kind(text: str | None) -> str | None:
    """medicare, medicaid, commercial, self-pay, or None where the payer is not known."""
    return Phrases(_PAYERS).longest(text) if text else None


class Desk:
    """Everything known and decided of one encounter.

    Args:
        encounter: the facts.
        book: the reference in force.
        assume: take the least that a missing fact allows, and say so.
    """

    __slots__ = ("_asked_dx", "acts", "assume", "book", "coding", "encounter", "lines", "payer", "tallies")

    def __init__(self, encounter: Encounter, book: Book, *, assume: bool) -> None:
        self.encounter = encounter
        self.book = book
        self.assume = assume
        self.payer = payer_kind(encounter.payer)
        self.acts = [Act(i, p) for i, p in enumerate(encounter.procedures)]
        earlier = encounter.global_period
        if earlier is not None and earlier.pathology:
            for act in (a for a in self.acts if a.kind == "re-excision" and a.p.original is None):
                act.take_up(earlier.pathology)
        self.coding = Coding(releases=book.releases)
        self.lines: list[Line] = self.coding.lines
        self.tallies: dict[str, list[Any]] = {}
        self._asked_dx: set[int] = set()

    @property
    def medicare(self) -> bool:
        """Whether Medicare pays."""
        return self.payer == "medicare"

    def ask(self, act: Act | None, fact: str, question: str, why: str = "") -> None:
        """A question for a missing fact."""
        where = f"procedures.{act.index}.{fact}" if act is not None else fact
        asked = Question(where, question, why)
        if asked not in self.coding.questions:
            self.coding.questions.append(asked)

    def need(
        self, act: Act, fact: str, value: T | None, question: str, least: T | None = None, *, why: str = ""
    ) -> T | None:
        """The value of a fact; where it is missing, the least it can be under `assume`, else a question and None."""
        if value is not None:
            return value
        if self.assume and least is not None:
            self.coding.assumed.append(f"{act.technique} at {act.where}: {fact} taken as {least}; {question}")
            return least
        self.ask(act, fact, question, why)
        return None

    def tally(self, name: str, entry: Any) -> None:
        """Put something aside for the finisher that adds up the day."""
        self.tallies.setdefault(name, []).append(entry)

    def drop(self, act: Act, why: str, authority: str) -> None:
        """Say why something makes no line."""
        self.coding.not_billed.append(NotBilled(f"{act.technique or act.p.technique} at {act.where}", why, authority))

    def add(
        self,
        code: str,
        acts: Act | list[Act],
        reasons: Iterable[Reason],
        *,
        units: int = 1,
        runner_up: tuple[str, str] | None = None,
        kind: str = "procedure",
        after: str = "",
        dx: list[str] | None = None,
        modifiers: Iterable[str] = (),
    ) -> Line:
        """A line of the answer; its diagnoses are those of its acts unless given."""
        of = [acts] if isinstance(acts, Act) else acts
        line = Line(
            code,
            units,
            list(modifiers),
            self.diagnoses(of) if dx is None else dx,
            list(reasons),
            RunnerUp(*runner_up) if runner_up else None,
            kind,
            frozenset(a.lesion for a in of),
            of[0].p.encounter or "" if of else "",
            after,
            any(a.distinct for a in of),
        )
        self.lines.append(line)
        return line

    def diagnoses(self, acts: list[Act]) -> list[str]:
        """Codes of the diagnoses of acts, in order, each once; what cannot be told is asked."""
        found: list[str] = []
        for act in acts:
            code = self._icd(act)
            if code and code not in found:
                found.append(code)
        return found

    def _icd(self, act: Act) -> str | None:
        dx = act.dx
        if dx is None:
            for partner in act.partners:
                if partner.dx is not None:
                    return self._icd(partner)
        code = icd(dx, act.place) if dx else None
        billable = self.book.billable
        if code and billable is not None and code.replace(".", "") not in billable:
            code = None
        if code is None and act.index not in self._asked_dx:
            self._asked_dx.add(act.index)
            what = f"which ICD-10-CM code is {dx.name}" if dx else "what is the diagnosis"
            self.coding.questions.append(
                Question(f"procedures.{act.index}.pathology", f"At {act.where}: {what}?", "the line needs a diagnosis")
            )
        return code


def because(act: Act | None, step: str, rule: str, authority: str, fact: str = "") -> Reason:
    """A reason, with the place of its fact in the note where the act came from one."""
    span: Span | None = act.p.spans.get(fact) if act is not None and fact else None
    return Reason(step, rule, authority, fact, span)
