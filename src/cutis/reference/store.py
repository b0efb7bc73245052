"""The reference: named dated tables, read when first asked for, passed as an argument and never global."""

import os
import threading
from collections.abc import Callable, Collection, Iterable
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Final, Self, TypeVar, cast

import polars as pl

from cutis.model.errors import DataError
from cutis.reference.families import Families, load_families
from cutis.reference.policies import Policies, load_policies
from cutis.reference.release import Release, read_manifest
from cutis.reference.values import DatedValue, Values, load_values

Made = TypeVar("Made")
BUILT_IN: Final = Path(__file__).parent / "data"

KNOWN_TABLES: Final = {
    "addon": "NCCI add-on code edits",
    "asp": "Part B drug payment limits (ASP)",
    "county": "counties of payment localities (LOCCO)",
    "fee": "physician fee schedule relative values (PPRRVU)",
    "gpci": "geographic practice cost indices",
    "icd10": "ICD-10-CM codes",
    "lcd": "coverage articles: codes and diagnoses (MCD)",
    "mue": "medically unlikely edits",
    "mue_medicaid": "Medicaid's medically unlikely edits",
    "pos": "places of service",
    "ptp": "NCCI procedure-to-procedure edits",
    "ptp_medicaid": "Medicaid's NCCI procedure-to-procedure edits",
    "zip_locality": "ZIP code to locality",
}
FEW: Final = 500  # codes up to which all edits with one of them in column one may be held for a moment


def user_folder() -> Path:
    """Where imported tables are kept: `CUTIS_DATA`, else the user's data directory."""
    if chosen := os.environ.get("CUTIS_DATA"):
        return Path(chosen)
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "cutis"


