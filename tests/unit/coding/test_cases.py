"""Every case of `cases/*.yaml`: an encounter in the words of charts, the lines that stand for it, and who says so."""

import gc
import weakref
from pathlib import Path
from typing import Any

import pytest
import yaml

from cutis.coding.coder import code_encounter
from cutis.coding.encounter import Encounter
from cutis.coding.phrases import table
from cutis.reference.store import Reference

FOLDER = Path(__file__).parent / "cases"
REFERENCE = Reference.default()
FILES = sorted(FOLDER.glob("*.yaml"))
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['case']}")
    for path in FILES
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


def given(case: dict[str, Any]) -> dict[str, Any]:
    """The encounter of a case: `do` are its procedures, `after` its earlier operation."""
    names = {"do": "procedures", "after": "global_period"}
    known = {"case", "lines", "asks", "says", "not_billed", "assume", "warns", "order"}
    return {names.get(k, k): v for k, v in case.items() if k not in known}


def short(line: dict[str, Any], *, dx: bool) -> str:
    """A line of an answer as cases write it: `17003 x5 59 dx=L57.0`."""
    parts = [line["code"], *([f"x{line['units']}"] if line["units"] != 1 else []), *line["modifiers"]]
    return " ".join([*parts, *([f"dx={','.join(line['dx'])}"] if dx else [])])


@pytest.mark.parametrize("case", CASES)
def test_lines(case: dict[str, Any]) -> None:
    answer = code_encounter(Encounter.read(given(case)), REFERENCE, assume=case.get("assume", False)).as_dict()
    expected = [str(line) for line in case["lines"]]
    with_dx = any("dx=" in line for line in expected)
    found = [
        short(line, dx=with_dx and i < len(expected) and "dx=" in expected[i]) for i, line in enumerate(answer["lines"])
    ]
    if case.get("order", True):
        assert found == expected, answer["questions"]
    else:
        assert sorted(found) == sorted(expected), answer["questions"]
    asked = [q["fact"] for q in answer["questions"]]
    assert [fact for fact in case.get("asks", ()) if fact not in asked] == [], asked
    text = str(answer)
    assert [words for words in case.get("says", ()) if words not in text] == []
    assert len(answer["not_billed"]) >= case.get("not_billed", 0)


@pytest.mark.parametrize("case", CASES)
def test_each_case_names_its_authority_and_each_line_its_reasons(case: dict[str, Any]) -> None:
    answer = code_encounter(Encounter.read(given(case)), REFERENCE).as_dict()
    for line in answer["lines"]:
        assert line["reasons"], line["code"]
        for reason in line["reasons"]:
            assert reason["authority"] in table("authorities")


def test_no_case_stands_twice() -> None:
    names = [p.id for p in CASES]
    assert len(names) == len(set(names))


def test_a_reference_is_let_go_with_its_books() -> None:
    reference = Reference.default()
    case = yaml.safe_load(FILES[0].read_text(encoding="utf-8"))[0]
    code_encounter(Encounter.read(given(case)), reference)
    gone = weakref.ref(reference)
    del reference
    gc.collect()
    assert gone() is None
