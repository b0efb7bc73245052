"""The cheat sheet: every code of its families, the published prices, edits with their indicators, our own words."""

import csv
import io
import re

from rich.console import Console

from cutis.output import sheet as face
from cutis.pricing.locality import NATIONAL, all_localities, by_key
from cutis.pricing.sheet import sheet
from cutis.reference.store import Reference
from tests.unit.pricing.test_prices import DAY, SHEET


def test_the_sheet_has_the_published_prices(ref: Reference) -> None:
    made = sheet(ref, [NATIONAL], DAY)
    prices = {r["code"]: (r["nonfacility_cents"], r["facility_cents"]) for r in made.codes.to_dicts()}
    assert {c: prices[c] for c in SHEET} == SHEET
    assert {r["code"]: (r["mue"], r["mai"]) for r in made.codes.to_dicts()}["17003"] == (13, 2)


def test_edits_name_both_codes_and_their_indicator(ref: Reference) -> None:
    made = sheet(ref, [NATIONAL], DAY)
    codes = set(made.codes["code"])
    assert set(made.pairs["column_one"]) | set(made.pairs["column_two"]) <= codes
    found = {(r["column_one"], r["column_two"]): r["indicator"] for r in made.pairs.to_dicts()}
    assert (found["17004", "17000"], found["11102", "17000"]) == (0, 1)


def test_every_locality_side_by_side(ref: Reference) -> None:
    made = sheet(ref, all_localities(ref), DAY)
    out = io.StringIO()
    face.write_csv(made, out)
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert len({r["locality"] for r in rows}) == 109
    assert len(rows) == 109 * made.codes["code"].n_unique()
    assert next(r for r in rows if r["locality"] == "09102-04" and r["code"] == "11102")["nonfacility"] == "101.55"


def test_text_and_page_hold_all_parts(ref: Reference) -> None:
    made = sheet(ref, [NATIONAL, by_key(ref, "09102-04")], DAY)
    text, page = io.StringIO(), io.StringIO()
    face.write_text(made, Console(file=text, width=200))
    face.write_html(made, page)
    for part in (
        "Mohs surgery",
        "Modifiers",
        "Denials and fixes",
        "What the record must show",
        "Where money is lost",
        "Asked often",
    ):
        assert part in text.getvalue()
        assert part in page.getvalue()
    assert not re.search(r"(?:src|href)=", page.getvalue())
