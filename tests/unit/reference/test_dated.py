"""The dated join against a plain search: expired rows are null, the newest release that covers the day wins."""

from datetime import date, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from cutis.reference.dated import in_force

DAY = date(2026, 1, 1)
days = st.integers(0, 30).map(lambda n: DAY + timedelta(days=n))
row = st.tuples(
    st.sampled_from("AB"), days, st.one_of(st.none(), days), st.integers(0, 9), st.sampled_from(["r1", "r2", "r3"])
)


def search(rows: list[tuple], code: str, day: date) -> tuple | None:
    hits = [r for r in rows if r[0] == code and r[1] <= day and (r[2] is None or day <= r[2])]
    return max(hits, key=lambda r: (r[1], r[4])) if hits else None


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    st.lists(row, max_size=6, unique_by=lambda r: (r[0], r[1], r[4])),
    st.lists(st.tuples(st.sampled_from("ABC"), days), max_size=8),
)
def test_like_a_plain_search(rows: list[tuple], lines: list[tuple]) -> None:
    schema = {
        "code": pl.String,
        "effective_from": pl.Date,
        "effective_to": pl.Date,
        "value": pl.Int64,
        "release": pl.String,
    }
    table = pl.DataFrame(rows, schema=schema, orient="row")
    asked = pl.DataFrame(lines, schema={"code": pl.String, "service_from": pl.Date}, orient="row")
    got = in_force(asked, table, on=["code"])
    assert got.height == asked.height
    assert got.select(asked.columns).equals(asked)
    for (code, day), found in zip(lines, got.to_dicts(), strict=True):
        expected = search(rows, code, day)
        assert found["known"] is (expected is not None)
        assert (found["value"], found["release"]) == ((expected[3], expected[4]) if expected else (None, None))
    for at in range(asked.height):  # one line alone goes another way, to the same row
        assert in_force(asked[at], table, on=["code"]).equals(got[at])


def test_a_line_without_a_code_is_in_no_table() -> None:
    table = pl.DataFrame({"code": ["A", None], "effective_from": [DAY] * 2, "effective_to": [None] * 2, "release": "r"})
    table = table.with_columns(pl.col("effective_to").cast(pl.Date))
    asked = pl.DataFrame({"code": [None, "A"], "service_from": [DAY] * 2}, schema_overrides={"code": pl.String})
    for lines in (asked, asked[0]):
        assert in_force(lines, table, on=["code"])["known"][0] is False
    assert in_force(asked[1], table, on=["code"])["known"][0] is True
