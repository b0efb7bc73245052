"""The number that stands for a person: the same wherever and whenever it is made."""

from datetime import date

import polars as pl

from cutis.parse.person import person_key


def keys(*people: tuple) -> list[int]:
    schema = {"member": pl.String, "last": pl.String, "birth": pl.Date}
    frame = pl.DataFrame(people, schema=schema, orient="row")
    return person_key(frame, [pl.col(n) for n in schema]).to_list()


KNOWN = 9_525_798_707_547_530_046
FERN = ("9ZZ1", "FERN", date(1950, 1, 1))


def test_a_key_written_down_years_ago_still_holds() -> None:
    """A store of years compares keys of different releases: this number may never change."""
    assert keys(FERN) == [KNOWN]


def test_it_does_not_depend_on_who_else_is_in_the_frame() -> None:
    many = [(f"M{i}", "OAK" * (i % 7), date(1960, 1, 1 + i % 28)) for i in range(3000)]
    alone = [keys(p)[0] for p in many[:40]]
    assert keys(*many)[:40] == alone
    assert len(set(keys(*many))) == 3000


def test_case_and_blanks_are_the_same_person_and_absent_is_not_empty() -> None:
    assert keys(("9zz1 ", " Fern", date(1950, 1, 1))) == keys(FERN)
    assert (
        len({*keys((None, "A", None)), *keys(("", "A", None)), *keys(("A", None, None)), *keys(("A", "", None))}) == 4
    )


def test_parts_do_not_run_into_each_other() -> None:
    assert keys(("AB", "C", None)) != keys(("A", "BC", None))


def test_remainders_are_even() -> None:
    found = pl.Series(keys(*((f"M{i}", "OAK", None) for i in range(16_000))), dtype=pl.UInt64)
    assert (found % 16).value_counts()["count"].min() > 850


def test_no_rows() -> None:
    assert keys() == []
