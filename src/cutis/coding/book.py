"""The reference as the coder asks it: totals, global days, pairs and limits of the dermatology codes as dictionaries."""

from bisect import bisect_right
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import Any

import polars as pl

from cutis.coding.phrases import table
from cutis.reference.families import expand
from cutis.reference.store import Reference


@lru_cache(maxsize=1)
def known_codes() -> frozenset[str]:
    """Every code that the coder can answer with, gathered from its tables, and office visits."""
    found: set[str] = set()
    for name in ("codes", "drugs", "tumors"):
        _gather(table(name), found)
    return frozenset(found)


def _gather(value: Any, found: set[str]) -> None:
    if isinstance(value, dict):
        for inner in value.values():
            _gather(inner, found)
    elif isinstance(value, list):
        for inner in value:
            _gather(inner, found)
    elif isinstance(value, str):
        for word in value.split():
            if len(word.partition("-")[0]) == 5 and word[1:5].isdigit():
                found.update(expand(word))


class Book:
    """What the coder asks of the tables, for one date of service.

    Args:
        reference: the tables.
        on: date of service; None asks the newest release.
    """

    def __init__(self, reference: Reference, on: date | None) -> None:
        self.reference = reference
        self.on = on

    def _in_force(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Rows in force on the date, newest release last; without a date, rows of every release."""
        if self.on is not None:
            frame = frame.filter(
                pl.col("effective_from").is_null() | (pl.col("effective_from") <= self.on),
                pl.col("effective_to").is_null() | (pl.col("effective_to") >= self.on),
            )
        return frame.sort("effective_from", nulls_last=False, maintain_order=True)

    def _frame(self, name: str) -> pl.DataFrame:
        frame = self.reference.table(name)
        return (
            self._in_force(frame.filter(pl.col("code").is_in(sorted(known_codes()))))
            if "code" in frame.columns
            else frame
        )

    @cached_property
    def fee(self) -> dict[str, tuple[int, str, str]]:
        """By code: total relative value outside a facility (hundredths), global days, status."""
        if not self.reference.has("fee"):
            return {}
        frame = self._frame("fee").filter(pl.col("modifier") == "")
        total = pl.col("work") + pl.col("pe_nonfac") + pl.col("mp")
        return {
            c: (t, g, s) for c, t, g, s in frame.select("code", total.alias("total"), "global_days", "status").rows()
        }

    @cached_property
    def pairs(self) -> dict[tuple[str, str], int]:
        """NCCI pairs between known codes, (column one, column two) to indicator."""
        if not self.reference.has("ptp"):
            return {}
        frame = self._in_force(self.reference.ptp(known_codes()))
        return {(a, b): i for a, b, i in frame.select("column_one", "column_two", "indicator").rows() if i != 9}

    @cached_property
    def mue(self) -> dict[str, tuple[int, int]]:
        """By code: the most units a day, and the kind of the limit (MAI)."""
        if not self.reference.has("mue"):
            return {}
        return {c: (m, a) for c, m, a in self._frame("mue").select("code", "mue", "mai").rows()}

    @cached_property
    def billable(self) -> frozenset[str] | None:
        """ICD-10-CM codes without dots that a line may carry; None where the list is not loaded."""
        if not self.reference.has("icd10"):
            return None
        frame = self._in_force(self.reference.table("icd10").filter(pl.col("billable")))
        return frozenset(frame.get_column("code").to_list())

    @cached_property
    def releases(self) -> tuple[str, ...]:
        """Names of the releases asked, newest of each table."""
        names = [
            self.reference.releases(t)[-1].release for t in ("fee", "icd10", "mue", "ptp") if self.reference.has(t)
        ]
        return tuple(names)

    def value(self, code: str) -> int:
        """Total relative value outside a facility, in hundredths; 0 where the fee schedule has none."""
        return self.fee.get(code, (0, "", ""))[0]

    def global_days(self, code: str) -> int | None:
        """Days of the global period after the day: 0, 10, 90; None where the code has none or is not known."""
        days = self.fee.get(code, (0, "", ""))[1]
        return int(days) if days.isdigit() else None


def _breaks(reference: Reference) -> list[date]:
    """Days on which anything the book holds comes into force or goes out of it."""
    days: set[date] = set()
    for name in ("fee", "icd10", "mue", "ptp"):
        if not reference.has(name):
            continue
        frame = reference.ptp(known_codes()) if name == "ptp" else reference.table(name)
        days.update(frame.get_column("effective_from").drop_nulls().unique().to_list())
        days.update(d + timedelta(days=1) for d in frame.get_column("effective_to").drop_nulls().unique().to_list())
    return sorted(days)


class _Shelf:
    """The books of one reference: one for each stretch of days between two changes."""

    def __init__(self, reference: Reference) -> None:
        self.breaks = _breaks(reference)
        self.books: dict[int | None, Book] = {}


def book_of(reference: Reference, on: date | None) -> Book:
    """The book of a date, made once for a reference and a stretch of days in which nothing changes.

    Args:
        reference: the tables.
        on: date of service; None asks the newest release.
    """
    # kept by the reference itself: a book knows its reference, so whoever else kept it would keep both for ever
    shelf = reference.lasting("books", lambda: _Shelf(reference))
    key = None if on is None else bisect_right(shelf.breaks, on)
    book = shelf.books.get(key)
    if book is None:
        book = shelf.books[key] = Book(reference, on)
    return book
