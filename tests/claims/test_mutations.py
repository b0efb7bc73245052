"""For each rule a clean claim, broken in exactly its way, is caught by it and only by the rules that should.

The clean claim is the documentation's Instead, the broken one its Example. Few rules have companions: another rule that
rightly speaks of the same lines. They are named here, each with the reason.
"""

import pytest

from cutis.reference.store import Reference
from cutis.rulekit.catalogue import catalogue
from tests.support import articles
from tests.support.whole import by_name, without_remarks

COMPANIONS = {
    # GA is wrong, and GY is missing: two modifiers, two facts
    "necessity-waiver-on-cosmetic": {"cosmetic-without-exclusion-modifier"},
    # the count asks for another code, and the payer's edit denies these units
    "keratoses-over-fourteen": {"units-over-mue"},
    "single-unit-code-with-units": {"units-over-mue"},
    # the add-on belongs to another primary, and is an edit with this one
    "add-on-under-wrong-primary": {"ncci-pair-never-together"},
}


@pytest.fixture(scope="module")
def ref(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    """The shipped tables and a made-up coverage article, for the rule that needs one."""
    return articles.reference(tmp_path_factory.mktemp("articles"))


@pytest.fixture(scope="module")
def broken(ref: Reference) -> dict[str, dict[str, str]]:
    return by_name({r.name: r.doc.example for r in catalogue().values()}, ref)


@pytest.fixture(scope="module")
def clean(ref: Reference) -> dict[str, dict[str, str]]:
    return by_name({r.name: r.doc.instead for r in catalogue().values()}, ref)


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_the_clean_claim_is_clear_of_every_rule(name: str, clean: dict[str, dict[str, str]]) -> None:
    assert without_remarks(clean[name]) == []
    assert name not in clean[name]


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_the_broken_claim_is_caught_by_its_rule_and_its_companions_alone(
    name: str, broken: dict[str, dict[str, str]]
) -> None:
    assert name in broken[name]
    assert set(without_remarks(broken[name], leave_out=[name])) == COMPANIONS.get(name, set())


def test_companions_are_few() -> None:
    assert set(COMPANIONS) <= set(catalogue())
    assert len(COMPANIONS) * 20 < len(catalogue())
