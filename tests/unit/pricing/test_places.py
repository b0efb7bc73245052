"""Where a price is for: counties, ZIP codes and states; what the tables do not tell is shown whole, never guessed."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cutis.cli.places import one_place, places
from cutis.model.errors import ConfigError, CutisError, DataError
from cutis.pricing.county import by_county
from cutis.pricing.locality import all_localities, by_state, by_zip, zip_runs_over_several
from cutis.pricing.states import STATES, letters
from cutis.reference.importing import import_files
from cutis.reference.store import BUILT_IN, Reference

LOCCO = """This file is made up,,,,
Medicare Administrative Contractor,Locality Number,State,Fee Schedule Area,Counties
09102,03,FLORIDA,FORT LAUDERDALE,"BROWARD, COLLIER, LEE"
09102,04,,MIAMI,DADE AND MONROE
09102,99,,REST OF STATE,ALL OTHER COUNTIES
10112,00,ALABAMA,STATEWIDE,ALL COUNTIES
"""
# CMS's ZIP5 layout in 80 characters: the flag for four more digits stands at 21, year and quarter at 76
ZIP5 = "".join(
    f"{state}{code}{mac}{locality}{' ':6}{flag}{' ':54}20263\n"
    for state, code, mac, locality, flag in (
        ("FL", "33186", "09102", "04", "0"), ("FL", "33301", "09102", "03", "0"), ("FL", "34134", "09102", "99", "1"),
        ("TX", "75201", "04412", "11", "0"), ("CA", "94901", "01112", "52", "0"), ("VI", "00802", "09202", "50", "0"),
    )
)  # fmt: skip


def keys(found: list) -> list[str]:
    return [x.key for x in found]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    folder = tmp_path_factory.mktemp("places")
    (folder / "26LOCCO.csv").write_text(LOCCO)
    (folder / "ZIP5_2026q3.txt").write_text(ZIP5)
    import_files([folder / "26LOCCO.csv", folder / "ZIP5_2026q3.txt"], folder / "data")
    return Reference([BUILT_IN, folder / "data"])


def test_every_locality_lies_in_one_of_53_states(ref: Reference) -> None:
    assert {x.state for x in all_localities(ref)} == set(STATES)
    assert len(STATES) == 53
    assert letters(" new  york") == "NY"
    assert keys(by_state(ref, "Florida")) == keys(by_state(ref, "fl"))


@pytest.mark.parametrize(
    ("county", "state", "wanted"),
    [
        ("Marin", None, ["01112-52"]),
        ("MARIN COUNTY", "CA", ["01112-52"]),
        ("Contra Costa", None, ["01112-05"]),
        ("Kern", "California", ["01112-54"]),
        ("King", "WA", ["02402-02"]),
        ("King Cnty", None, ["02402-02"]),
        ("Maricopa", "AZ", ["03102-00"]),
    ],
)
def test_a_county_that_the_names_tell(ref: Reference, county: str, state: str | None, wanted: list[str]) -> None:
    assert keys(by_county(ref, county, state)) == wanted


def test_a_county_that_the_names_do_not_tell_means_all_of_its_state(ref: Reference) -> None:
    assert keys(by_county(ref, "Dallas", "TX")) == keys(by_state(ref, "TX"))
    with pytest.raises(ConfigError, match="give --state too"):
        by_county(ref, "Dallas")
    with pytest.raises(ConfigError, match="no locality in state"):
        by_county(ref, "Dallas", "XX")


@pytest.mark.parametrize(
    ("county", "state", "wanted"),
    [
        ("Broward", None, ["09102-03"]),
        ("Dade", "FL", ["09102-04"]),
        ("Monroe County", "Florida", ["09102-04"]),
        ("Orange", "FL", ["09102-99"]),
        ("Mobile", "AL", ["10112-00"]),
    ],
)
def test_the_table_of_counties_decides_where_it_is_loaded(
    loaded: Reference, county: str, state: str | None, wanted: list[str]
) -> None:
    assert keys(by_county(loaded, county, state)) == wanted


def test_zip_codes_of_the_published_layout(loaded: Reference, capsys) -> None:
    assert by_zip(loaded, "33186").key == "09102-04"
    assert by_zip(loaded, "33186-1234").name == "Miami"
    assert by_zip(loaded, "00802").state == "VI"
    assert not zip_runs_over_several(loaded, "33186")
    assert zip_runs_over_several(loaded, "34134")
    with pytest.raises(ConfigError, match="not in the table"):
        by_zip(loaded, "99999")
    assert keys(places(loaded, zip_code="34134")) == ["09102-99"]
    assert "runs over several localities" in capsys.readouterr().err


def test_one_way_and_one_place(ref: Reference) -> None:
    assert one_place(ref).key == "national"
    assert one_place(ref, state="AZ").key == "03102-00"
    with pytest.raises(ConfigError, match="3 localities; choose one with --locality: 09102-03 Fort Lauderdale; "):
        one_place(ref, state="FL")
    with pytest.raises(ConfigError, match="give one of"):
        places(ref, localities=["national"], state="FL")
    with pytest.raises(DataError, match="zip_locality is not loaded"):
        places(ref, zip_code="33186")


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("26LOCCO.csv", LOCCO.replace("10112,00", "1011X,00"), "row 6, column contractor: '1011X'"),
        ("26LOCCO.csv", LOCCO.replace("10112,00,ALABAMA,STATEWIDE,ALL COUNTIES", "10112,00"), "row of the width"),
        ("26LOCCO.csv", LOCCO + "09102,03,FLORIDA,FORT LAUDERDALE,LEE\n", "share the key"),
        ("ZIP5_2026q3.txt", ZIP5 + "nonsense\n", "row 7 is not state, ZIP, carrier and locality"),
        ("ZIP5_2026q3.txt", ZIP5 + ZIP5[:80] + "\n", "share the key"),
    ],
)  # fmt: skip
def test_a_bad_row_refuses_the_file(tmp_path: Path, name: str, text: str, sentence: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(DataError, match=sentence):
        import_files([tmp_path / name], tmp_path / "data")
    assert not (tmp_path / "data" / "manifest.json").exists()


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.sampled_from([("26LOCCO.csv", LOCCO), ("ZIP5_2026q3.txt", ZIP5)]), st.integers(0, 600), st.binary(max_size=6))
def test_damaged_files_are_refused_or_read(tmp_path_factory, kind: tuple[str, str], at: int, noise: bytes) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    raw = kind[1].encode()
    (folder / kind[0]).write_bytes(raw[:at] + noise + raw[at + 3 :])
    try:
        assert import_files([folder / kind[0]], folder / "data")
    except CutisError as error:
        assert str(error)
