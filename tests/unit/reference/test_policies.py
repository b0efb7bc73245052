"""Payer policies: which standing holds for a date, a state, a product, and the day it was known."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cutis.model.errors import DataError
from cutis.reference.policies import Kind, Status, load_policies
from cutis.reference.policies.book import FOLDER
from cutis.reference.store import BUILT_IN, Reference

BOOK = load_policies()
R49 = "cigna-r49-visit-level"


def status(payer: str, name: str, on: date, **more) -> Status:
    return next(s.status for s in BOOK.at(payer, on=on, **more) if s.policy.name == name)


@pytest.mark.parametrize(
    ("on", "more", "wanted"),
    [
        (date(2025, 10, 1), {}, Status.IN_FORCE),
        (date(2025, 9, 30), {}, Status.ANNOUNCED),
        (date(2025, 10, 1), {"as_of": date(2025, 9, 9)}, Status.ANNOUNCED),
        (date(2025, 10, 1), {"state": "CA", "product": "hmo-insured"}, Status.PAUSED),
        (date(2025, 10, 1), {"state": "CA", "product": "self-insured"}, Status.IN_FORCE),
        (date(2025, 10, 1), {"state": "CA", "product": "hmo-insured", "as_of": date(2025, 11, 9)}, Status.IN_FORCE),
        (date(2025, 11, 8), {"state": "CA", "product": "ppo-insured"}, Status.IN_FORCE),
        (date(2025, 11, 9), {"state": "CA", "product": "ppo-insured"}, Status.PAUSED),
        (date(2025, 12, 8), {"state": "CA", "product": "ppo-insured"}, Status.PAUSED),
        (date(2025, 12, 9), {"state": "CA", "product": "ppo-insured"}, Status.IN_FORCE),
        (date(2025, 11, 9), {"state": "TX", "product": "ppo-insured"}, Status.IN_FORCE),
    ],
)
def test_the_standing_follows_date_state_product_and_the_day_known(on: date, more: dict, wanted: Status) -> None:
    assert status("Cigna", R49, on, **more) is wanted


def test_before_anything_was_said_there_is_no_policy() -> None:
    names = {s.policy.name for s in BOOK.at("Cigna", on=date(2025, 10, 1), as_of=date(2025, 9, 8))}
    assert names == {"cigna-modifier-25-records"}


def test_a_state_left_out() -> None:
    day = date(2026, 1, 5)
    assert status("Aetna", "aetna-visit-level", day) is Status.IN_FORCE
    assert status("Aetna", "aetna-visit-level", day, state="la") is Status.WITHDRAWN
    assert status("Aetna", "aetna-visit-level", date(2022, 5, 31)) is Status.UNKNOWN


def test_what_never_took_effect_is_never_in_force() -> None:
    for name, payer in (("anthem-modifier-25", "Anthem"), ("blue-shield-ca-modifier-25", "Blue Shield of California")):
        for on in (date(2018, 1, 1), date(2024, 6, 1), date(2026, 7, 15)):
            assert status(payer, name, on) is not Status.IN_FORCE


def test_payers_are_known_by_the_names_on_claims() -> None:
    assert BOOK.payer("CIGNA HEALTH AND LIFE INSURANCE CO") == "Cigna"
    assert BOOK.payer("Blue Shield of California") == "Blue Shield of California"
    assert BOOK.payer("independence") == "Independence Blue Cross"
    assert BOOK.payer("Medicare") is None
    assert BOOK.payer("Cignature Dental") is None
    assert BOOK.at("Medicare", on=date(2026, 1, 1)) == []


def test_every_policy_says_where_it_stands() -> None:
    for policy in BOOK.all():
        assert policy.codes
        assert policy.history
        assert (FOLDER / f"{policy.name}.yaml").is_file()
        for on in (date(2017, 1, 1), date(2026, 7, 15)):
            said = policy.stands(on).sentence()
            assert said.startswith(policy.payer)


GOOD = (FOLDER / "nebraska-modifier-52.yaml").read_text()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("kind: share", "kind: levels"), "not a valid Kind"),
        (('share: "0.50"\n', ""), "kind share needs share"),
        (('share: "0.50"', 'share: "half"'), "not well formed"),
        (('share: "0.50"', 'share: "-1"'), "between 0 and 3"),
        (("policy: nebraska", "polocy: nebraska"), "unknown entries: polocy"),
        (("payer: Blue Cross and Blue Shield of Nebraska\n", ""), "has no 'payer'"),
        (("status: in-force", "status: active"), "not a valid Status"),
        (("status: in-force", "status: not-known"), "wrong: status"),
        (("said: 2022-12-29", "said: December"), "wrong: said"),
        (('source: "https', 'source: "page'), "not the address of a page"),
        (("history:", "history: []\nextra:"), "unknown entries"),
    ],
)
def test_a_bad_policy_file_is_refused_by_name(tmp_path: Path, change: tuple[str, str], sentence: str) -> None:
    assert change[0] in GOOD
    (tmp_path / "bad.yaml").write_text(GOOD.replace(*change))
    with pytest.raises(DataError, match=sentence) as caught:
        load_policies(tmp_path)
    assert "bad.yaml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_policy_of_the_user_replaces_the_built_in_one(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "mine.yaml").write_text(GOOD.replace('"0.50"', '"0.80"'))
    book = Reference([BUILT_IN, tmp_path]).policies
    standing = book.at("BCBSNE", on=date(2026, 7, 15))[0]
    assert (standing.in_force, standing.policy.kind, str(standing.policy.share)) == (True, Kind.SHARE, "0.80")


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, len(GOOD) - 1), st.binary(max_size=4))
def test_damaged_policy_files_are_refused_or_read(tmp_path_factory, at: int, noise: bytes) -> None:
    folder = tmp_path_factory.mktemp("policies")
    raw = GOOD.encode()
    (folder / "x.yaml").write_bytes(raw[:at] + noise + raw[at + 1 :])
    try:
        assert load_policies(folder).all()
    except DataError as error:
        assert "x.yaml" in str(error)
