"""The conditions of a rule's `when`, each compiled to a Polars expression that is null where it cannot be judged."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Final

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import expand, load_families
from cutis.rulekit.catalogue import near
from cutis.rulekit.custom.nodes import Node, Notes
from cutis.rulekit.predicates import any_modifier, has_modifier, some_diagnosis
from cutis.rulekit.rule import DAY

AGE: Final = "age"
BOUNDS: Final = ("over", "under", "at_least", "at_most")
CONDITIONS: Final = (
    "codes", "not_codes", "modifiers", "diagnosis", "units", "charge", "age", "sex", "place", "not_place", "payer_id",
    "state", "same_day",
)  # fmt: skip

_CODE = re.compile(r"[0-9A-Z][0-9]{3}[0-9A-Z]")
_RANGE = re.compile(r"([0-9A-Z][0-9]{3}[0-9A-Z])-([0-9A-Z][0-9]{3}[0-9A-Z])")
_DX = re.compile(r"[A-Z][0-9][0-9A-Z.]{0,7}")
_MODIFIER = re.compile(r"[0-9A-Z]{2}")
_MOST_RANGE: Final = 5000


@dataclass(slots=True)
class When:
    """A compiled `when`.

    Attributes:
        tests: expressions that must all be true.
        unknown: for each column that may be empty, what to say where it is.
        needs: columns beyond the core.
        codes: that the rule looks at; None is all.
        of_day: whether other lines of the day are looked at.
    """

    tests: list[pl.Expr] = field(default_factory=list)
    unknown: list[tuple[str, str]] = field(default_factory=list)
    needs: list[str] = field(default_factory=list)
    codes: frozenset[str] | None = None
    of_day: bool = False

    @property
    def holds(self) -> pl.Expr:
        """True where every condition holds, null where one cannot be judged and none fails."""
        whole = self.tests[0]
        for test in self.tests[1:]:
            whole &= test
        return whole

    @property
    def reason(self) -> pl.Expr:
        """Why a line cannot be judged."""
        said = [pl.when(pl.col(n).is_null()).then(pl.lit(text)) for n, text in self.unknown]
        return pl.coalesce(*said, pl.lit("a value of the line is not known"))

    def optional(self, column: str, text: str, test: pl.Expr) -> None:
        """Add a test of a column that may be empty."""
        self.tests.append(test)
        self.unknown.append((column, text))
        if column not in _IN_CORE:
            self.needs.append(column)


_IN_CORE: Final = (c.UNITS, c.PLACE_OF_SERVICE)


def age_in_years() -> pl.Expr:
    """Completed years at the service; null where a date is not known."""
    on, born = pl.col(c.SERVICE_FROM), pl.col(c.PATIENT_BIRTH)
    not_yet = (on.dt.month() * 100 + on.dt.day()) < (born.dt.month() * 100 + born.dt.day())
    return on.dt.year() - born.dt.year() - not_yet.cast(pl.Int32)


def compile_when(node: Node, notes: Notes) -> When:
    """Compile `when`; faults go to `notes`."""
    table = notes.table(node, "when")
    notes.keys(table, CONDITIONS, "when")
    when = When()
    for key in CONDITIONS:  # same_day last: it widens the codes that are looked at
        if key in table:
            _MAKERS[key](when, table[key], notes)
    if not when.tests:
        notes.fault(node.line, f"when needs at least one condition: {', '.join(CONDITIONS)}")
    return when


def code_set(node: Node, notes: Notes, what: str) -> frozenset[str]:
    """Codes, ranges (11300-11303) and families of codes (mohs), as one set."""
    codes: set[str] = set()
    families = load_families().sets
    for word in notes.words(node, what):
        upper = word.upper()
        span = _RANGE.fullmatch(upper)
        if _CODE.fullmatch(upper):
            codes.add(upper)
        elif span and _is_span(span[1], span[2]):
            codes.update(expand(upper))
        elif word.lstrip("+") in families:
            codes |= families[word.lstrip("+")]
        else:
            hint = near(word.lstrip("+"), families)
            notes.fault(node.line, f"{word!r} in {what} is no code, range (11300-11303) or family of codes{hint}")
    return frozenset(codes)


def _is_span(first: str, last: str) -> bool:
    head, tail = first.rstrip("0123456789"), last.rstrip("0123456789")
    if head != tail or len(head) > 1:
        return False
    return 0 <= int(last[len(head) :]) - int(first[len(head) :]) <= _MOST_RANGE


def _codes(when: When, node: Node, notes: Notes) -> None:
    when.codes = code_set(node, notes, "codes")
    when.tests.append(pl.col(c.CODE).is_in(sorted(when.codes)))


def _not_codes(when: When, node: Node, notes: Notes) -> None:
    when.tests.append(~pl.col(c.CODE).is_in(sorted(code_set(node, notes, "not_codes"))))


def _lists(
    node: Node, notes: Notes, what: str, keys: Iterable[str], shape: re.Pattern[str], hint: str
) -> dict[str, list[str]]:
    """A table of lists whose words all have one shape; a plain list is taken as `any`."""
    table = {"any": node} if not isinstance(node.value, dict) else node.value
    notes.keys(table, keys, what)
    out: dict[str, list[str]] = {}
    for key, value in table.items():
        words = [w.upper() for w in notes.words(value, f"{what}.{key}")]
        if not words:
            notes.fault(value.line, f"{what}.{key} is empty; leave it out")
        for word in words:
            if not shape.fullmatch(word):
                notes.fault(value.line, f"{word!r} in {what}.{key} is no {hint}")
        out[key] = words
    return out


def _modifiers(when: When, node: Node, notes: Notes) -> None:
    lists = _lists(node, notes, "modifiers", ("any", "all", "none"), _MODIFIER, "modifier: two letters or digits")
    if "any" in lists:
        when.tests.append(any_modifier(lists["any"]))
    when.tests += [has_modifier(m) for m in lists.get("all", [])]
    if "none" in lists:
        when.tests.append(~any_modifier(lists["none"]))


def _diagnosis(when: When, node: Node, notes: Notes) -> None:
    lists = _lists(node, notes, "diagnosis", ("any", "none"), _DX, "beginning of an ICD-10-CM code, as L57 or D48.5")
    if lists.get("any"):
        when.tests.append(some_diagnosis(lists["any"]))
    if lists.get("none"):
        when.tests.append(~some_diagnosis(lists["none"]))


def _bounds(node: Node, notes: Notes, what: str) -> list[tuple[str, Decimal]]:
    table = notes.table(node, what)
    notes.keys(table, BOUNDS, what)
    if not table:
        notes.fault(node.line, f"{what} needs a bound: {', '.join(BOUNDS)}")
    out = []
    for key, value in table.items():
        try:
            number = Decimal(value.text or "")
            good = number.is_finite() and abs(number) < 10**9
        except InvalidOperation:
            good = False
        if good:
            out.append((key, number))
        else:
            notes.fault(value.line, f"{value.text!r} in {what}.{key} is no number")
    return out


def _within(value: pl.Expr, bounds: list[tuple[str, Decimal]], unit: int = 1) -> pl.Expr:
    test = pl.lit(value=True)
    for key, number in bounds:
        limit = float(number * unit)
        compare = {"over": value > limit, "under": value < limit, "at_least": value >= limit, "at_most": value <= limit}
        test = test & compare.get(key, pl.lit(value=True))
    return test


def _units(when: When, node: Node, notes: Notes) -> None:
    bounds = _bounds(node, notes, "units")
    when.optional(c.UNITS, "the line has no units", _within(pl.col(c.UNITS), bounds))


def _charge(when: When, node: Node, notes: Notes) -> None:
    bounds = _bounds(node, notes, "charge")
    when.optional(c.CHARGE, "the line has no charge", _within(pl.col(c.CHARGE), bounds, 100))


def _age(when: When, node: Node, notes: Notes) -> None:
    bounds = _bounds(node, notes, "age")
    when.optional(c.PATIENT_BIRTH, "the patient's birth date is not known", _within(age_in_years(), bounds))


def _plain(column: str, text: str, shape: re.Pattern[str], hint: str, *, negate: bool = False) -> "Maker":
    """A condition that a column is (or is not) one of some values."""

    def make(when: When, node: Node, notes: Notes) -> None:
        words = [w.upper() for w in notes.words(node, column)]
        for word in words:
            if not shape.fullmatch(word):
                notes.fault(node.line, f"{word!r} is no {hint}")
        test = pl.col(column).str.to_uppercase().is_in(words)
        when.optional(column, text, ~test if negate else test)

    return make


def _same_day(when: When, node: Node, notes: Notes) -> None:
    table = notes.table(node, "same_day")
    notes.keys(table, ("with", "without"), "same_day")
    if not table:
        notes.fault(node.line, "same_day needs 'with' or 'without' and codes")
    when.of_day = True
    for key, value in table.items():
        codes = code_set(value, notes, f"same_day.{key}")
        one = pl.col(c.CODE).is_in(sorted(codes)).fill_null(value=False).cast(pl.Int64)
        others = one.sum().over(DAY) - one
        when.tests.append(others > 0 if key == "with" else others == 0)
        if when.codes is not None:
            when.codes |= codes


Maker = Callable[[When, Node, Notes], None]
_POS = re.compile(r"[0-9]{2}")
_MAKERS: Final[dict[str, Maker]] = {
    "codes": _codes,
    "not_codes": _not_codes,
    "modifiers": _modifiers,
    "diagnosis": _diagnosis,
    "units": _units,
    "charge": _charge,
    "age": _age,
    "sex": _plain(c.PATIENT_SEX, "the patient's sex is not known", re.compile("[FMU]"), "sex: F, M or U"),
    "place": _plain(c.PLACE_OF_SERVICE, "the line has no place of service", _POS, "place of service: two digits"),
    "not_place": _plain(
        c.PLACE_OF_SERVICE, "the line has no place of service", _POS, "place of service: two digits", negate=True
    ),
    "payer_id": _plain(c.PAYER_ID, "the payer's id is not known", re.compile(r"\S{1,80}"), "payer id"),
    "state": _plain(c.STATE, "the state is not known", re.compile("[A-Z]{2}"), "state: two letters"),
    "same_day": _same_day,
}
