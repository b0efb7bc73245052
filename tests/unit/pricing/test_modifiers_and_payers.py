"""Sides, package parts, by-report modifiers, drugs; who pays first, second and last; contracts and policies."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from cutis.model import columns as c
from cutis.model.errors import ConfigError
from cutis.model.shorthand import frame
from cutis.pricing.claim import ClaimLine, Primary, Terms, price_claim
from cutis.pricing.derive import price
from cutis.pricing.lines import ALLOWABLE, LinePricer, amount_of
from cutis.pricing.locality import NATIONAL, by_key
from cutis.pricing.payment import secondary_payment
from cutis.reference.importing import import_files
from cutis.reference.store import BUILT_IN, Reference
from tests.unit.pricing.test_prices import DAY

REF = Reference([BUILT_IN])


def priced(*lines: ClaimLine, ref: Reference = REF, **changes):
    return price_claim(ref, list(lines), Terms(**({"locality": NATIONAL, "on": DAY} | changes)))


def allowed(*lines: ClaimLine, **changes) -> list[int | None]:
    return [x.allowed for x in priced(*lines, **changes).lines]


def unit(code: str) -> int:
    got = price(REF, code, NATIONAL, DAY).nonfacility
    assert got is not None
    return got


def one_code(**wanted: str) -> str:
    """Some priced code with these indicators."""
    fee = REF.table("fee").filter(pl.col("status") == "A", pl.col("modifier") == "", ~pl.col("na_nonfac"))
    for name, value in wanted.items():
        fee = fee.filter(pl.col(name) == value)
    return str(fee.filter(pl.col("pe_nonfac") > 0)["code"].sort()[0])


@pytest.mark.parametrize(("indicator", "factor"), [("0", "1"), ("1", "1.5"), ("2", "1"), ("3", "2")])
def test_modifier_50_by_bilateral_indicator(indicator: str, factor: str) -> None:
    code = one_code(bilateral=indicator, mult_proc="0")
    (got,) = allowed(ClaimLine(code, 1, ("50",)))
    assert got == int(Decimal(unit(code)) * Decimal(factor) + Decimal("0.5"))


@pytest.mark.parametrize(("indicator", "second"), [("0", "0"), ("1", "0.5"), ("2", "0"), ("3", "1")])
def test_left_and_right_are_both_sides_of_one(indicator: str, second: str) -> None:
    code = one_code(bilateral=indicator, mult_proc="0")
    first, other = sorted(
        (x or 0 for x in allowed(ClaimLine(code, 1, ("LT",)), ClaimLine(code, 1, ("RT",)))), reverse=True
    )
    assert first == unit(code)
    assert other == int(Decimal(unit(code)) * Decimal(second) + Decimal("0.5"))


def test_distinct_sides_are_two_procedures() -> None:
    code = one_code(bilateral="0", mult_proc="0")
    assert allowed(ClaimLine(code, 1, ("LT",)), ClaimLine(code, 1, ("RT", "59"))) == [unit(code)] * 2


def test_a_bilateral_procedure_is_ranked_as_one() -> None:
    # 20610 twice is 150 percent of 68.81 and outranks 11102 (95.53), which is then at half
    sides = allowed(ClaimLine("20610", 1, ("LT",)), ClaimLine("20610", 1, ("RT",)), ClaimLine("11102"))
    assert sides == [6881, 3441, 4777]
    assert allowed(ClaimLine("20610", 1, ("50",)), ClaimLine("11102")) == [10322, 4777]


def test_parts_of_the_package_are_taken_once_each() -> None:
    whole, all_parts = (allowed(ClaimLine("14041", 1, m))[0] for m in ((), ("54", "55", "56")))
    assert whole == all_parts
    said = priced(ClaimLine("11102", 1, ("54",))).lines[0]
    assert said.allowed == unit("11102")
    assert any("parts nothing" in s.label for s in said.steps)


def test_returns_for_complications_are_outside_the_ranking() -> None:
    back, other = allowed(ClaimLine("14041", 1, ("78",)), ClaimLine("11602"))
    assert back == allowed(ClaimLine("14041", 1, ("78",)))[0]
    assert other == unit("11602")


@pytest.mark.parametrize("modifier", ["52", "53"])
def test_what_the_contractor_prices_is_said(modifier: str) -> None:
    done = priced(ClaimLine("17311", 1, (modifier,)))
    assert done.allowed == unit("17311")
    assert any("by report" in s.label for s in done.lines[0].steps)
    assert any("by report" in a for a in done.assumptions)


def test_a_discontinued_service_with_a_price_of_its_own() -> None:
    row = REF.table("fee").filter(pl.col("modifier") == "53", pl.col("status") == "A").row(0, named=True)
    got = priced(ClaimLine(row["code"], 1, ("53",))).lines[0]
    assert got.allowed == price(REF, row["code"], NATIONAL, DAY, modifier="53").nonfacility
    assert not any("by report" in s.label for s in got.steps)


def test_a_component_that_the_file_has_not() -> None:
    assert "no part 26" in priced(ClaimLine("99213", 1, ("26",))).lines[0].reason


def test_units_of_codes_outside_the_ranking_are_whole() -> None:
    assert allowed(ClaimLine("17003", 5), ClaimLine("17000")) == [5 * unit("17003"), unit("17000")]


def test_the_lower_charge_is_allowed() -> None:
    assert allowed(ClaimLine("11102", 1, (), 5000)) == [5000]
    assert allowed(ClaimLine("11102", 1, (), 20000)) == [unit("11102")]


def test_mips_changes_medicare_s_payment_alone() -> None:
    plain, adjusted = (priced(ClaimLine("17311"), mips=m) for m in (Decimal(1), Decimal("1.0141")))
    assert adjusted.allowed == plain.allowed
    assert adjusted.patient_owes == plain.patient_owes
    paid = plain.medicare_pays + plain.sequestration
    assert adjusted.medicare_pays + adjusted.sequestration == int(Decimal(paid) * Decimal("1.0141") + Decimal("0.5"))


def test_medicare_second_pays_the_lowest_of_three() -> None:
    # the example of 42 CFR 411.33(b): charged 175, the plan allowed 150 and paid 120, Medicare's fee is 125
    assert secondary_payment(Primary(17500, 15000, 12000), 12500, 10000) == 3000
    assert secondary_payment(Primary(12500, 15000, 12000), 12500, 10000) == 500
    assert secondary_payment(Primary(17500, 15000, 4000), 12500, 10000) == 10000
    assert secondary_payment(Primary(17500, 15000, 16000), 12500, 10000) == 0
    done = priced(ClaimLine("17311"), primary=Primary(90000, 80000, 64000), sequestration=False)
    assert (done.medicare_pays, done.patient_owes) == (16000, 0)


def test_a_second_payer_takes_the_patient_s_part() -> None:
    full = priced(ClaimLine("17311"), deductible=10000)
    half = priced(ClaimLine("17311"), deductible=10000, secondary=Decimal("0.5"))
    assert half.secondary_pays == (full.coinsurance + 1) // 2
    assert half.patient_owes == full.patient_owes - half.secondary_pays
    all_of_it = priced(ClaimLine("17311"), deductible=10000, secondary=Decimal(1), secondary_deductible=True)
    assert (all_of_it.patient_owes, all_of_it.secondary_pays) == (0, full.patient_owes)


def test_the_limiting_charge_is_owed_where_the_claim_is_not_assigned() -> None:
    assigned = priced(ClaimLine("17311"), participating=False)
    open_ = priced(ClaimLine("17311"), participating=False, assigned=False)
    assert assigned.allowed == 63367
    assert open_.limiting_charge == 72872  # 115 percent of 633.67, rounded a line
    # Medicare pays the patient, less the cut of sequestration; the practice collects the limiting charge
    assert open_.patient_owes == 72872 - open_.medicare_pays
    assert open_.patient_owes - assigned.patient_owes == 72872 - 63367 + open_.sequestration


ASP = "HCPCS Code,Short Description,HCPCS Code Dosage,Payment Limit\nJ3301,made up,10 MG,1.234\nJ7308,made up,354 MG,350.5\n"


@pytest.fixture(scope="module")
def drugs(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    folder = tmp_path_factory.mktemp("asp")
    (folder / "asp_2026q3.csv").write_text(ASP)
    import_files([folder / "asp_2026q3.csv"], folder / "data")
    return Reference([BUILT_IN, folder / "data"])


def test_drugs_are_paid_by_their_limit_where_it_is_imported(drugs: Reference) -> None:
    got = price(drugs, "J3301", by_key(drugs, "09102-04"), DAY)
    assert (got.nonfacility, got.facility, got.status, got.release) == (123, 123, "drug", "ASP-2026-07-01")
    assert "$1.234 a unit" in got.derivation[-1]
    done = priced(ClaimLine("J3301", 4), ClaimLine("11900"), ref=drugs, practitioner="npp")
    # 4 x 1.234 rounded once, without the practitioner's 85 percent
    assert [x.allowed for x in done.lines] == [494, int(Decimal(unit("11900")) * Decimal("0.85") + Decimal("0.5"))]
    # a drug is assigned always: the limiting charge takes it as it is allowed
    both = priced(ClaimLine("J3301", 4), ClaimLine("17311"), ref=drugs, participating=False, assigned=False)
    assert both.limiting_charge == 72872 + (both.lines[0].allowed or 0)
    assert price(drugs, "J3301", NATIONAL, date(2026, 10, 1)).status == "drug-without-limit"
    assert price(drugs, "J1234", NATIONAL, DAY).nonfacility is None
    assert price(drugs, "J1234", NATIONAL, DAY).status == "drug-without-limit"
    assert LinePricer(drugs).price(frame(["J7308", "11102", "J9999"]))[ALLOWABLE].to_list() == [350500, 95530, None]


def test_units_of_a_drug_are_multiplied_before_the_one_rounding(drugs: Reference) -> None:
    lines = LinePricer(drugs).price(frame(["J3301 x7", "J3301 x5", "11102 x3"]))
    assert lines[ALLOWABLE].to_list() == [1234, 1234, 95530]
    # 7 x 1.234 = 8.638 and 5 x 1.234 = 6.17; seven rounded units would be 8.61
    assert lines.select(amount_of(pl.col(c.UNITS)))["allowable_mills"].to_list() == [864, 617, 28659]
    for units in (7, 5):  # the same as in the sums of a claim
        (line,) = priced(ClaimLine("J3301", units), ref=drugs).lines
        of_lines = LinePricer(drugs).price(frame([f"J3301 x{units}"])).select(amount_of(pl.col(c.UNITS))).item()
        assert line.allowed == of_lines


def test_policies_in_force_are_applied_to_the_lines_they_touch() -> None:
    lines = (ClaimLine("99213", 1, ("25",)), ClaimLine("11102"))
    done = priced(*lines, payer="Independence")
    assert done.lines[0].allowed == (unit("99213") + 1) // 2
    assert done.lines[1].allowed == unit("11102")
    assert "applied" in done.policies[0]
    assert priced(lines[0], payer="Independence").lines[0].allowed == unit("99213")
    for payer, day in (("Horizon", DAY), ("Anthem", date(2026, 1, 2)), ("Independence", DAY)):
        known = date(2017, 9, 1) if payer == "Independence" else None
        other = priced(*lines, payer=payer, on=day, as_of=known)
        assert other.lines[0].allowed == unit("99213"), payer
    assert priced(*lines).policies == ()


def test_a_policy_of_levels_is_a_risk_and_never_applied() -> None:
    done = priced(ClaimLine("99214"), payer="Cigna")
    assert done.lines[0].allowed == unit("99214")
    loss = unit("99214") - unit("99213")
    assert f"99214 paid as 99213 would be {loss // 100}.{loss % 100:02d} less" in done.policies[0]
    with pytest.raises(ConfigError, match="no policy of payer 'Nobody'"):
        priced(ClaimLine("99214"), payer="Nobody")


def test_endoscopies_of_one_family_are_the_highest_and_what_the_others_add() -> None:
    # the manual's own example: 45385 whole, and 45380 less its base 45378, not half of 45380
    base, biopsy, polyp = (unit_in_facility(x) for x in ("45378", "45380", "45385"))
    two = [ClaimLine("45380"), ClaimLine("45385")]
    assert allowed(*two, facility=True) == [biopsy - base, polyp]
    # a base beside its family is included; alone it is paid
    assert allowed(*two, ClaimLine("45378"), facility=True) == [biopsy - base, polyp, 0]
    assert allowed(ClaimLine("45385"), ClaimLine("45378"), facility=True) == [polyp, 0]
    assert allowed(ClaimLine("45378"), facility=True) == [base]


def test_a_family_of_endoscopies_is_ranked_as_one_procedure() -> None:
    base, biopsy, polyp, mohs = (unit_in_facility(x) for x in ("45378", "45380", "45385", "17311"))
    assert mohs > polyp + biopsy - base
    got = allowed(ClaimLine("45380"), ClaimLine("45385"), ClaimLine("17311"), facility=True)
    assert got == [(biopsy - base + 1) // 2, (polyp + 1) // 2, mohs]
    small = unit_in_facility("11602")
    got = allowed(ClaimLine("45380"), ClaimLine("45385"), ClaimLine("11602"), facility=True)
    assert got == [biopsy - base, polyp, (small + 1) // 2]


def unit_in_facility(code: str) -> int:
    got = price(REF, code, NATIONAL, DAY).facility
    assert got is not None
    return got


def test_a_mean_of_units_that_is_no_decimal_loses_no_cent() -> None:
    # six units of an odd price: 3.5 x 93.19 = 326.165, half up
    each = unit_in_facility("17262")
    assert each % 2 == 1
    assert allowed(ClaimLine("17262", 6), facility=True) == [(each * 7 + 1) // 2]
