"""What Medicare allows for the lines of one day together, each step of the way named.

The order is CMS's: base amount, parts of the global package, bilateral, assistant or co-surgeon, multiple procedures
ranked by what they are allowed, practitioner and participation, then who pays. Therapy and imaging reductions are not
carried out; a line whose indicator asks for one says so.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

import polars as pl

from cutis.model.money import dollars
from cutis.pricing.derive import STATUS_SENTENCES, price
from cutis.pricing.locality import Locality
from cutis.reference.store import Reference

FULL_PROCEDURES: Final = 5  # from the sixth on the contractor pays by report
COMPONENTS: Final = ("26", "TC", "53")
LEFT_OUT: Final = {"4": "imaging (technical part)", "5": "therapy", "6": "cardiology", "7": "ophthalmology"}


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One line as billed."""

    code: str
    units: int = 1
    modifiers: tuple[str, ...] = ()


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
        mips: payment adjustment as a factor.
        deductible: cents of the Part B deductible still open.
        sequestration: whether Medicare's payment is cut.
        secondary: a second payer takes the patient's part.
    """

    locality: Locality
    on: date
    facility: bool = False
    track: str = "standard"
    practitioner: str = "physician"
    participating: bool = True
    mips: Decimal = Decimal(1)
    deductible: int = 0
    sequestration: bool = True
    secondary: bool = False


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
    """A line with its allowed amount in cents (None: not priced, and `reason` says why) and the steps to it."""

    line: ClaimLine
    number: int
    allowed: int | None
    reason: str
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class PricedClaim:
    """The lines together and who pays; cents."""

    lines: tuple[PricedLine, ...]
    allowed: int
    deductible: int
    coinsurance: int
    medicare_pays: int
    sequestration: int
    patient_owes: int
    limiting_charge: int | None
    assumptions: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Plain values; dollars as decimal strings."""
        amounts = ("allowed", "deductible", "coinsurance", "medicare_pays", "sequestration", "patient_owes")
        return {
            **{n: dollars(getattr(self, n)) for n in amounts},
            "limiting_charge": None if self.limiting_charge is None else dollars(self.limiting_charge),
            "assumptions": list(self.assumptions),
            "lines": [
                {
                    "line": x.number, "code": x.line.code, "units": x.line.units, "modifiers": list(x.line.modifiers),
                    "allowed": None if x.allowed is None else dollars(x.allowed), "reason": x.reason,
                    "steps": [
                        {"label": s.label, "factor": str(s.factor), "before": dollars(s.before), "after": dollars(s.after),
                         "authority": s.authority}
                        for s in x.steps
                    ],
                }
                for x in self.lines
            ],
        }  # fmt: skip


@dataclass(slots=True)
class _Work:
    """A line on its way: its amount so far and the fee schedule's row."""

    line: ClaimLine
    number: int
    fee: dict[str, Any]
    unit: int  # cents of one unit before reductions among procedures
    amount: int
    steps: list[Step] = field(default_factory=list)

    def apply(self, label: str, factor: Decimal, authority: str) -> None:
        before = self.amount
        self.amount = rounded(Decimal(before) * factor)
        self.steps.append(Step(label, factor, before, self.amount, authority))


