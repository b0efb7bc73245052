"""Tests of a practice's rules: the example must be found, the instead must be clear, and each case must hold."""

from collections.abc import Iterable
from dataclasses import dataclass

from cutis.reference.store import Reference
from cutis.rulekit.cases import Case, run
from cutis.rulekit.custom.files import RuleFile, build_files
from cutis.rulekit.custom.record import Custom
from cutis.rulekit.rule import Rule


@dataclass(frozen=True, slots=True)
class Tested:
    """What the tests of one rule gave: how many there were, and what is wrong, one sentence each."""

    rule: Rule
    cases: int
    wrong: tuple[str, ...]


def run_tests(files: Iterable[RuleFile], ref: Reference) -> tuple[list[Tested], list[str]]:
    """Test rules.

    Returns:
        What each rule's tests gave, and the faults of files that are no rules, each with file and line.
    """
    made, faults = build_files(files)
    return [_tested(m, ref) for m in made], faults


def _tested(custom: Custom, ref: Reference) -> Tested:
    rule, wrong = custom.rule, []
    example = run(rule, Case("example", rule.doc.example, {}), ref)
    if not any("is found" in w for w in example):
        wrong += [w for w in example if "failed" in w] or ["the example is not found"]
    wrong += [f"instead: {w}" for w in run(rule, Case("instead", rule.doc.instead, {}), ref)]
    for case in custom.cases:
        wrong += [f"case {case.name!r}: {w}" for w in run(rule, case, ref)]
    return Tested(rule, 2 + len(custom.cases), tuple(wrong))
