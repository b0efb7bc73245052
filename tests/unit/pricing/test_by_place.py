"""The table by place: 53 states and territories, 109 localities, each amount that of `price`."""

import csv
import io
import re

import pytest
from rich.console import Console

from cutis.model.errors import ConfigError
from cutis.output import places as face
from cutis.pricing.derive import price
from cutis.pricing.locality import all_localities, by_state
from cutis.pricing.places import USUAL, places
from cutis.pricing.states import STATES
from cutis.reference.store import Reference
from tests.unit.pricing.test_prices import DAY


def test_a_row_for_each_of_the_53_states_and_territories(ref: Reference) -> None:
    made = places(ref, [], DAY)
    assert made.codes == USUAL
    # 50 states, the District, Puerto Rico and the Virgin Islands; Guam is priced in Hawaii's locality
    assert set(made.rows["place"]) == set(STATES)
    assert len(STATES) == 53
    assert made.rows.height == 53 * 5
    assert made.rows.unique("place")["localities"].sum() == 109


def test_a_row_for_each_of_the_109_localities(ref: Reference) -> None:
    made = places(ref, ["17000"], DAY, by_locality=True)
    assert made.rows.height == 109
    assert set(made.rows["place"]) == {x.key for x in all_localities(ref)}
    assert (made.rows["nonfacility_low"] == made.rows["nonfacility_high"]).all()


@pytest.mark.parametrize("state", ["CA", "FL", "WY", "PR"])
@pytest.mark.parametrize("code", ["11102", "88305-26"])
def test_low_and_high_are_those_of_the_localities(ref: Reference, state: str, code: str) -> None:
    bare, _, modifier = code.partition("-")
    each = [price(ref, bare, x, DAY, modifier=modifier) for x in by_state(ref, state)]
    row = next(r for r in places(ref, [code], DAY).rows.to_dicts() if r["state"] == state)
    assert row["localities"] == len(each)
    assert (row["nonfacility_low"], row["nonfacility_high"]) == (
        min(p.nonfacility for p in each), max(p.nonfacility for p in each),
    )  # fmt: skip
    assert (row["facility_low"], row["facility_high"]) == (min(p.facility for p in each), max(p.facility for p in each))


def test_the_faces_show_the_same_rows(ref: Reference) -> None:
    made = places(ref, [], DAY)
    table, text, page = io.StringIO(), io.StringIO(), io.StringIO()
    face.write_csv(made, table)
    face.write_text(made, Console(file=text, width=200))
    face.write_html(made, page)
    rows = list(csv.DictReader(io.StringIO(table.getvalue())))
    florida = next(r for r in rows if r["state"] == "FL" and r["code"] == "11102")
    assert (florida["localities"], florida["nonfacility_low"], florida["nonfacility_high"]) == ("3", "93.36", "101.55")
    assert len(rows) == 265
    for shown in (text.getvalue(), page.getvalue()):
        assert "93.36-101.55" in shown
        assert "53 states and territories" in shown
        assert "Guam" in shown
    assert page.getvalue().count("<tr>") == 54
    assert not re.search(r"(?:src|href)=", page.getvalue())


def test_a_narrow_terminal_cuts_no_amount(ref: Reference) -> None:
    made = places(ref, [], DAY)
    text = io.StringIO()
    face.write_text(made, Console(file=text, width=80))
    assert max(map(len, text.getvalue().split("\n\n")[0].splitlines())) <= 80
    for _, amounts in face.grid(made):
        assert all(a in text.getvalue() for a in amounts)


def test_what_has_no_price_is_a_dash_and_said_never_zero(ref: Reference) -> None:
    # 11004 is paid in a facility alone; 0054T is priced by the contractors
    made = places(ref, ["11004", "0054T"], DAY)
    for _, (office, facility, *unpriced) in face.grid(made):
        assert office == "-"
        assert re.fullmatch(r"[0-9.-]+[0-9]", facility)
        assert unpriced == ["-", "-"]
    assert "No amount anywhere: 0054T" in " ".join(face.notes(made))
    table = io.StringIO()
    face.write_csv(made, table)
    row = next(r for r in csv.DictReader(io.StringIO(table.getvalue())) if r["code"] == "11004")
    assert (row["nonfacility_low"], row["nonfacility_high"]) == ("", "")
    assert float(row["facility_low"]) > 0


def test_codes_unknown_that_day_are_all_named(ref: Reference) -> None:
    with pytest.raises(ConfigError, match="no row for 00000, 1110Z"):
        places(ref, ["17000", "00000", "1110z"], DAY)
