"""Properties of prices for any code, place, modifier and terms."""

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cutis.pricing.claim import ClaimLine, PricedClaim, Terms, price_claim
from cutis.pricing.derive import price
from cutis.pricing.everywhere import schedule
from cutis.pricing.locality import NATIONAL, Locality, all_localities
from cutis.reference.importing import import_files
from cutis.reference.store import BUILT_IN, Reference
from tests.unit.pricing.test_prices import DAY

REF = Reference([BUILT_IN])
FEE = REF.table("fee")
PLACES = [NATIONAL, *all_localities(REF)]

# every code, those that claims reduce, pair or refuse more often than others
PROCEDURES = sorted(FEE.filter(pl.col("mult_proc").is_in(["2", "3"]), pl.col("status") == "A")["code"].unique())
SIDED = sorted(FEE.filter(pl.col("bilateral").is_in(["1", "2", "3"]), pl.col("status") == "A")["code"].unique())
FAMILY = ["45378", "45380", "45384", "45385", "43235", "43239"]
COMMON = [
    "17311",
    "17312",
    "12052",
    "11102",
    "11103",
    "99213",
    "88305",
    "17004",
    "14041",
    "20610",
    "J3301",
    "99999",
    "00170",
]
CODES = st.one_of(*map(st.sampled_from, (COMMON, COMMON, PROCEDURES, SIDED, FAMILY, sorted(FEE["code"].unique()))))
MODIFIERS = [
    "22", "25", "26", "50", "51", "52", "53", "54", "55", "56", "58", "59", "62", "76", "78", "79", "80", "82", "AS",
    "LT", "RT", "TC", "XS",
]  # fmt: skip
LINE = st.builds(
    ClaimLine,
    CODES,
    st.integers(1, 7),
    st.lists(st.sampled_from(MODIFIERS), max_size=3, unique=True).map(tuple),
    st.one_of(st.none(), st.integers(0, 200_000)),
)
LINES = st.lists(LINE, min_size=1, max_size=6)
ANY = st.builds(
    Terms,
    locality=st.sampled_from(PLACES),
    on=st.just(DAY),
    facility=st.booleans(),
    track=st.sampled_from(["standard", "qualifying-apm"]),
    practitioner=st.sampled_from(["physician", "npp"]),
    participating=st.booleans(),
    deductible=st.integers(0, 50_000),
    mips=st.sampled_from([Decimal(1), Decimal("0.91"), Decimal("1.0141")]),
    secondary=st.sampled_from([None, Decimal("0.5"), Decimal(1)]),
)


def quick(examples: int) -> settings:
    return settings(
        max_examples=examples, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
    )


@quick(120)
@given(LINES, ANY)
def test_totals_are_never_negative_and_add_up(lines: list[ClaimLine], chosen: Terms) -> None:
    done = price_claim(REF, lines, chosen)
    assert min(done.allowed, done.deductible, done.coinsurance, done.medicare_pays, done.sequestration) >= 0
    assert min(done.patient_owes, done.secondary_pays, done.limiting_charge or 0) >= 0
    assert done.allowed == sum(x.allowed or 0 for x in done.lines)
    assert all(s.before >= 0 and s.after >= 0 for x in done.lines for s in x.steps)
    # nobody pays more than the allowed amount, and without an adjustment nothing of it is lost
    if chosen.mips == 1:
        parts = (done.medicare_pays, done.sequestration, done.patient_owes, done.secondary_pays)
        assert sum(parts) == done.allowed


def amounts(done: PricedClaim) -> tuple[list[tuple], int, int]:
    lines = sorted(
        (
            x.line.code,
            x.line.units,
            x.line.modifiers,
            x.line.charge or -1,
            -1 if x.allowed is None else x.allowed,
            x.reason,
        )
        for x in done.lines
    )
    return lines, done.allowed, done.patient_owes


@quick(120)
@given(LINES.flatmap(lambda x: st.tuples(st.just(x), st.permutations(x))), ANY)
def test_the_order_of_lines_never_matters(pair: tuple[list[ClaimLine], list[ClaimLine]], chosen: Terms) -> None:
    lines, shuffled = pair
    assert amounts(price_claim(REF, lines, chosen)) == amounts(price_claim(REF, shuffled, chosen))


@quick(40)
@given(st.lists(st.sampled_from(["11602", "20610", "45380", "45385"]), min_size=2, max_size=4), st.randoms())
def test_order_never_matters_between_lines_that_differ_in_their_charge_alone(codes: list[str], chance) -> None:
    lines = [ClaimLine(c, 1, (), 2_000 * n or None) for c in codes for n in range(3)]
    shuffled = list(lines)
    chance.shuffle(shuffled)
    chosen = Terms(NATIONAL, DAY)
    assert amounts(price_claim(REF, lines, chosen)) == amounts(price_claim(REF, shuffled, chosen))


