"""From the text of a YAML rule to the record that every rule is, with all its faults at once."""

import re
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from cutis.model import columns as c
from cutis.model.errors import InputError
from cutis.model.finding import REASON, Evidence, Exposure, FixKind, Severity
from cutis.model.scope import Scope
from cutis.model.shorthand import parse_line
from cutis.reference.store import Reference
from cutis.rulekit.cases import Case
from cutis.rulekit.custom.conditions import AGE, When, age_in_years, compile_when
from cutis.rulekit.custom.nodes import Node, Notes, parse
from cutis.rulekit.docs import RuleDoc
from cutis.rulekit.predicates import modifier_list
from cutis.rulekit.rule import Outcome, Rule

KEYS: Final = (
    "name", "family", "what", "why", "severity", "evidence", "exposure", "authority", "url", "references", "carc",
    "message", "fix_text", "question", "payers", "in_force", "when", "example", "instead", "cases", "since",
)  # fmt: skip
TEXTS: Final = ("authority", "message", "since", "url", "carc", "fix_text", "question")
NEEDED: Final = ("name", "what", "why", "authority", "message", "when", "example", "instead")
KINDS: Final = ("medicare", "medicaid", "commercial", "workers-comp", "other")
FAMILY: Final = "practice"
PLACES: Final = ("code", "units", "modifiers", "charge", "age", "place", "payer_id")
"""What a message may name in braces."""

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NOT_A_FAMILY: Final = ("format",)


@dataclass(frozen=True, slots=True)
class Custom:
    """A rule of the practice with its further cases."""

    rule: Rule
    cases: tuple[Case, ...]


def build(name: str, text: str) -> tuple[Custom | None, list[str]]:
    """A YAML rule as a record.

    Args:
        name: of the file, for messages.
        text: of the file.

    Returns:
        The rule, or None where there are faults; and the faults, each with file and line.
    """
    notes = Notes(name)
    top = parse(text, notes)
    made = _Builder(top, notes).build() if top is not None else None
    return (None if notes.faults else made), notes.sentences()