def rounded(cents: Decimal) -> int:
    """Half up to whole cents."""
    return int(cents.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def price_claim(reference: Reference, lines: list[ClaimLine], terms: Terms) -> PricedClaim:
    """Price the lines of one patient, day and practitioner.

    Raises:
        DataError: a table or value is not loaded or not in force.
    """
    share = _Shares(reference, terms.on)
    done: dict[int, PricedLine] = {}
    work: list[_Work] = []
    for number, line in enumerate(lines, 1):
        item = _base(reference, line, number, terms)
        if isinstance(item, PricedLine):
            done[number] = item
        else:
            _alone(item, share)
            work.append(item)
    _among(work, share, reference, terms)
    for item in work:
        _provider(item, share, terms)
        done[item.number] = PricedLine(item.line, item.number, item.amount, "", tuple(item.steps))
    priced = tuple(done[n] for n in sorted(done))
    return _who_pays(priced, share, terms)


class _Shares:
    """Dated shares with their citations."""

    def __init__(self, reference: Reference, on: date) -> None:
        self._reference, self._on = reference, on

    def __getitem__(self, name: str) -> tuple[Decimal, str]:
        row = self._reference.value_row("payment_share", on=self._on, track=name)
        return row.value, row.cite


def _base(reference: Reference, line: ClaimLine, number: int, terms: Terms) -> "_Work | PricedLine":
    component = next((m for m in line.modifiers if m in COMPONENTS), "")
    got = price(reference, line.code, terms.locality, terms.on, modifier=component, track=terms.track)
    unit = got.facility if terms.facility else got.nonfacility
    if unit is None:
        where = "in a facility" if terms.facility else "outside a facility"
        reason = STATUS_SENTENCES[got.status] if got.status != "priced" else f"not done {where} under CMS's file"
        return PricedLine(line, number, None, reason)
    fee = (
        reference.table("fee")
        .filter(
            pl.col("code") == line.code, pl.col("modifier").is_in([component, ""]), pl.col("release") == got.release
        )
        .sort("modifier", descending=True)
        .row(0, named=True)
    )
    item = _Work(line, number, fee, unit, unit * line.units)
    label = f"{got.release}, {terms.locality.name}, {'facility' if terms.facility else 'non-facility'}, {line.units} x {dollars(unit)}"
    item.steps.append(Step(label, Decimal(line.units), unit, item.amount, "Medicare physician fee schedule"))
    if fee["mult_proc"] in LEFT_OUT:
        item.steps.append(
            Step(
                f"the {LEFT_OUT[fee['mult_proc']]} reduction is not carried out",
                Decimal(1),
                item.amount,
                item.amount,
                "left out",
            )
        )
    return item


def _alone(item: _Work, share: _Shares) -> None:
    """Steps that look at the line itself."""
    modifiers, fee = item.line.modifiers, item.fee
    package = "Medicare Claims Processing Manual, chapter 12, section 40.4"
    parts = {"54": ("pre_pct", "intra_pct"), "55": ("post_pct",), "56": ("pre_pct",), "78": ("intra_pct",)}
    for modifier, columns in parts.items():
        if modifier in modifiers and fee["global_days"] in {"010", "090"}:
            factor = Decimal(sum(fee[c] for c in columns)) / 100
            item.apply(f"modifier {modifier}: its part of the global package", factor, package)
    if "50" in modifiers and fee["bilateral"] == "1":
        item.apply("modifier 50: both sides", *share["bilateral"])
    for modifiers_of, name, column, allowed in (
        (("80", "81", "82"), "assistant", "assistant", ("0", "2")),
        (("AS",), "assistant-npp", "assistant", ("0", "2")),
        (("62",), "co-surgeon", "cosurgeon", ("1", "2")),
    ):
        which = next((m for m in modifiers_of if m in modifiers), None)
        if which is None:
            continue
        if fee[column] in allowed:
            item.apply(f"modifier {which}", *share[name])
        else:
            item.apply(
                f"modifier {which} is not paid for this code (indicator {fee[column]})",
                Decimal(0),
                "CMS relative value file",
            )
    if "52" in modifiers:
        item.steps.append(
            Step("modifier 52: reduced by the contractor by report", Decimal(1), item.amount, item.amount, "by report")
        )


def _among(work: list[_Work], share: _Shares, reference: Reference, terms: Terms) -> None:
    """Multiple procedures: all units with indicator 2 (and endoscopies, 3) ranked by what they are allowed."""
    _endoscopies([w for w in work if w.fee["mult_proc"] == "3"], reference, terms)
    factor, authority = share["second-procedure"]
    ranked: list[tuple[int, int, _Work]] = []
    for item in work:
        if item.fee["mult_proc"] not in {"2", "3"} or item.fee["global_days"] == "ZZZ" or "78" in item.line.modifiers:
            continue
        each = item.amount // item.line.units
        ranked += [(each, place, item) for place in range(item.line.units)]
    ranked.sort(key=lambda r: (-r[0], *_rank(r[2]), r[1]))
    if len(ranked) < 2:
        return
    first = ranked[0][2]
    owners = {r[2].number: r[2] for r in ranked}
    for number in sorted(owners):
        owner = owners[number]
        full = 1 if owner is first else 0
        halves = owner.line.units - full
        if halves:
            share_of_line = (Decimal(full) + factor * halves) / owner.line.units
            label = "multiple procedures: " + (f"first unit whole, {halves} at half" if full else "at half")
            owner.apply(label, share_of_line, authority)
    if len(ranked) > FULL_PROCEDURES:
        last = ranked[FULL_PROCEDURES][2]
        last.steps.append(
            Step(
                "from the sixth procedure on the contractor pays by report",
                Decimal(1),
                last.amount,
                last.amount,
                authority,
            )
        )


def _rank(item: _Work) -> tuple[str, tuple[str, ...], int, int]:
    """Among equal amounts: what the lines say decides, their place only between lines that say the same."""
    return item.line.code, item.line.modifiers, item.line.units, item.number


def _endoscopies(work: list[_Work], reference: Reference, terms: Terms) -> None:
    """In a family the highest is whole; of the others the base endoscopy is taken off."""
    families: dict[str, list[_Work]] = {}
    for item in work:
        families.setdefault(item.fee["endo_base"], []).append(item)
    for base, items in families.items():
        got = price(reference, base, terms.locality, terms.on, track=terms.track) if base else None
        cents = None if got is None else (got.facility if terms.facility else got.nonfacility)
        if cents is None or len(items) < 2:
            continue
        for item in sorted(items, key=lambda w: (-w.unit, *_rank(w)))[1:]:
            before = item.amount
            item.amount = max(0, before - cents)
            item.steps.append(
                Step(
                    f"endoscopy {base} of its family taken off",
                    Decimal(1),
                    before,
                    item.amount,
                    "Medicare Claims Processing Manual, chapter 12, section 40.6",
                )
            )


def _provider(item: _Work, share: _Shares, terms: Terms) -> None:
    if terms.practitioner == "npp" and "AS" not in item.line.modifiers:
        item.apply("nurse practitioner or physician assistant", *share["npp"])
    if not terms.participating:
        item.apply("not participating", *share["nonparticipating"])
    if terms.mips != 1:
        item.apply("MIPS payment adjustment", terms.mips, "as given")


def _who_pays(lines: tuple[PricedLine, ...], share: _Shares, terms: Terms) -> PricedClaim:
    allowed = sum(x.allowed or 0 for x in lines)
    deductible = min(terms.deductible, allowed)
    coinsurance = rounded(Decimal(allowed - deductible) * share["coinsurance"][0])
    medicare = allowed - deductible - coinsurance
    cut = rounded(Decimal(medicare) * share["sequestration"][0]) if terms.sequestration else 0
    limit = None if terms.participating else rounded(Decimal(allowed) * share["limiting-charge"][0])
    assumptions = [f"Part B deductible still open: {dollars(terms.deductible)}"]
    if terms.sequestration:
        assumptions.append("sequestration cuts Medicare's payment, never the patient's part")
    if terms.secondary:
        assumptions.append("a second payer takes deductible and coinsurance")
    if any(x.allowed is None for x in lines):
        assumptions.append("lines without a price are not in the sums")
    owes = 0 if terms.secondary else deductible + coinsurance
    return PricedClaim(lines, allowed, deductible, coinsurance, medicare - cut, cut, owes, limit, tuple(assumptions))