@pytest.fixture(scope="module")
def even(tmp_path_factory: pytest.TempPathFactory) -> tuple[Reference, Locality]:
    """The shipped tables with one more locality, whose indices are all 1.000."""
    folder = tmp_path_factory.mktemp("even")
    (folder / "gpci_2026.csv").write_text(
        "mac,state,locality,name,work_gpci,pe_gpci,mp_gpci\n99999,ZZ,01,Even,1.000,1.000,1.000\n"
    )
    import_files([folder / "gpci_2026.csv"], folder / "data")
    ref = Reference([BUILT_IN, folder / "data"])
    (place,) = (x for x in all_localities(ref) if x.key == "99999-01")
    return ref, place


@quick(80)
@given(lines=LINES, chosen=ANY)
def test_a_locality_with_indices_of_one_is_the_nation(
    even: tuple[Reference, Locality], lines: list[ClaimLine], chosen: Terms
) -> None:
    ref, place = even
    terms = {n: getattr(chosen, n) for n in ("facility", "track", "practitioner", "participating", "deductible")}
    here, nation = (price_claim(ref, lines, Terms(x, DAY, **terms)) for x in (place, NATIONAL))
    assert amounts(here) == amounts(nation)


def test_every_code_at_a_locality_with_indices_of_one_is_the_nation_s(even: tuple[Reference, Locality]) -> None:
    ref, place = even
    found = schedule(ref, DAY).filter(pl.col("locality") == place.key)
    assert found.height == FEE.height
    total = FEE.select(
        (pl.col("work") + pl.col("pe_nonfac") + pl.col("mp")).alias("office"), pl.col("cf").cast(pl.Int64)
    )
    # hundredths of RVUs times ten-thousandths of a dollar are millionths: ten thousand of them a cent
    plain = (total["office"] * total["cf"] + 5_000) // 10_000
    same = (found["nonfacility_cents"] == plain) | found["nonfacility_cents"].is_null()
    assert same.all()
    assert found["nonfacility_cents"].drop_nulls().len() == 5_477


# Professional and technical part. Of every code whose three rows the file prices, the file's values of 26 and TC add up
# to those of the whole code exactly, in each of work, practice expense and malpractice. Each of the three prices is then
# rounded once, half up: it is off by half a cent at most, so 26 + TC and the whole, three roundings apart and each a
# whole number of cents, differ by less than 1.5 cents, that is by one cent at most.
ROUNDINGS = 3
TOLERANCE = (ROUNDINGS * Decimal("0.5")).to_integral_value(rounding="ROUND_FLOOR")


def parted() -> pl.DataFrame:
    """Codes with three priced rows: code, and per row the file's values."""
    paid = FEE.filter(pl.col("status").is_in(["A", "R"]), pl.sum_horizontal("work", "pe_nonfac", "mp") > 0)
    rows = {m: paid.filter(pl.col("modifier") == m) for m in ("", "26", "TC")}
    return rows[""].join(rows["26"], on="code", suffix="_26").join(rows["TC"], on="code", suffix="_TC")


PARTED = parted()


def test_the_file_s_values_of_the_parts_add_up_exactly() -> None:
    assert PARTED.height == 829
    for value in ("work", "pe_nonfac", "pe_fac", "mp"):
        off = PARTED.filter(pl.col(value) != pl.col(f"{value}_26") + pl.col(f"{value}_TC"))
        assert off["code"].to_list() == [], value


def test_the_parts_make_the_whole_for_every_code_at_every_locality() -> None:
    assert TOLERANCE == 1
    cells = schedule(REF, DAY, codes=PARTED["code"].to_list()).filter(pl.col("modifier") != "53")
    wide = cells.pivot("modifier", index=["code", "locality", "state"], values="nonfacility_cents").drop_nulls()
    assert wide.height == 829 * 109
    assert wide.select((pl.col("") - pl.col("26") - pl.col("TC")).abs().max()).item() == TOLERANCE
    # in a facility the technical part is the hospital's: the file has no price there that could be added
    assert cells.filter(pl.col("modifier") == "TC")["facility_cents"].is_null().all()


@quick(120)
@given(st.sampled_from(PARTED["code"].to_list()), st.sampled_from(PLACES), st.booleans(), st.integers(1, 9))
def test_the_parts_make_the_whole(code: str, place: Locality, qualifying: bool, units: int) -> None:
    track = "qualifying-apm" if qualifying else "standard"
    whole, first, second = (price(REF, code, place, DAY, modifier=m, track=track) for m in ("", "26", "TC"))
    assert whole.nonfacility is not None
    assert abs(whole.nonfacility - (first.nonfacility or 0) - (second.nonfacility or 0)) <= TOLERANCE
    lines = [ClaimLine(code, units, ("26",)), ClaimLine(code, units, ("TC",))]
    claim = price_claim(REF, lines, Terms(place, DAY, track=track))
    if whole.nonfacility and not any("multiple procedures" in s.label for x in claim.lines for s in x.steps):
        assert abs(claim.allowed - units * whole.nonfacility) <= units * TOLERANCE