class _Builder:
    def __init__(self, top: dict[str, Node], notes: Notes) -> None:
        self.top = top
        self.notes = notes

    def build(self) -> Custom | None:
        top, notes = self.top, self.notes
        notes.keys(top, KEYS, "a rule")
        missing = [k for k in NEEDED if k not in top]
        if missing:
            notes.fault(1, f"a rule needs {', '.join(missing)}; cutis new-rule --yaml NAME writes one with all of them")
        when = compile_when(top["when"], notes) if "when" in top else When()
        evidence = Evidence(self._choice("evidence", Evidence, Evidence.RECALLED.value))
        severity = Severity(self._choice("severity", Severity, Severity.WARNING.value))
        if evidence is Evidence.RECALLED and severity is Severity.ERROR:
            notes.fault(
                top["severity"].line,
                "a rule that is only recalled may not be an error; state evidence: published and its authority, or make it a warning",
            )
        texts = {key: self._text(key) for key in TEXTS}
        if texts["question"] and not texts["fix_text"]:
            notes.fault(top["question"].line, "a question to the chart needs fix_text: what to do with the answer")
        doc, cases = self._doc(), self._cases()
        self._message(texts["fix_text"])
        name, family = self._slug("name", ""), self._slug("family", FAMILY)
        payers, in_force = self._payers(), self._in_force()
        exposure = Exposure(self._choice("exposure", Exposure, Exposure.OVERPAYMENT.value))
        if notes.faults:
            return None
        rule = Rule(
            name=name, family=family, scope=Scope.DAY if when.of_day else Scope.LINE, severity=severity,
            evidence=evidence, authority=texts["authority"], message=texts["message"],
            since=texts["since"] or f"the practice's file {notes.name}", check=_check(when), doc=doc,
            url=texts["url"] or None, carc=texts["carc"] or None,
            fix=FixKind.NEEDS_CHART if texts["question"] else FixKind.NONE, fix_text=texts["fix_text"],
            question=texts["question"] or None, exposure=exposure, needs=tuple(dict.fromkeys(when.needs)),
            uses=(c.CHARGE, c.PATIENT_BIRTH, c.PAYER_ID), codes=when.codes, payers=payers, in_force=in_force,
            module=notes.name,
        )  # fmt: skip
        return Custom(rule, cases)

    def _text(self, key: str) -> str:
        node = self.top.get(key)
        if node is None:
            return ""
        if not node.text:
            self.notes.fault(node.line, f"{key} must be a text" + (", not an empty one" if node.text == "" else ""))
        return " ".join((node.text or "").split())

    def _choice(self, key: str, allowed: type[Severity | Evidence | Exposure], default: str) -> str:
        if key not in self.top:
            return default
        return self.notes.one_of(self.top[key], key, [v.value for v in allowed]) or default

    def _slug(self, key: str, default: str) -> str:
        text = self._text(key) or default
        if key in self.top and not _SLUG.fullmatch(text):
            self.notes.fault(
                self.top[key].line, f"{key} must be words in lower case with - between, as wart-over-thirty-days"
            )
        if key == "family" and text in _NOT_A_FAMILY:
            self.notes.fault(self.top[key].line, f"{text!r} is the family of the file's own faults; choose another")
        return text

    def _lines(self, key: str) -> tuple[str, ...]:
        node = self.top.get(key)
        if node is None:
            return ()
        return self._shorthand(node, key)

    def _shorthand(self, node: Node, key: str) -> tuple[str, ...]:
        items = node.value if isinstance(node.value, list) else [node]
        out = []
        for item in items:
            try:
                parse_line(item.text or "")
            except (InputError, ValueError) as error:
                self.notes.fault(item.line, f"{key}: {error}")
            out.append(item.text or "")
        if not out:
            self.notes.fault(node.line, f"{key} needs at least one line, as 11102 x2 dx=D49.2")
        return tuple(out)

    def _doc(self) -> RuleDoc:
        references = self._text("references") or "A rule of the practice:"
        return RuleDoc(
            self._text("what"), self._text("why"), self._lines("example"), self._lines("instead"), references
        )

    def _message(self, fix_text: str) -> None:
        for key, text in (("message", self._text("message")), ("fix_text", fix_text)):
            try:
                names = [n for _, n, _, _ in string.Formatter().parse(text) if n is not None]
            except ValueError:
                self.notes.fault(self.top[key].line, f"{key}: the braces do not match; write {{code}}")
                continue
            for name in names:
                if name not in PLACES:
                    self.notes.fault(self.top[key].line, f"{key} names {{{name}}}; it may name {', '.join(PLACES)}")

    def _payers(self) -> frozenset[str] | None:
        node = self.top.get("payers")
        if node is None:
            return None
        words = self.notes.words(node, "payers")
        for word in words:
            if word not in KINDS:
                self.notes.fault(
                    node.line,
                    f"{word!r} is no kind of payer; kinds are {', '.join(KINDS)}; for one payer use when: payer_id",
                )
        return frozenset(words)

    def _in_force(self) -> tuple[date | None, date | None]:
        node = self.top.get("in_force")
        if node is None:
            return (None, None)
        table = self.notes.table(node, "in_force")
        self.notes.keys(table, ("from", "to"), "in_force")
        days: dict[str, date] = {}
        for key, value in table.items():
            try:
                days[key] = date.fromisoformat(value.text or "")
            except ValueError:
                self.notes.fault(value.line, f"{value.text!r} in in_force.{key} is not a date; write it as 2026-01-01")
        first, last = days.get("from"), days.get("to")
        if first and last and last < first:
            self.notes.fault(node.line, "in_force ends before it begins")
        return first, last

    def _cases(self) -> tuple[Case, ...]:
        node = self.top.get("cases")
        if node is None:
            return ()
        if not isinstance(node.value, list):
            self.notes.fault(node.line, "cases must be a list: - name: ...")
            return ()
        return tuple(self._case(n) for n in node.value)

    def _case(self, node: Node) -> Case:
        table = self.notes.table(node, "a case")
        self.notes.keys(table, ("name", "lines", "finds"), "a case")
        for key in ("name", "lines", "finds"):
            if key not in table:
                self.notes.fault(
                    node.line,
                    f"a case needs {key!r}"
                    + (": numbers of the lines that are found, [] for none" if key == "finds" else ""),
                )
        lines = self._shorthand(table["lines"], "lines") if "lines" in table else ()
        finds: dict[int, str] = {}
        for word in self.notes.words(table["finds"], "finds") if "finds" in table else []:
            if word.isdecimal() and 1 <= int(word) <= len(lines):
                finds[int(word)] = ""
            else:
                self.notes.fault(
                    table["finds"].line, f"{word!r} in finds is no number of a line from 1 to {len(lines)}"
                )
        return Case((table["name"].text or "") if "name" in table else "", lines, finds)


def _check(when: When) -> Callable[[pl.DataFrame, Reference], Outcome]:
    def check(lines: pl.DataFrame, ref: Reference) -> Outcome:
        del ref
        judged = lines.with_columns(when.holds.alias("_holds"))
        shown = _shown(lines)
        found = judged.filter(pl.col("_holds").fill_null(value=False)).with_columns(shown.values()).drop("_holds")
        unknown = judged.filter(pl.col("_holds").is_null())
        return Outcome(found, unknown.select(c.CLAIM_INDEX, c.LINE, when.reason.alias(REASON)))

    return check


def _shown(lines: pl.DataFrame) -> Mapping[str, pl.Expr]:
    """What a message may name, beside the columns that are called so already."""
    shown = {"modifiers": modifier_list().alias("modifiers"), "place": pl.col(c.PLACE_OF_SERVICE).alias("place")}
    if c.CHARGE in lines.columns:
        cents = pl.col(c.CHARGE)
        whole, part = (cents // 100).cast(pl.String), (cents % 100).cast(pl.String).str.zfill(2)
        shown["charge"] = pl.concat_str(whole, part, separator=".").alias("charge")
    else:
        shown["charge"] = pl.lit(None, dtype=pl.String).alias("charge")
    known = c.PATIENT_BIRTH in lines.columns
    shown[AGE] = (age_in_years() if known else pl.lit(None, dtype=pl.Int32)).alias(AGE)
    if c.PAYER_ID not in lines.columns:
        shown["payer_id"] = pl.lit(None, dtype=pl.String).alias("payer_id")
    return shown
