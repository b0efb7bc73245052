"""The entries of the ledger: billed lines, evidence, disagreements."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from cutis.coding.notes.acts import Act


class Kind(StrEnum):
    """What claim and chart disagree about."""

    NO_CHART = "no-chart"
    BILLED_NOT_DOCUMENTED = "billed-not-documented"
    DOCUMENTED_NOT_BILLED = "documented-not-billed"
    TECHNIQUE = "technique-disagrees"
    TECHNIQUE_NOT_STATED = "technique-not-stated"
    COUNT = "count-disagrees"
    COUNT_NOT_STATED = "count-not-stated"
    SIZE = "size-disagrees"
    SIZE_NOT_STATED = "size-not-stated"
    MARGIN_NOT_STATED = "margin-not-stated"
    SITE = "site-disagrees"
    SIDE = "side-disagrees"
    STAGE = "stages-disagree"
    NATURE = "pathology-disagrees"
    BEFORE_PATHOLOGY = "malignant-code-before-pathology"
    SPECIMENS = "specimens-disagree"
    DOSE = "dose-disagrees"
    VISIT_NOT_SEPARATE = "visit-not-separate"
    ROLE = "slides-read-by-another"
    COSMETIC = "cosmetic-not-marked"


class Evidence(NamedTuple):
    """Words of the chart with the file and the characters they stand at."""

    source: str
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class BilledLine:
    """A line of the claim, as far as the ledger needs it."""

    claim: str
    line: int
    code: str
    units: int
    modifiers: tuple[str, ...] = ()
    diagnoses: tuple[str, ...] = ()
    service_from: date | None = None


@dataclass(slots=True)
class Disagreement:
    """One thing on which claim and chart do not agree, with what to ask.

    Attributes:
        kind: see `Kind`.
        claim: claim id.
        line: 1-based line of the claim; None where it is about something not billed.
        code: billed code, or the code that what is documented would have, where that is certain.
        message: what disagrees, in one sentence.
        ask: the question for whoever wrote the chart or the claim; never an order to add.
        evidence: the words of the chart it rests on.
        cents: revenue not billed (documented-not-billed) or at stake (billed), Medicare allowable; None is unknown.
    """

    kind: Kind
    claim: str
    line: int | None
    code: str | None
    message: str
    ask: str
    evidence: list[Evidence] = field(default_factory=list)
    cents: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """As JSON; dollars are decimal strings."""
        return {
            "kind": self.kind.value,
            "claim": self.claim,
            "line": self.line,
            "code": self.code,
            "message": self.message,
            "ask": self.ask,
            "dollars": None if self.cents is None else f"{self.cents // 100}.{self.cents % 100:02d}",
            "evidence": [e._asdict() for e in self.evidence],
        }


@dataclass(slots=True)
class Match:
    """A billed line (one unit of it) with the act that the chart tells of."""

    billed: BilledLine
    act: Act
