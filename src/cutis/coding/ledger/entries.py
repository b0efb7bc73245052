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
    SPECIMEN_WITHOUT_REPORT = "specimen-without-report"
    REPORT_WITHOUT_SPECIMEN = "report-without-specimen"
    DOSE = "dose-disagrees"
    VISIT_NOT_SEPARATE = "visit-not-separate"
    ROLE = "slides-read-by-another"
    COSMETIC = "cosmetic-not-marked"


class Money(StrEnum):
    """Which way the dollars of a disagreement go."""

    LEAK = "leak"
    """Documented and not billed."""
    RISK = "risk"
    """Billed and not documented: to be paid back if a reviewer asks."""


_MONEY = {Kind.DOCUMENTED_NOT_BILLED: Money.LEAK, Kind.BILLED_NOT_DOCUMENTED: Money.RISK}


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
        cents: revenue not billed (leak) or billed without support (risk), Medicare allowable; None is unknown.
        way: of those cents, where the kind alone does not tell it.
    """

    kind: Kind
    claim: str
    line: int | None
    code: str | None
    message: str
    ask: str
    evidence: list[Evidence] = field(default_factory=list)
    cents: int | None = None
    way: Money | None = None

    @property
    def money(self) -> Money | None:
        """Whether this is a leak or a risk; None where it is neither, or which is not known."""
        return self.way or _MONEY.get(self.kind)

    @property
    def dollars(self) -> str | None:
        """Its cents as a decimal string."""
        return None if self.cents is None else f"{self.cents // 100}.{self.cents % 100:02d}"

    def differ(self, more_billed: int | None) -> None:
        """Set dollars from what is billed less what is documented, in cents."""
        if more_billed:
            self.cents, self.way = abs(more_billed), Money.RISK if more_billed > 0 else Money.LEAK

    def as_dict(self) -> dict[str, Any]:
        """As JSON; dollars are decimal strings."""
        return {
            "kind": self.kind.value,
            "claim": self.claim,
            "line": self.line,
            "code": self.code,
            "message": self.message,
            "ask": self.ask,
            "dollars": self.dollars,
            "money": self.money.value if self.money else None,
            "evidence": [e._asdict() for e in self.evidence],
        }


@dataclass(slots=True)
class Match:
    """A billed line (one unit of it) with the act that the chart tells of."""

    billed: BilledLine
    act: Act
