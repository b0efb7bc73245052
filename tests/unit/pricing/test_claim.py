"""The lines of a day together: known sums."""

from decimal import Decimal

import pytest

from cutis.pricing.claim import ClaimLine, Terms, price_claim
from cutis.pricing.locality import NATIONAL
from cutis.reference.store import BUILT_IN, Reference
from tests.unit.pricing.test_prices import DAY

REF = Reference([BUILT_IN])


def terms(**changes) -> Terms:
    return Terms(**({"locality": NATIONAL, "on": DAY} | changes))


def allowed(*lines: ClaimLine, **changes) -> list[int | None]:
    return [x.allowed for x in price_claim(REF, list(lines), terms(**changes)).lines]


def test_multiple_procedures_are_ranked_by_what_they_are_allowed() -> None:
    # 667.02 whole, its add-on outside the ranking, 311.96 and 95.53 at half
    assert allowed(ClaimLine("11102"), ClaimLine("17311"), ClaimLine("17312", 2), ClaimLine("12052")) == [
        4777,
        66702,
        80562,
        15598,
    ]


def test_units_of_one_line_are_procedures_of_their_own() -> None:
    one = allowed(ClaimLine("17262"))[0]
    assert one is not None
    (two,) = allowed(ClaimLine("17262", 2))
    assert two == round(one * 1.5)


def test_codes_with_indicator_0_are_never_reduced() -> None:
    assert allowed(ClaimLine("17004"), ClaimLine("88305", 2), ClaimLine("99213")) == [
        allowed(ClaimLine("17004"))[0], allowed(ClaimLine("88305", 2))[0], allowed(ClaimLine("99213"))[0],
    ]  # fmt: skip


def test_the_sixth_procedure_is_by_report() -> None:
    codes = ["17311", "14041", "12052", "11602", "11402", "17110"]
    priced = price_claim(REF, [ClaimLine(x) for x in codes], terms())
    assert any("sixth" in s.label and "by report" in s.label for x in priced.lines for s in x.steps)


@pytest.mark.parametrize(
    ("modifier", "code", "factor"),
    [
        ("50", "20610", "1.5"),
        ("80", "15756", "0.16"),
        ("AS", "15756", "0.136"),
        ("62", "15756", "0.625"),
        ("80", "11602", "0"),
        ("54", "14041", None),
        ("78", "14041", None),
    ],
)
def test_modifiers(modifier: str, code: str, factor: str | None) -> None:
    whole, part = (allowed(ClaimLine(code, 1, m), facility=True)[0] for m in ((), (modifier,)))
    assert whole is not None
    assert part is not None
    if factor is None:
        assert 0 < part < whole
    else:
        assert part == int(Decimal(whole) * Decimal(factor) + Decimal("0.5"))


def test_surgery_and_aftercare_make_the_whole() -> None:
    whole, surgery, after = (allowed(ClaimLine("14041", 1, m))[0] for m in ((), ("54",), ("55",)))
    assert whole is not None
    assert surgery is not None
    assert after is not None
    assert abs(whole - surgery - after) <= 1


def test_who_pays() -> None:
    priced = price_claim(REF, [ClaimLine("17311")], terms(deductible=10000))
    assert (priced.allowed, priced.deductible, priced.coinsurance) == (66702, 10000, 11340)
    assert priced.medicare_pays + priced.sequestration + priced.patient_owes == priced.allowed
    assert priced.sequestration == 907
    assert (
        price_claim(REF, [ClaimLine("17311")], terms(secondary=Decimal(1), secondary_deductible=True)).patient_owes == 0
    )
    assert price_claim(REF, [ClaimLine("17311")], terms(participating=False)).limiting_charge == round(63367 * 1.15)
