"""Every rule against its case file, and its documentation's Example and Instead against the rule itself."""

from pathlib import Path

import polars as pl
import pytest

from cutis.model.shorthand import frame
from cutis.reference.store import Reference
from cutis.rulekit.apply import Prepared, apply
from cutis.rulekit.cases import load, run
from cutis.rulekit.catalogue import catalogue
from tests.support import articles

CASES = Path(__file__).parents[1] / "cases"
FILES = sorted(CASES.glob("*/*.yaml"))


@pytest.fixture(scope="module")
def ref(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    """The shipped tables and a made-up coverage article, for the rule that needs one."""
    return articles.reference(tmp_path_factory.mktemp("articles"))


def test_each_rule_has_its_case_file_and_each_case_file_its_rule() -> None:
    named = {load(f)[0]: f for f in FILES}
    rules = catalogue()
    assert sorted(named) == sorted(rules)
    for name, file in named.items():
        assert file.stem == name
        assert file.parent.name == rules[name].family


def _cases() -> list:
    return [pytest.param(*pair, id=f"{pair[0]}: {pair[1].name}") for f in FILES for pair in _pairs(f)]


def _pairs(file: Path) -> list:
    name, cases = load(file)
    return [(name, case) for case in cases]


@pytest.mark.parametrize(("name", "case"), _cases())
def test_case(name: str, case, ref: Reference) -> None:
    assert run(catalogue()[name], case, ref) == []


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_a_case_file_shows_both_sides(name: str) -> None:
    file = next(f for f in FILES if f.stem == name)
    _, cases = load(file)
    assert any(case.finds for case in cases), "no case that finds"
    assert any(not case.finds and case.verdict is None for case in cases), "no case that stays silent"
    if catalogue()[name].needs:
        assert any(case.verdict == "not-checked" for case in cases), "no case that is not checked"


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_documentation_examples(name: str, ref: Reference) -> None:
    rule = catalogue()[name]
    example = apply(rule, Prepared(frame(rule.doc.example)), ref)
    assert example.problem is None
    assert not example.found.is_empty(), "the Example is not found"
    said = " ".join(
        example.found.select(
            pl.concat_str("message", "fix_text", "question", separator=" ", ignore_nulls=True)
        ).to_series()
    )
    assert "{" not in said
    assert "{" not in (rule.question or "") or example.found["question"].null_count() == 0
    instead = apply(rule, Prepared(frame(rule.doc.instead)), ref)
    assert instead.problem is None
    assert instead.found.is_empty(), f"the Instead is found: {instead.found['message'].to_list()}"
