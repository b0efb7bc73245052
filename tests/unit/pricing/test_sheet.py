"""The cheat sheet: every code of its families, the published prices, edits with their indicators, our own words."""

import csv
import io
import re
from datetime import date
from pathlib import Path

import polars as pl
from rich.console import Console

from cutis.output import sheet as face
from cutis.pricing.locality import NATIONAL, all_localities, by_key
from cutis.pricing.sheet import sheet, words
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
        "Bundling to watch",
        "Modifiers",
        "Denials and fixes",
        "What the record must show",
        "Where money is lost",
        "Asked often",
    ):
        assert part in text.getvalue()
        assert part in page.getvalue()
    assert not re.search(r"(?:src|href)=", page.getvalue())


def test_each_watch_out_rests_on_an_edit_in_force(ref: Reference) -> None:
    made = sheet(ref, [NATIONAL], DAY)
    assert made.watch.filter(pl.col("indicator").is_null()).to_dicts() == []
    assert made.watch.select("column_one", "column_two").is_duplicated().sum() == 0
    found = {(r["column_one"], r["column_two"]): r["indicator"] for r in made.watch.to_dicts()}
    # published indicators, one of each kind
    assert (found["17004", "17003"], found["11602", "12001"]) == (0, 1)


def test_a_watch_out_without_an_edit_that_day_says_so(ref: Reference) -> None:
    # of the edits loaded, those of the older release begin on 2024-07-01
    made = sheet(ref, [NATIONAL], date(2024, 6, 1))
    shown = {row[:2]: row[2] for row in face.watch_rows(made)}
    assert (shown["17004", "17000"], shown["11602", "12001"]) == ("0", "no edit")
    assert made.pairs.filter(pl.col("effective_from") > made.on).is_empty()


def test_relative_values_add_up_to_the_published_total(ref: Reference) -> None:
    rows = {r["code"]: r for r in sheet(ref, [NATIONAL], DAY).codes.to_dicts()}
    # totals published with the sheet's prices
    totals = {"11102": "2.86", "11104": "3.63", "17000": "1.99", "17003": "0.19", "17311": "19.97"}
    assert {c: rows[c]["rvu_nonfac"] for c in totals} == totals


def test_chosen_codes_alone(ref: Reference) -> None:
    made = sheet(ref, [NATIONAL], DAY, codes=["17311", "11102"])
    assert made.codes["code"].to_list() == ["11102", "17311"]
    for rows in (made.pairs, made.watch):
        assert all({r["column_one"], r["column_two"]} & {"11102", "17311"} for r in rows.to_dicts())
        assert rows.height > 0


def test_every_denial_of_the_facts_is_on_the_sheet(shared: Path) -> None:
    with (shared / "facts" / "denials.csv").open(encoding="utf-8") as file:
        known = {r["carc"] for r in csv.DictReader(file)}
    listed = [d["carc"] for d in words()["denials"]]
    assert known <= set(listed)
    assert len(listed) == len(set(listed))
    assert listed == sorted(listed, key=lambda x: (not x.isdigit(), int(x.lstrip("B"))))


def test_many_localities_are_rows_in_the_terminal(ref: Reference) -> None:
    text = io.StringIO()
    made = sheet(ref, all_localities(ref), DAY, codes=["11102", "11103", "17311"])
    face.write_text(made, Console(file=text, width=80))
    lines = text.getvalue().splitlines()
    assert max(len(x.rstrip()) for x in lines) <= 80
    miami = [x.split() for x in lines if x.startswith("09102-04")]
    assert miami[0][:4] == ["09102-04", "Miami", "101.55", "33.40"]
    assert [x for row in miami for x in row if x == "715.40"] == ["715.40"]
    assert sum(x.startswith(tuple(p.key for p in made.localities)) for x in lines) == 2 * 109


def test_columns_are_parted_evenly() -> None:
    assert [face.evenly(6, 5), face.evenly(10, 4), face.evenly(3, 8), face.evenly(1, 0)] == [3, 4, 3, 1]


def test_every_modifier_checklist_and_answer_names_its_source() -> None:
    known = (
        "NCCI",
        "MCPM",
        "MBPM",
        "MLN",
        "CR ",
        "CMS",
        "CPT",
        "AAD",
        "SSA",
        "LCD",
        "NCD",
        "PFS",
        "CY20",
        "MUE",
        "article",
    )
    contractors = ("NGS", "Noridian", "Novitas", "contractors'")
    for part in ("modifiers", "checklists", "faq"):
        for entry in words()[part]:
            for source in entry["source"].split("; "):
                assert source.startswith((*known, *contractors)), entry
