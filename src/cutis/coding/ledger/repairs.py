"""Repairs: lengths of one class and one group of places are added before they are held against a line."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from math import ceil
from typing import Final

from cutis.coding.ledger.compare import Comparer
from cutis.coding.ledger.entries import BilledLine, Disagreement, Kind
from cutis.coding.ledger.match import TUMOR, fits
from cutis.coding.ledger.meanings import Meaning, group_words, in_group
from cutis.coding.ledger.worth import repair_code
from cutis.coding.notes.acts import Act
from cutis.model.words import counted

Cents = Callable[[Iterable[tuple[str, int]]], int | None]
_SEPARATE: Final = frozenset({"intermediate", "complex"})  # a simple closure belongs to what it closes
_SMALL_BENIGN: Final = Decimal("0.5")
_LEAST_COMPLEX: Final = Decimal("1.0")
_MORE: Final = {"13101": "13102", "13121": "13122", "13132": "13133", "13152": "13153"}
_FIRST, _EACH = Decimal("7.5"), Decimal(5)
_APART: Final = frozenset({"59", "76", "XE", "XS"})  # lines of one class told apart: two encounters of the day


def repairs(
    claim: str,
    lines: list[tuple[BilledLine, Meaning]],
    acts: list[Act],
    compare: Comparer,
    cents: Cents,
    billed: dict[str, int],
) -> list[Disagreement]:
    """Repair lines against documented closures, both ways; `billed` are the units of every code of the claim."""
    closed = [a for a in acts if a.get("repair") and (a.family in {"repair", "mohs"} or a.get("repair") in _SEPARATE)]
    found: list[Disagreement] = []
    used: set[int] = set()
    for line, meaning in lines:
        here = [
            a for a in closed if _class(a) == meaning.repair and in_group(a.get("site"), meaning.group) is not False
        ]
        if here:
            used |= {id(a) for a in here}
            apart = any(
                m.repair == meaning.repair and m.group == meaning.group and _APART & set(ln.modifiers)
                for ln, m in lines
            )
            if not (apart and _one_fits(meaning, here)):
                found += _length(claim, line, meaning, here, compare) or _further(
                    claim, line, here, billed, compare, cents
                )
            continue
        other = [a for a in closed if id(a) not in used and in_group(a.get("site"), meaning.group) is not False]
        used |= {id(a) for a in other[:1]}
        found.append(_class_differs(claim, line, meaning, other[:1], compare, cents))
    for act in closed:
        if id(act) not in used and not _bundled(act):
            found.append(_not_billed(claim, act, compare, cents))
    return found


def _class(act: Act) -> str | None:
    """The class that a closure is reported as: there is no complex code for 1.0 cm or less."""
    stated, length = act.get("repair"), act.get("repair_cm")
    return "intermediate" if stated == "complex" and length is not None and length <= _LEAST_COMPLEX else stated


def _one_fits(meaning: Meaning, acts: list[Act]) -> bool:
    """Whether one closure alone fits: two lines of one class are closures of two encounters of the day."""
    return any(length is not None and fits(meaning, Decimal(length)) for length in (a.get("repair_cm") for a in acts))


def _bundled(act: Act) -> bool:
    """A simple closure of what was cut out, any of a benign lesion of 0.5 cm or less, and all but complex of a tumour."""
    excised = act.get("excised_cm")
    if act.technique == TUMOR and act.get("repair") != "complex":
        return True
    small = act.family == "excision" and excised is not None and excised <= _SMALL_BENIGN and not act.get("pathology")
    return small or (act.get("repair") == "simple" and act.family not in {"repair", "mohs"})


def _length(claim: str, line: BilledLine, meaning: Meaning, acts: list[Act], compare: Comparer) -> list[Disagreement]:
    evidence = [e for a in acts for e in compare.evidence(a, "repair", "repair_cm", "site")]
    lengths = [a.get("repair_cm") for a in acts]
    if any(v is None for v in lengths):
        message = f"{line.code} goes by length; the chart does not give the length of each {meaning.repair} repair."
        ask = "How long was the closed wound? A payer takes the shortest code where none is written."
        return [Disagreement(Kind.SIZE_NOT_STATED, claim, line.line, line.code, message, ask, evidence)]
    total = sum((Decimal(v) for v in lengths), Decimal(0))
    # The code for the first 7.5 cm of a complex repair is billed with a further code for the rest.
    if fits(meaning, total) or (meaning.repair == "complex" and meaning.to is None and total > (meaning.above or 0)):
        return []
    message = (
        f"{line.code} does not fit {total:f} cm of {meaning.repair} repair of {group_words(meaning.group or 'trunk')}."
    )
    return [Disagreement(Kind.SIZE, claim, line.line, line.code, message, "Which lengths are right?", evidence)]


def _further(
    claim: str, line: BilledLine, acts: list[Act], billed: dict[str, int], compare: Comparer, cents: Cents
) -> list[Disagreement]:
    """Units of the add-on for each 5 cm, or part of them, of a complex repair beyond 7.5 cm."""
    code = _MORE.get(line.code)
    if code is None:
        return []
    total = sum((Decimal(a.get("repair_cm")) for a in acts), Decimal(0))
    due = max(0, ceil((total - _FIRST) / _EACH))
    units = billed.get(code, 0)
    if units == due:
        return []
    message = f"{total:f} cm of complex repair are {counted(due, 'unit')} of {code} beside {line.code}; {units} {'is' if units == 1 else 'are'} billed."
    evidence = [e for a in acts for e in compare.evidence(a, "repair", "repair_cm", "site")]
    found = Disagreement(Kind.SIZE, claim, line.line, code, message, "How long was each closed wound?", evidence)
    one = cents([(code, 1)])
    found.differ(None if one is None else one * (units - due))
    return [found]


def _class_differs(
    claim: str, line: BilledLine, meaning: Meaning, acts: list[Act], compare: Comparer, cents: Cents
) -> Disagreement:
    if not acts:
        message = f"{line.code} has no matching repair in the chart."
        ask = "Was it done on this day? If so the note lacks it; if not, the line must go."
        return Disagreement(
            Kind.BILLED_NOT_DOCUMENTED, claim, line.line, line.code, message, ask, [], cents([(line.code, line.units)])
        )
    message = f"{line.code} says {meaning.repair} repair; the chart tells of {acts[0].get('repair')} repair."
    ask = "Which layers were closed, and how far was it undermined? Only the note can make it more."
    return Disagreement(
        Kind.TECHNIQUE, claim, line.line, line.code, message, ask, compare.evidence(acts[0], "repair", "complex_reason")
    )


def _not_billed(claim: str, act: Act, compare: Comparer, cents: Cents) -> Disagreement:
    length = act.get("repair_cm")
    code = repair_code(_class(act) or "", act.get("site"), Decimal(length)) if length is not None else None
    size = f" of {length:f} cm" if length is not None else ""
    message = f"The chart tells of {act.get('repair')} repair{size} at {act.get('site') or 'a site not named'}; no line stands for it."
    ask = "Was this left off the claim on purpose? Nothing may be billed that the note does not support."
    evidence = compare.evidence(act, "repair", "repair_cm", "site")
    return Disagreement(
        Kind.DOCUMENTED_NOT_BILLED, claim, None, code, message, ask, evidence, cents([(code, 1)]) if code else None
    )
