"""Contracts: percent of Medicare or a table, their own reductions; what is wrong in them is one sentence."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cutis.model.errors import ConfigError, CutisError, InputError
from cutis.pricing.claim import ClaimLine
from cutis.pricing.contract_file import load_contract
from cutis.pricing.locality import NATIONAL
from tests.unit.pricing.test_modifiers_and_payers import REF, allowed, one_code, priced, unit
from tests.unit.pricing.test_prices import DAY


def write(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text)
    return folder / name


def test_contracts_by_percent_and_by_table(tmp_path: Path) -> None:
    write(
        tmp_path,
        "fees.csv",
        "Code,Modifier,Amount,Facility,From,To\n11102,,100.10,50,,\n17000,,70,,2026-01-01,2026-06-30\n",
    )
    path = write(
        tmp_path, "acme.yaml",
        "contract: Acme\npayer: Acme Health\nfrom: 2026-01-01\nto: 2026-12-31\npercent: 125\n"
        "codes: {17311-17312: 140}\ntable: fees.csv\n",
    )  # fmt: skip
    contract = load_contract(path)
    assert contract.price(REF, "11102", NATIONAL, DAY).nonfacility == 10010
    assert contract.price(REF, "11102", NATIONAL, DAY).facility == 5000
    assert contract.price(REF, "17000", NATIONAL, DAY).nonfacility == round(unit("17000") * 1.25)
    assert contract.price(REF, "17000", NATIONAL, date(2026, 6, 30)).nonfacility == 7000
    assert contract.price(REF, "17312", NATIONAL, DAY).nonfacility == round(unit("17312") * 1.4)
    assert contract.price(REF, "J3301", NATIONAL, DAY).nonfacility is None
    with pytest.raises(ConfigError, match="is for dates of service 2026-01-01 to 2026-12-31, not for 2027"):
        contract.price(REF, "11102", NATIONAL, date(2027, 1, 1))
    done = priced(ClaimLine("11102"), ClaimLine("17311"), contract=contract, copay=4000, coinsurance=Decimal("0.1"))
    assert [x.allowed for x in done.lines] == [5005, round(unit("17311") * 1.4)]
    assert done.sequestration == 0
    assert done.patient_owes == 4000 + int(Decimal(done.allowed - 4000) / 10 + Decimal("0.5"))
    only = load_contract(tmp_path / "fees.csv")
    assert priced(ClaimLine("17311"), contract=only).lines[0].reason == "not in the contract's table"


def test_a_percentage_of_a_year_that_is_not_loaded_is_not_priced(tmp_path: Path) -> None:
    contract = load_contract(write(tmp_path, "old.yaml", "contract: Old\npercent: 120\nmedicare_date: 2024-01-01\n"))
    got = contract.price(REF, "11102", NATIONAL, DAY)
    assert (got.nonfacility, got.status) == (None, "not-in-force")


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("a.yaml", "percent: 120", "is not a contract"),
        ("a.yaml", "contract: X", "agrees on nothing"),
        ("a.yaml", "contract: X\npercent: many", "is not a percentage"),
        ("a.yaml", "contract: X\npercent: .nan", "is not a percentage"),
        ("a.yaml", "contract: X\npercent: 120\nfrom: soon", "from must be a date"),
        ("a.yaml", "contract: X\ncodes: [1]", "codes must name codes"),
        ("a.yaml", "contract: [", "is not YAML"),
        ("a.yaml", "contract: X\nfrom: 2026-02-30", "is not YAML"),
        ("a.yaml", "contract: X\ntable: a.yaml", "table 'a.yaml' must be a CSV"),
        ("a.yaml", "contract: X\npercent: 100\nreductions: 50", "reductions must name multiple"),
        ("a.yaml", "contract: X\npercent: 100\nreductions: {second: 50}", "unknown reduction second"),
        ("a.yaml", "contract: X\npercent: 100\nreductions: {multiple: []}", "multiple is one percentage"),
        ("a.yaml", "contract: X\npercent: 100\nreductions: {bilateral: [100, 50]}", "bilateral is one percentage"),
        ("a.yaml", "contract: X\npercent: 100\nreductions: {multiple: 100/half}", "'half' is not a percentage"),
        ("a.yaml", "contract: X\npercent: 100\nreductions: {npp: -5}", "is not a percentage"),
        ("a.toml", "contract = ", "is not TOML"),
        ("a.toml", "percent = 120", "is not a contract"),
        ("a.yaml", "contract: X\ntable: none.csv", "cannot be read"),
        ("a.csv", "code,fee\n11102,1", "must name the columns code and amount"),
        ("a.csv", "code,amount\n1110,1", "row 2: '1110' is not a five-character code"),
        ("a.csv", "code,amount\n11102,cheap", "row 2: amount 'cheap' is not an amount"),
        ("a.csv", "code,amount\n11102,-1", "is not an amount"),
        ("a.csv", "code,amount\n11102,", "amount is empty"),
        ("a.csv", "code,amount,from\n11102,1,June", "from 'June' is not a date"),
        ("a.csv", "code,amount", "has no rows"),
        ("a.csv", "code,amount\nmultiple,lots", "row 2: multiple 'lots' is not a percentage"),
        ("a.csv", "code,amount,reduced\n11102,1,maybe", "row 2: reduced 'maybe' is neither yes nor no"),
    ],
)
def test_a_bad_contract_is_one_sentence(tmp_path: Path, name: str, text: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence) as caught:
        load_contract(write(tmp_path, name, text))
    assert "\n" not in str(caught.value)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(
    st.sampled_from(["a.yaml", "a.csv", "a.toml"]),
    st.one_of(st.binary(max_size=80), st.text(max_size=60).map(lambda t: ("contract: " + t).encode())),
)
def test_contracts_of_any_bytes_are_read_or_refused(tmp_path_factory, name: str, data: bytes) -> None:
    path = tmp_path_factory.mktemp("contract") / name
    path.write_bytes(data)
    try:
        assert load_contract(path)
    except CutisError as error:
        assert name in str(error)


@pytest.mark.parametrize(
    ("said", "factors"),
    [
        ("50", (1, "0.5", "0.5")),
        ("100/50/25", (1, "0.5", "0.25")),
        ("[100, 75]", (1, "0.75", "0.75")),
        ("none", (1, 1, 1)),
    ],
)
def test_its_own_reduction_of_several_procedures(tmp_path: Path, said: str, factors: tuple) -> None:
    path = write(tmp_path, "a.yaml", f"contract: A\npercent: 100\nreductions: {{multiple: {said}}}\n")
    got = allowed(ClaimLine("11602"), ClaimLine("14041"), ClaimLine("12052"), contract=load_contract(path))
    ranked = sorted((unit("14041"), unit("12052"), unit("11602")), reverse=True)
    expected = [int(x * Decimal(f) + Decimal("0.5")) for x, f in zip(ranked, factors, strict=True)]
    assert sorted((x or 0 for x in got), reverse=True) == sorted(expected, reverse=True)


def test_its_own_other_reductions_in_each_form(tmp_path: Path) -> None:
    code = one_code(bilateral="1", mult_proc="0")
    names = {
        "bilateral": "200",
        "assistant": "20",
        "assistant-npp": "10",
        "co-surgeon": "60",
        "npp": "100",
        "reduced": "50",
    }
    forms = {
        "a.yaml": "contract: A\npercent: 100\nreductions: "
        + "{"
        + ", ".join(f"{k}: {v}" for k, v in names.items())
        + "}",
        "a.toml": "contract = 'A'\npercent = 100\n[reductions]\n" + "\n".join(f"{k} = {v}" for k, v in names.items()),
        "beside.yaml": "contract: A\npercent: 100\ntable: cuts.csv",
    }
    write(tmp_path, "cuts.csv", "code,amount\n" + "\n".join(f"{k},{v}%" for k, v in names.items()))
    for name, text in forms.items():
        contract = load_contract(write(tmp_path, name, text))
        assert allowed(ClaimLine(code, 1, ("50",)), contract=contract) == [2 * unit(code)], name
        for modifier, share in (("80", "0.2"), ("AS", "0.1"), ("62", "0.6"), ("52", "0.5")):
            (got,) = priced(ClaimLine("15756", 1, (modifier,)), contract=contract, facility=True).lines
            whole = priced(ClaimLine("15756"), contract=contract, facility=True).lines[0].allowed
            assert got.allowed == int(Decimal(whole) * Decimal(share) + Decimal("0.5")), (name, modifier)
            assert got.steps[-1].authority == "contract A"
        assert allowed(ClaimLine("11102"), contract=contract, practitioner="npp") == [unit("11102")]
        assert "bilateral" in next(
            a for a in priced(ClaimLine("11102"), contract=contract).assumptions if "fees are" in a
        )


def test_codes_that_its_table_reduces_or_leaves_whole(tmp_path: Path) -> None:
    path = write(tmp_path, "f.csv", "code,amount,reduced\n11102,100,no\n17004,90,yes\n14041,500,\n")
    lines = [ClaimLine("11102"), ClaimLine("17004"), ClaimLine("14041")]
    assert allowed(*lines, contract=load_contract(path)) == [10000, 4500, 50000]
    write(tmp_path, "f.csv", "code,amount\n11102,100\n17004,90\n14041,500\n")
    # Medicare's indicators: 17004 is never reduced
    assert allowed(*lines, contract=load_contract(path)) == [5000, 9000, 50000]


def test_a_family_of_endoscopies_under_a_contract_takes_off_its_own_base(tmp_path: Path) -> None:
    path = write(tmp_path, "f.csv", "code,amount\n45378,100\n45380,150\n45385,250\n")
    got = allowed(ClaimLine("45380"), ClaimLine("45385"), contract=load_contract(path))
    assert got == [5000, 25000]
