"""What the coder answers: lines with reasons, questions for missing facts, what was assumed, what makes no line."""

from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from cutis.coding.encounter import Span
from cutis.coding.phrases import table

SCHEMA: Final = 1


class Reason(NamedTuple):
    """One step of the decision.

    Attributes:
        step: what was decided, in a sentence.
        rule: short name of the rule.
        authority: key of the citation list (tables/authorities.yaml).
        fact: the fact of the encounter that it rests on, or an empty text.
        span: characters of that fact in the note, where it came from one.
    """

    step: str
    rule: str
    authority: str
    fact: str = ""
    span: Span | None = None


class RunnerUp(NamedTuple):
    """The code that would come next, and the fact that would make it the answer."""

    code: str
    if_fact: str


class Question(NamedTuple):
    """A fact that is missing: where it belongs, what to ask, and what hangs on it."""

    fact: str
    question: str
    why: str = ""


class NotBilled(NamedTuple):
    """Something of the encounter that makes no line of its own, and why."""

    what: str
    why: str
    authority: str


@dataclass(slots=True)
class Line:
    """One line of the answer.

    Attributes:
        code: HCPCS or CPT code.
        units: units.
        modifiers: in the order to print.
        dx: ICD-10-CM with dots; empty where the facts do not give it (a question then says so).
        reasons: the decision path.
        runner_up: next best code.
        kind: procedure, visit, drug, laboratory, pathology or add-on.
        lesions: identities of what it treats.
        session: the encounter of the day it belongs to.
        after: the code that this add-on follows.
        distinct: the line may stand beside work on the same lesion, by a rule that says so.
    """

    code: str
    units: int = 1
    modifiers: list[str] = field(default_factory=list)
    dx: list[str] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    runner_up: RunnerUp | None = None
    kind: str = "procedure"
    lesions: frozenset[int] = frozenset()
    session: str = ""
    after: str = ""
    distinct: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "code": self.code,
            "units": self.units,
            "modifiers": self.modifiers,
            "dx": self.dx,
            "reasons": [
                {"step": step, "rule": rule, "authority": authority, "fact": fact, "span": list(span) if span else None}
                for step, rule, authority, fact, span in self.reasons
            ],
            "runner_up": {"code": self.runner_up.code, "if_fact": self.runner_up.if_fact} if self.runner_up else None,
        }


@dataclass(slots=True)
class Coding:
    """The answer for one encounter.

    Attributes:
        lines: in the order to bill.
        questions: facts that are missing.
        assumed: with `assume`, what was taken for granted, one sentence each.
        not_billed: what makes no line, and why.
        warnings: true answers that a payer may still refuse.
        releases: tables that the answer rests on.
    """

    lines: list[Line] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    assumed: list[str] = field(default_factory=list)
    not_billed: list[NotBilled] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    releases: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The promised JSON."""
        return {
            "schema": SCHEMA,
            "lines": [line.as_dict() for line in self.lines],
            "questions": [q._asdict() for q in self.questions],
            "assumed": self.assumed,
            "not_billed": [n._asdict() for n in self.not_billed],
            "warnings": self.warnings,
            "releases": list(self.releases),
        }


def short(line: Line) -> str:
    """A line as claims are spoken of: 17003-59 x5."""
    return "-".join([line.code, *line.modifiers]) + (f" x{line.units}" if line.units > 1 else "")


def citation(authority: str) -> str:
    """The citation behind a key."""
    found: str = table("authorities")[authority]
    return found
