"""The `@rule` decorator and the record it makes."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Required, TypedDict, Unpack

import polars as pl

from cutis.model import columns as c
from cutis.model.errors import RuleError
from cutis.model.finding import Evidence, Exposure, FixKind, Severity, Stake
from cutis.model.scope import Scope
from cutis.reference.store import Reference
from cutis.rulekit.docs import RuleDoc, parse_doc

DAY: Final = "day_key"
"""UInt64 key of patient, rendering provider and service date: rules of scope DAY group by it."""

CORE: Final = (
    c.CLAIM_INDEX,
    c.LINE,
    DAY,
    c.PATIENT_KEY,
    c.RENDERING_NPI,
    c.SERVICE_FROM,
    c.CODE,
    *c.MODIFIERS,
    c.UNITS,
    *c.DIAGNOSES,
    c.PLACE_OF_SERVICE,
    c.PAYER_KIND,
)
"""Columns that every rule is given; others are named in `needs`."""

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Outcome:
    """Result of a rule that also knows which lines it could not judge.

    Attributes:
        found: offending lines (at least `claim_index` and `line`) plus columns used in the message.
        unknown: `claim_index`, `line` and `reason` of lines that were not checked.
    """

    found: pl.DataFrame
    unknown: pl.DataFrame


Check = Callable[[pl.DataFrame, Reference], pl.DataFrame | Outcome]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its name, what it needs, what it says, and the function that finds the lines."""

    name: str
    family: str
    scope: Scope
    severity: Severity
    evidence: Evidence
    authority: str
    message: str
    since: str
    check: Check
    doc: RuleDoc
    url: str | None = None
    carc: str | None = None
    fix: FixKind = FixKind.NONE
    fix_text: str = ""
    question: str | None = None
    stake: Stake = Stake.LINE
    exposure: Exposure = Exposure.OVERPAYMENT
    needs: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    codes: frozenset[str] | None = None
    modifiers: frozenset[str] | None = None
    payers: frozenset[str] | None = None
    in_force: tuple[date | None, date | None] = (None, None)
    aliases: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    supersedes: tuple[str, ...] = ()
    module: str = field(default="", compare=False)

    @property
    def why(self) -> str:
        """The *Why* section of the documentation as one paragraph."""
        return self.doc.why


class Declared(TypedDict, total=False):
    """What a rule declares besides its name. The first six are required.

    Attributes:
        scope: how far the rule looks; lines that share the scope's key come together.
        severity: of its findings.
        evidence: what it rests on; `RECALLED` may not be an error.
        authority: who says so, as a reader would look it up.
        message: one plain sentence; `{column}` is filled from the returned lines.
        since: release of Cutis in which the rule appeared.
        url: of the authority.
        carc: number of the likely denial reason.
        fix: whether the fix is mechanical, needs the chart, or there is none.
        fix_text: what to do; `{column}` is filled too.
        question: what to ask the chart (needed for `NEEDS_CHART`).
        stake: which allowable is at stake.
        exposure: `DENIAL` only where letting the finding stand loses money and never keeps money that is not owed.
        needs: columns beyond `CORE`; where one is absent the rule says "not checked".
        uses: further columns that the rule looks at where the input has them.
        tables: reference tables used; where one is not loaded the rule says "not checked".
        codes: only lines with these codes are passed in, and the rule is skipped where there are none.
        modifiers: the rule speaks about lines with one of these and is skipped where there are none; with scope LINE only
            such lines are passed in.
        payers: kinds of payer that the rule speaks about; None is all.
        in_force: first and last service date that the rule speaks about (ISO dates).
        aliases: former names.
        facts: ids of the fact list that the rule carries out.
        supersedes: general rules whose findings on the same line say less and are left out.
    """

    scope: Required[Scope]
    severity: Required[Severity]
    evidence: Required[Evidence]
    authority: Required[str]
    message: Required[str]
    since: Required[str]
    url: str
    carc: str
    fix: FixKind
    fix_text: str
    question: str
    stake: Stake
    exposure: Exposure
    needs: tuple[str, ...]
    uses: tuple[str, ...]
    tables: tuple[str, ...]
    codes: Collection[str]
    modifiers: Collection[str]
    payers: Collection[str]
    in_force: tuple[str | None, str | None]
    aliases: tuple[str, ...]
    facts: tuple[str, ...]
    supersedes: tuple[str, ...]


def rule(name: str, **declared: Unpack[Declared]) -> Callable[[Check], Rule]:
    """Make a rule of a function `check(lines, ref)`.

    Args:
        name: kebab-case, names the fault, never reused.
        declared: see `Declared`.

    Raises:
        RuleError: the declaration or the documentation is incomplete.
    """

    def make(check: Check) -> Rule:
        values: dict[str, Any] = dict(declared)
        faults = _faults(name, values)
        doc = parse_doc(name, check.__doc__ or "")
        if faults:
            raise RuleError(f"rule {name!r}: " + "; ".join(faults))
        for key in ("codes", "modifiers", "payers"):
            if values.get(key) is not None:
                values[key] = frozenset(values[key])
        first, last = values.pop("in_force", (None, None))
        return Rule(
            name=name,
            family=check.__module__.rsplit(".", 2)[-2].replace("_", "-"),
            check=check,
            doc=doc,
            in_force=(date.fromisoformat(first) if first else None, date.fromisoformat(last) if last else None),
            module=check.__module__,
            **values,
        )

    return make


def _faults(name: str, declared: dict[str, Any]) -> list[str]:
    faults = []
    if not _NAME.fullmatch(name):
        faults.append("the name must be kebab-case")
    if declared["evidence"] is Evidence.RECALLED and declared["severity"] is Severity.ERROR:
        faults.append("a recalled rule may not be an error: its evidence does not earn it")
    fix = declared.get("fix", FixKind.NONE)
    if fix is FixKind.NEEDS_CHART and not declared.get("question"):
        faults.append("a needs-chart fix must say which question to ask the chart")
    if fix is not FixKind.NONE and not declared.get("fix_text"):
        faults.append("a fix must say what to do")
    return faults