class Reference:
    """Tables by name over one or more folders; a later folder's release replaces the same release of an earlier one.

    Args:
        folders: folders with a manifest and Parquet files.
    """

    def __init__(self, folders: Iterable[Path]) -> None:
        self.folders = tuple(folders)
        self._tables: dict[str, pl.DataFrame] = {}
        self._pairs: dict[tuple[str, frozenset[str]], pl.DataFrame] = {}
        self._pairs_lock = threading.Lock()
        self._held: dict[tuple[Path, str], set[str]] = {}
        self._derived: dict[int, tuple[pl.DataFrame, dict[str, object], dict[str, threading.Lock]]] = {}
        self._lasting: dict[str, object] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    @classmethod
    def default(cls) -> Self:
        """The tables that Cutis ships, with those that the user imported over them."""
        return cls((BUILT_IN, user_folder()))

    @cached_property
    def manifest(self) -> dict[str, list[tuple[Path, Release]]]:
        """Per table, its releases with the folder of each, oldest first."""
        found: dict[tuple[str, str], tuple[Path, Release]] = {}
        for folder in self.folders:
            for release in read_manifest(folder):
                found[release.table, release.release] = (folder, release)
                self._held.setdefault((folder, release.file), set()).add(release.release)
        tables: dict[str, list[tuple[Path, Release]]] = {}
        for folder, release in sorted(
            found.values(), key=lambda f: (f[1].table, f[1].effective_from or date.min, f[1].release)
        ):
            tables.setdefault(release.table, []).append((folder, release))
        return tables

    def has(self, table: str) -> bool:
        """Whether the table is loaded at all; whether a row is in force is another question."""
        return table in self.manifest

    def releases(self, table: str) -> list[Release]:
        """Releases of a table, oldest first; empty where it is not loaded."""
        return [r for _, r in self.manifest.get(table, [])]

    def scan(self, table: str) -> pl.LazyFrame:
        """The table, not yet read.

        Raises:
            DataError: the table is not loaded.
        """
        if not self.has(table):
            what = KNOWN_TABLES.get(table, table)
            raise DataError(f"table {table!r} ({what}) is not loaded; import CMS's file with: cutis data import FILE")
        ends = _ends([r for _, r in self.manifest[table]])
        parts = [
            _closed(self._rows(folder, file, names), ends)
            for (folder, file), names in _files(self.manifest[table]).items()
        ]
        return pl.concat(parts, how="diagonal") if len(parts) > 1 else parts[0]

    def _rows(self, folder: Path, file: str, names: set[str]) -> pl.LazyFrame:
        """The rows of these releases; most files are wanted whole."""
        rows = pl.scan_parquet(folder / file)
        return rows if names == self._held[folder, file] else rows.filter(pl.col("release").is_in(sorted(names)))

    def table(self, name: str) -> pl.DataFrame:
        """A table as a frame with `effective_from`, `effective_to` and `release`; kept after the first call.

        Raises:
            DataError: the table is not loaded or its file is damaged.
        """
        if name not in self._tables:
            try:
                self._tables[name] = self.scan(name).collect()
            except (OSError, pl.exceptions.PolarsError) as error:
                raise DataError(f"table {name!r} cannot be read: {error}; import it again") from None
        return self._tables[name]

    def ptp(self, codes: Collection[str], *, table: str = "ptp") -> pl.DataFrame:
        """PTP edits of `table` (`ptp` or `ptp_medicaid`) between two of `codes`: column_one, column_two, indicator, rationale, dates, release."""
        wanted = frozenset(codes)
        one, two = (pl.col(n).is_in(sorted(wanted)) for n in ("column_one", "column_two"))
        with self._pairs_lock:
            if (table, wanted) not in self._pairs:
                wider = (edits for (name, of), edits in self._pairs.items() if name == table and of >= wanted)
                held = next(wider, None)
                if held is None and len(wanted) <= FEW:
                    # the file is in the order of column one: its rows found first, of the other columns few are read
                    held = self.scan(table).filter(one).collect()
                rows = self.scan(table).filter(one, two).collect() if held is None else held.filter(one, two)
                self._pairs[table, wanted] = rows
            return self._pairs[table, wanted]

    def remember(self, owner: pl.DataFrame, name: str, make: Callable[[], object]) -> object:
        """What `make` gives for this very frame, made once: several rules look at the same pairs of lines."""
        with self._lock:
            held = self._derived.get(id(owner))
            if held is None:
                held = self._derived[id(owner)] = (owner, {}, {})
            lock = held[2].setdefault(name, threading.Lock())
        # one rule makes it while the others that want it wait; holding the owner keeps its id from being reused
        with lock:
            if name not in held[1]:
                held[1][name] = make()
            return held[1][name]

    def lasting(self, name: str, make: Callable[[], Made]) -> Made:
        """What `make` derives from the tables alone, made once and kept as they are; `name` says what it is."""
        with self._lock:
            lock = self._locks.setdefault(name, threading.Lock())
        with lock:
            if name not in self._lasting:
                self._lasting[name] = make()
            return cast("Made", self._lasting[name])

    def forget(self) -> None:
        """Let go of what was derived from frames, so that memory stays that of one part."""
        with self._lock:
            self._derived.clear()

    def staleness(self, table: str, first: date, last: date) -> str | None:
        """Plain words on service dates that lie after the period the newest release was made for, or None."""
        releases = self.releases(table)
        if not releases:
            return None
        newest = max(releases, key=lambda r: (r.current_to or r.effective_from or date.min, r.rows))
        parts = []
        if newest.current_to is not None and last > newest.current_to:
            parts.append(
                f"the newest {table} release is {newest.release}, made for dates to {newest.current_to}; "
                f"service dates run to {last}: what changed since is not known"
            )
        oldest = min(r.effective_from or date.min for r in releases)
        if first < oldest:
            parts.append(f"no {table} release for service dates before {oldest}: not checked there")
        ends = [r.effective_to for r in releases]
        if None not in ends and last > max(e for e in ends if e):
            parts.append(f"no {table} release in force after {max(e for e in ends if e)}: not checked there")
        return "; ".join(parts) or None

    @cached_property
    def families(self) -> Families:
        """Named code sets."""
        return load_families()

    def codes(self, family: str) -> frozenset[str]:
        """Codes of a family, as `mohs`.

        Raises:
            DataError: there is no such family.
        """
        return self.families.codes(family)

    @cached_property
    def policies(self) -> Policies:
        """Payer policies: those that Cutis ships, and those of a folder `policies` beside imported tables.

        Raises:
            DataError: a policy file is not well formed.
        """
        return load_policies(*(folder / "policies" for folder in self.folders if folder != BUILT_IN))

    @cached_property
    def _values(self) -> Values:
        return load_values()

    def value(self, name: str, *, on: date, track: str = "all") -> Decimal:
        """A hand-kept value in force on a date.

        Raises:
            DataError: there is no such value, or none in force on that date.
        """
        return self._values.at(name, on, track)

    def values(self, name: str) -> list[DatedValue]:
        """Every hand-kept value of that name, each with its dates and citation."""
        return [v for v in self._values.all() if v.name == name]

    def value_row(self, name: str, *, on: date, track: str = "all") -> DatedValue:
        """A hand-kept value with its citation.

        Raises:
            DataError: there is no such value, or none in force on that date.
        """
        return self._values.row(name, on, track)


def _ends(releases: list[Release]) -> dict[str, date]:
    """Per release the last day before a newer whole release takes over: what that one dropped is no longer in force."""
    whole = sorted(r.effective_from for r in releases if r.effective_from and not r.partial)
    ends = {}
    for release in releases:
        later = [day for day in whole if release.effective_from is None or day > release.effective_from]
        if later:
            ends[release.release] = later[0] - timedelta(days=1)
    return ends


def _closed(rows: pl.LazyFrame, ends: dict[str, date]) -> pl.LazyFrame:
    if not ends:
        return rows
    end = pl.col("release").replace_strict(ends, default=None, return_dtype=pl.Date)
    return rows.with_columns(pl.min_horizontal("effective_to", end).alias("effective_to"))


def _files(releases: list[tuple[Path, Release]]) -> dict[tuple[Path, str], set[str]]:
    """Per Parquet file, the names of the releases to take from it."""
    files: dict[tuple[Path, str], set[str]] = {}
    for folder, release in releases:
        files.setdefault((folder, release.file), set()).add(release.release)
    return files
