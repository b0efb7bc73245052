"""Prices to the cent, their derivation, and the localities."""

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from cutis.model.errors import ConfigError, DataError
from cutis.model.shorthand import frame
from cutis.pricing.derive import price
from cutis.pricing.lines import ALLOWABLE, LOCALITY, LinePricer
from cutis.pricing.locality import NATIONAL, all_localities, by_key, by_state, by_zip
from cutis.reference.store import BUILT_IN, Reference

DAY = date(2026, 7, 15)
SHEET = {
    "11102": (9553, 3006), "11104": (12125, 3808), "17000": (6647, 4776), "17003": (635, 167), "17311": (66702, 28691),
}  # fmt: skip


@pytest.mark.parametrize("code", sorted(SHEET))
def test_the_five_prices_of_the_cheat_sheet(ref: Reference, code: str) -> None:
    got = price(ref, code, NATIONAL, DAY)
    assert (got.nonfacility, got.facility) == SHEET[code]
    assert got.derivation[-1].endswith(f"${got.facility / 100:.2f}")


def test_the_prices_published_with_the_codes(ref: Reference, shared: Path) -> None:
    table = pl.read_csv(shared / "data" / "cms" / "codes_2026.csv", infer_schema=False).filter(pl.col("status") == "A")
    wrong = []
    for row in table.iter_rows(named=True):
        got = price(ref, row["code"], NATIONAL, DAY, modifier=row["modifier"] or "")
        for cents, said, na in (
            (got.nonfacility, "national_nonfac_usd", "nonfac_na"),
            (got.facility, "national_fac_usd", "fac_na"),
        ):
            if not row[na] and row[said] and cents != round(float(row[said]) * 100):
                wrong.append((row["code"], row["modifier"], cents, row[said]))
    assert wrong == []


def test_the_pricing_cases(ref: Reference, shared: Path) -> None:
    cases = [json.loads(x) for x in (shared / "cases" / "encounters.jsonl").read_text().splitlines()]
    checked = 0
    for case in (x for x in cases if x.get("price") and not x["price"].get("mppr")):
        facts = case["price"]
        if (facts["gpci_work"], facts["gpci_pe"], facts["gpci_mp"]) != ("1", "1", "1"):
            continue
        for line in facts["lines"]:
            got = price(
                ref,
                line["code"],
                NATIONAL,
                DAY,
                modifier=line["modifier"],
                track="standard" if facts["conversion_factor"] == "33.4009" else "qualifying-apm",
            )
            cents = got.nonfacility if facts["setting"] == "non-facility" else got.facility
            assert cents == round(float(line["unit_amount"]) * 100), case["id"]
            checked += 1
    assert checked >= 3


def test_nothing_is_guessed(ref: Reference) -> None:
    for code, day, status in (
        ("J3301", DAY, "drug-without-limit"),
        ("99999", DAY, "unknown-code"),
        ("11102", date(2025, 12, 31), "not-in-force"),
        ("99024", DAY, "bundled"),
        ("00170", DAY, "anesthesia"),
        ("17999", DAY, "carrier-priced"),
        ("17380", DAY, "carrier-priced"),  # restricted (R) and without values: not a price of zero
        ("15877", DAY, "carrier-priced"),
    ):
        got = price(ref, code, NATIONAL, day)
        assert (got.nonfacility, got.facility, got.status) == (None, None, status), code


def test_a_modifier_without_a_price_of_its_own_is_said() -> None:
    for modifier in ("59", "26", "50"):
        got = price(Reference([BUILT_IN]), "99213", NATIONAL, DAY, modifier=modifier)
        assert (got.nonfacility, got.status) == (None, "no-such-part")
        assert "no price of its own" in got.derivation[0]
    assert price(Reference([BUILT_IN]), "99213", NATIONAL, date(2025, 1, 1), modifier="26").status == "not-in-force"


def test_the_qualifying_track_pays_by_the_other_factor(ref: Reference) -> None:
    assert price(ref, "17311", NATIONAL, DAY, track="qualifying-apm").nonfacility == round(19.97 * 33.5675 * 100)


def test_localities(ref: Reference) -> None:
    assert len(all_localities(ref)) == 109
    assert by_key(ref, "09102-04").name == "Miami"
    assert [x.key for x in by_state(ref, "fl")] == ["09102-03", "09102-04", "09102-99"]
    for wrong in ("Miami", "09102-77"):
        with pytest.raises(ConfigError):
            by_key(ref, wrong)
    with pytest.raises(ConfigError):
        by_state(ref, "XX")
    with pytest.raises(DataError, match="zip_locality is not loaded"):
        by_zip(ref, "33186")


def test_lines_are_priced_at_their_place(ref: Reference) -> None:
    lines = frame(
        ["11102", "11102 pos=22", "88305 26", "J3301", "17311 state=AZ", "17311 state=FL", "11102 on=2025-07-01"]
    )
    priced = LinePricer(ref).price(lines)
    assert priced[ALLOWABLE].to_list() == [95530, 30060, 35070, None, 650380, 667020, None]
    assert priced[LOCALITY].to_list()[4:6] == ["03102-00", "national"]
    assert set(LinePricer(ref, locality="09102-04").price(lines)[LOCALITY]) == {"09102-04"}


def test_chunks_of_a_run_are_priced_as_each_alone(ref: Reference) -> None:
    chunks = [
        ["11102", "17311", "11102 on=2025-07-01", "88305 26", "88305 TC", "88305"],
        ["17311 pos=22", "88305", "11102 on=2025-12-31", "11102 on=2026-01-01", "99213"],
        ["99213", "17311 state=AZ", "17311 pos=22", "88305 26 state=AZ", "11102"],
    ]
    pricer = LinePricer(ref)
    for chunk in chunks:
        together = pricer.price(frame(chunk))[ALLOWABLE].to_list()
        assert together == [LinePricer(ref).price(frame([line]))[ALLOWABLE].item() for line in chunk]


def test_one_line_prices_as_the_derivation_says(ref: Reference) -> None:
    for place in all_localities(ref)[::9]:
        one = price(ref, "17311", place, DAY)
        line = LinePricer(ref, locality=place.key).price(frame(["17311"]))
        assert line[ALLOWABLE][0] == one.nonfacility * 10
