"""Each numbered fact of dermatology billing is answered: by rules, or by a reason why there is none."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from cutis.model.finding import Evidence, Severity
from cutis.rulekit.catalogue import catalogue

ROOT = Path(__file__).parents[2]
FACTS = ROOT.parent / "shared" / "facts" / "rules.json"
REASONS = yaml.safe_load((ROOT / "docs" / "coverage.yaml").read_text(encoding="utf-8"))


def test_the_page_is_as_the_catalogue_makes_it() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "coverage.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_each_fact_is_answered_once() -> None:
    by_rules = {f for r in catalogue().values() for f in r.facts}
    assert by_rules & set(REASONS["no_rule"]) == set()
    assert {f.split("-")[0] for f in by_rules | set(REASONS["no_rule"])} == set(REASONS["subjects"])
    if not FACTS.exists():
        pytest.skip(f"the list of facts is not here: {FACTS.name}")
    listed = {f["id"] for f in json.loads(FACTS.read_text(encoding="utf-8"))}
    assert listed - by_rules - set(REASONS["no_rule"]) == set()
    assert (by_rules | set(REASONS["no_rule"])) - listed == set()


def test_reasons_name_rules_that_exist() -> None:
    import re

    named = {w for text in REASONS["no_rule"].values() for w in re.findall(r"\b[a-z0-9]+(?:-[a-z0-9]+){2,}\b", text)}
    assert named <= set(catalogue())


def test_recalled_rules_are_shown_as_such_and_never_errors() -> None:
    page = (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")
    for rule in catalogue().values():
        if rule.evidence is Evidence.RECALLED and rule.facts:
            assert rule.severity is not Severity.ERROR
            assert f"({rule.severity.value}, *recalled*)" in page
            assert f"[{rule.name}](rules/{rule.name}.md) ({rule.severity.value}, *recalled*)" in page
