"""What a price of a day's lines depends on, and what comes of it. Amounts are whole cents."""

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from cutis.model.money import dollars
from cutis.pricing.contract import Contract
from cutis.pricing.locality import Locality


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One line as billed; `charge` in cents for the whole line, None where it is not known."""

    code: str
    units: int = 1
    modifiers: tuple[str, ...] = ()
    charge: int | None = None


@dataclass(frozen=True, slots=True)
class Primary:
    """What another payer did before Medicare, in cents: the charge it saw, what it allowed, what it paid."""

    charge: int
    allowed: int
    paid: int


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything that a price depends on besides the lines; the defaults are a participating physician's.

    Attributes:
        locality: of the service.
        on: date of service.
        facility: the facility amount applies.
        track: `standard` or `qualifying-apm`.
        practitioner: `physician`, or `npp` for a nurse practitioner or physician assistant under an own number.
        participating: false for one who does not participate.
        assigned: false where one who does not participate leaves the claim unassigned.
        mips: adjustment of Medicare's payment as a factor.
        deductible: cents of the deductible still open.
        coinsurance: the patient's share; None is Medicare's.
        copay: cents that the patient pays first under a contract.
        sequestration: whether Medicare's payment is cut.
        secondary: a second payer's share of the coinsurance; None is no second payer.
        secondary_deductible: the second payer takes the deductible too.
        primary: another payer paid first.
        contract: a payer's own fees instead of Medicare's.
        payer: whose policies apply; None applies none.
        state: for exceptions of policies; None takes the locality's.
        product: line of business, for exceptions of policies.
        as_of: policies as they were known that day.
    """

    locality: Locality
    on: date
    facility: bool = False
    track: str = "standard"
    practitioner: str = "physician"
    participating: bool = True
    assigned: bool = True
    mips: Decimal = Decimal(1)
    deductible: int = 0
    coinsurance: Decimal | None = None
    copay: int = 0
    sequestration: bool = True
    secondary: Decimal | None = None
    secondary_deductible: bool = False
    primary: Primary | None = None
    contract: Contract | None = None
    payer: str | None = None
    state: str | None = None
    product: str | None = None
    as_of: date | None = None

    @property
    def medicare(self) -> bool:
        """Whether Medicare pays: no contract and no other payer is named."""
        return self.contract is None and self.payer is None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a price; amounts in cents."""

    label: str
    factor: Decimal
    before: int
    after: int
    authority: str


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line with its allowed amount in cents (None: not priced, and `reason` says why) and the steps to it.

    `limit` is what may be charged where the claim is not assigned; of a drug it is the allowed amount.
    """

    line: ClaimLine
    number: int
    allowed: int | None
    reason: str
    steps: tuple[Step, ...] = ()
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class PricedClaim:
    """The lines together and who pays; cents. `medicare_pays` is the payer's payment where it is not Medicare."""

    lines: tuple[PricedLine, ...]
    allowed: int
    deductible: int
    coinsurance: int
    medicare_pays: int
    sequestration: int
    secondary_pays: int
    primary_paid: int
    patient_owes: int
    limiting_charge: int | None
    assumptions: tuple[str, ...] = ()
    policies: tuple[str, ...] = field(default=())

    def as_dict(self) -> dict[str, Any]:
        """Plain values; dollars as decimal strings."""
        amounts = (
            "allowed", "deductible", "coinsurance", "medicare_pays", "sequestration", "secondary_pays", "primary_paid",
            "patient_owes",
        )  # fmt: skip
        return {
            "schema": 1,
            **{n: dollars(getattr(self, n)) for n in amounts},
            "limiting_charge": None if self.limiting_charge is None else dollars(self.limiting_charge),
            "assumptions": list(self.assumptions),
            "policies": list(self.policies),
            "lines": [_line_dict(x) for x in self.lines],
        }


def _line_dict(line: PricedLine) -> dict[str, Any]:
    return {
        "line": line.number,
        "code": line.line.code,
        "units": line.line.units,
        "modifiers": list(line.line.modifiers),
        "allowed": None if line.allowed is None else dollars(line.allowed),
        "reason": line.reason,
        "steps": [
            {
                "label": s.label,
                "factor": str(s.factor),
                "before": dollars(s.before),
                "after": dollars(s.after),
                "authority": s.authority,
            }
            for s in line.steps
        ],
    }


@dataclass(slots=True)
class Work:
    """A line on its way: its amount so far, the fee schedule's row, and whether the fee schedule's cuts touch it."""

    line: ClaimLine
    number: int
    fee: dict[str, Any]
    unit: int  # cents of one unit before reductions among procedures
    amount: int
    drug: bool = False
    steps: list[Step] = field(default_factory=list)

    def apply(self, label: str, factor: Decimal, authority: str) -> None:
        """Multiply, round half up, and remember the step."""
        self.become(label, rounded(Decimal(self.amount) * factor), authority, factor)

    def become(self, label: str, amount: int, authority: str, factor: Decimal = Decimal(1)) -> None:
        """Take an amount and remember the step."""
        self.steps.append(Step(label, factor, self.amount, amount, authority))
        self.amount = amount

    def remark(self, label: str, authority: str) -> None:
        """Say something that changes no amount."""
        self.become(label, self.amount, authority)

    @property
    def order(self) -> tuple[str, tuple[str, ...], int, int, int]:
        """Among equal amounts: what the lines say decides, their place only between lines that say the same."""
        line = self.line
        return line.code, line.modifiers, line.units, -1 if line.charge is None else line.charge, self.number


def rounded(cents: Decimal) -> int:
    """Half up to whole cents."""
    return int(cents.quantize(Decimal(1), rounding=ROUND_HALF_UP))
