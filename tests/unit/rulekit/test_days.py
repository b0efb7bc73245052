"""Lines of a day found by their place, and what is copied of them."""

import polars as pl
import pytest

from cutis.model import columns as c
from cutis.model.shorthand import frame
from cutis.reference.store import Reference
from cutis.rulekit import DAY, is_like, is_on_days, narrow, together
from cutis.rulekit.apply import Prepared
from cutis.rules._shared.visits import surgery_of_day


def prepared(*lines: str) -> pl.DataFrame:
    return Prepared(frame(lines)).lines


def test_lines_of_a_day_come_together_in_the_order_of_its_first_line() -> None:
    lines = prepared("11102 patient=1", "17000 patient=2", "17003 patient=1", "88305 patient=3")
    assert lines[c.CODE].to_list() == ["11102", "17003", "17000", "88305"]
    assert lines[DAY].to_list() == [0, 0, 1, 3]


def test_pairs_are_found_within_a_day_in_either_order() -> None:
    lines = prepared("17000", "11102", "17000", "17000 patient=2", "11102 patient=3")
    one, two = pl.Series(["11102", "11102"]), pl.Series(["17000", "17003"])
    assert together(lines, one, two).rows() == [(1, 0, 0), (1, 2, 0)]


@pytest.mark.parametrize("codes", [[], ["99213"]])
def test_no_pairs(codes: list[str]) -> None:
    known = pl.Series(codes, dtype=pl.String)
    assert together(prepared("17000", "11102"), known, known).is_empty()


def test_days_without_lines() -> None:
    lines = prepared("17000")
    assert is_on_days(lines, lines[DAY].clear()).to_list() == [False]
    assert is_on_days(lines.clear(), lines[DAY]).is_empty()


def test_few_columns_of_some_lines() -> None:
    lines = prepared("17000", "11102", "J3301")
    letters = is_like(lines[c.CODE], "^J")
    assert narrow(lines, (c.LINE, c.CODE), ~letters, pl.col(c.LINE) > 1).rows() == [(2, "11102")]


def test_of_two_lines_of_the_longest_surgery_the_first_is_named(ref: Reference) -> None:
    lines = prepared("99213", "17000", "14040", "14040", "99213 patient=2", "17000 patient=2", "14040 patient=3")
    found = surgery_of_day(lines, ref).select("surgery", "surgery_line", "major", "minor")
    assert found.rows() == [("14040", 3, True, True), ("17000", 6, False, True)]
