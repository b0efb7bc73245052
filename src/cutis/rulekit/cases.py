"""Case files: what a rule must find and must not, one YAML file a rule. Shipped, so that plug-ins test the same way."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from cutis.model import columns as c
from cutis.model.errors import RuleError
from cutis.model.shorthand import PAST_MARK, frame
from cutis.reference.store import Reference
from cutis.rulekit.apply import Applied, Prepared, apply
from cutis.rulekit.rule import Rule


@dataclass(frozen=True, slots=True)
class Case:
    """One sentence of what the rule does.

    Attributes:
        name: the sentence.
        lines: shorthand lines.
        finds: part of the message by number of the shorthand line (1-based over the whole case); empty: finds nothing.
        without: columns taken away first.
        verdict: "not-checked" where the rule must say so.
        history: lines from before, which inform and may not be found; `since DATE` where it begins. Empty: none is given.
    """

    name: str
    lines: tuple[str, ...]
    finds: dict[int, str]
    without: tuple[str, ...] = ()
    verdict: str | None = None
    history: tuple[str, ...] = ()


def load(path: Path) -> tuple[str, list[Case]]:
    """The rule's name and its cases.

    Raises:
        RuleError: the file lacks `rule:` or `cases:`, or a case has no `lines` or neither `finds` nor `verdict`.
    """
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict) or "rule" not in content or not content.get("cases"):
        raise RuleError(f"case file {path.name}: must have 'rule:' and 'cases:'")
    return content["rule"], [_case(path, entry) for entry in content["cases"]]


def _case(path: Path, entry: dict[str, Any]) -> Case:
    unknown = set(entry) - {"name", "lines", "finds", "without", "verdict", "history"}
    if unknown or not entry.get("lines") or ("finds" not in entry and "verdict" not in entry):
        raise RuleError(f"case file {path.name}: case {entry.get('name')!r} is not well formed")
    return Case(
        name=entry["name"],
        lines=tuple(str(line) for line in entry["lines"]),
        finds={int(k): str(v or "") for k, v in (entry.get("finds") or {}).items()},
        without=tuple(entry.get("without", ())),
        verdict=entry.get("verdict"),
        history=tuple(f"{PAST_MARK} {line}" for line in entry.get("history", ())),
    )


def run(rule: Rule, case: Case, ref: Reference) -> list[str]:
    """Run one case.

    Returns:
        What is wrong, one sentence each; empty when the case holds.
    """
    lines = frame([*case.history, *case.lines]).drop(case.without)
    applied = apply(rule, Prepared(lines), ref)
    if applied.problem:
        return [f"the rule failed: {applied.problem.message}"]
    wrong = []
    if case.verdict == "not-checked" and not applied.not_checked:
        wrong.append("should say not checked, but speaks")
    if case.verdict is None and any(n.lines == 0 for n in applied.not_checked):
        wrong.append(f"says not checked: {applied.not_checked[0].reason}")
    return wrong + _compare(case, _numbered(lines, applied))


def _numbered(lines: pl.DataFrame, applied: Applied) -> dict[int, str]:
    """Messages by number of the shorthand line."""
    judged = lines.filter(pl.col(c.CLAIM_INDEX) < c.PAST_FROM)
    numbers = judged.select(c.CLAIM_INDEX, c.LINE).with_row_index("number", offset=1)
    joined = applied.found.join(numbers, on=[c.CLAIM_INDEX, c.LINE], how="left", nulls_equal=True)
    return {r["number"]: r["message"] for r in joined.iter_rows(named=True)}


def _compare(case: Case, messages: dict[int, str]) -> list[str]:
    wrong = []
    for number, part in case.finds.items():
        if number not in messages:
            wrong.append(f"line {number} ({case.lines[number - 1]}) is not found")
        elif part.lower() not in messages[number].lower():
            wrong.append(f"line {number}: the message is {messages[number]!r}, without {part!r}")
    wrong += [
        f"line {number} ({case.lines[number - 1]}) is found, but should not: {message}"
        for number, message in messages.items()
        if number not in case.finds
    ]
    return wrong
