"""Importing CMS's own files: the kind is told by content, everything is checked first, nothing is half done."""

import hashlib
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from cutis.model.errors import DataError
from cutis.reference.archive import Found, unpacked
from cutis.reference.release import Release, read_manifest, write_manifest
from cutis.reference.sources import aoc, asp, gpci, icd10, lcd, locco, mue, pprrvu, ptp, zip_locality
from cutis.reference.sources.common import rows_of
from cutis.reference.vintage import date_in, last_day, quarter_end

READERS: Final = {
    "fee": pprrvu, "mue": mue, "ptp": ptp, "addon": aoc, "gpci": gpci, "asp": asp, "lcd": lcd, "county": locco,
    "zip_locality": zip_locality,
}  # fmt: skip
# what names a row of a table within one release
_KEYS: Final = {
    "fee": ("code", "modifier"), "mue": ("code",), "mue_medicaid": ("code",), "gpci": ("mac", "locality", "state"),
    "asp": ("code",), "icd10": ("code",), "zip_locality": ("zip",),
    "ptp": ("column_one", "column_two", "effective_from"), "ptp_medicaid": ("column_one", "column_two", "effective_from"),
}  # fmt: skip
_UNDATED: Final = frozenset({"ptp", "ptp_medicaid", "lcd"})  # their rows have dates of their own


@dataclass(frozen=True, slots=True)
class Imported:
    """One file taken in."""

    table: str
    release: str
    source: str
    rows: int
    effective_from: date | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Ready:
    table: str
    source: str
    sha256: str
    frame: pl.DataFrame
    first: date | None  # told by the file's name, else by its archive's


def import_files(
    files: Iterable[Path],
    into: Path,
    *,
    release: str | None = None,
    effective_from: date | None = None,
    medicaid: bool = False,
) -> list[Imported]:
    """Import files of CMS's layouts, also inside ZIP archives.

    Args:
        files: as downloaded.
        into: data folder; made where it is missing.
        release: name of the release where the file name does not tell it.
        effective_from: first service date where the file name does not tell it.
        medicaid: the NCCI edits among them are Medicaid's, which are tables of their own; a file whose name says
            "medicaid" is taken so by itself.

    Returns:
        What was taken in, a row a table and release.

    Raises:
        DataError: a file is of no known layout or has a bad row; then nothing at all is imported.
    """
    with tempfile.TemporaryDirectory(prefix="cutis-import-") as folder:
        found = [f for path in files for f in unpacked(path, Path(folder))]
        ready, unknown = _all_read(found, medicaid=medicaid)
    groups: dict[tuple[str, date | None], list[_Ready]] = {}
    for item in ready:
        groups.setdefault((item.table, effective_from or item.first), []).append(item)
    entries = [
        _release(table, first, items, release)
        for (table, first), items in sorted(groups.items(), key=lambda g: (g[0][0], g[0][1] or date.min))
    ]
    names = [(e.table, e.release) for e, _ in entries]
    if len(set(names)) < len(names):
        raise DataError(f"--release {release} would name two releases of one table; import them one by one")
    _store(into, entries)
    done = [
        Imported(e.table, e.release, e.source, e.rows, e.effective_from, tuple(filter(None, (e.note,))))
        for e, _ in entries
    ]
    if unknown:
        said = f"not read, being of no layout that Cutis knows: {', '.join(unknown)}"
        done[-1] = replace(done[-1], notes=(*done[-1].notes, said))
    return done


def _all_read(found: list[Found], *, medicaid: bool) -> tuple[list[_Ready], list[str]]:
    """What was read, and the names of files in archives that are no table of ours (notes, layouts, other tables)."""
    ready, unknown = [], []
    for item in found:
        one = _read(item, medicaid=medicaid)
        if one is not None:
            ready.append(one)
        elif item.archive and item.path.name not in lcd.FILES:
            unknown.append(item.path.name)
        else:
            raise DataError(f"{item.path.name} is of no layout that Cutis knows; docs/data.md lists them")
    if not ready:
        held = f"; there are {', '.join(unknown)}" if unknown else ""
        raise DataError(f"no file of a known layout (csv, txt, xlsx, or a zip of these){held}; docs/data.md lists them")
    return _of_one_track(ready, unknown), unknown


def _of_one_track(ready: list[_Ready], unknown: list[str]) -> list[_Ready]:
    """The relative values once: the QPP file differs in its conversion factor alone, which is kept as a dated value."""
    plain = any(i.table == "fee" and "nonqpp" in i.source.lower() for i in ready)
    kept = []
    for item in ready:
        name = item.source.lower()
        if plain and item.table == "fee" and "qpp" in name and "nonqpp" not in name:
            unknown.append(item.source)
        else:
            kept.append(item)
    return kept


def _read(item: Found, *, medicaid: bool) -> _Ready | None:
    """The file as a table, or None where it is of no known layout."""
    path = item.path
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if path.suffix.lower() == ".txt" and icd10.matches(path.read_text(encoding="utf-8-sig", errors="replace")[:20_000]):
        return _ready("icd10", item, digest, icd10.read(path))
    rows = rows_of(path)
    for table, reader in READERS.items():
        if reader.matches(rows):
            own = table in {"ptp", "mue"} and (medicaid or "medicaid" in f"{path.name} {item.archive}".lower())
            return _ready(f"{table}_medicaid" if own else table, item, digest, reader.read(path))
    return None


def _ready(table: str, item: Found, digest: str, frame: pl.DataFrame) -> _Ready:
    first = date_in(item.path.name, table) or date_in(item.archive, table)
    return _Ready(table, item.path.name, digest, frame, None if table == "lcd" else first)


def _release(table: str, first: date | None, items: list[_Ready], release: str | None) -> tuple[Release, pl.DataFrame]:
    """The manifest entry and the rows of one release, checked and not yet written."""
    names = "+".join(dict.fromkeys(i.source for i in items))
    if first is None and table not in _UNDATED:
        raise DataError(f"{names}: the first service date is not in the file's name; give it with --from YYYY-MM-DD")
    kind = table.upper().replace("_", "-")
    name = release or (f"{kind}-{first.isoformat()}" if first else f"{kind}-imported")
    frame = pl.concat([i.frame for i in items]).unique(maintain_order=True)
    keys = _KEYS.get(table, ())
    twice = frame.select(keys).filter(pl.struct(pl.all()).is_duplicated()) if keys else frame.clear()
    if twice.height:
        raise DataError(f"{names}: the files differ on {dict(twice.row(0, named=True))}; import one of them")
    note = _parts_missing(items) if table.startswith("ptp") else ""
    if "effective_from" not in frame.columns:
        frame = frame.with_columns(
            pl.lit(first, dtype=pl.Date).alias("effective_from"),
            pl.lit(last_day(table, first), dtype=pl.Date).alias("effective_to"),
        )
    frame = frame.with_columns(pl.lit(name).alias("release"))
    hashes = sorted({i.sha256 for i in items})
    digest = hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()
    entry = Release(
        table, name, names, digest, None, first, last_day(table, first), quarter_end(first) if first else None,
        frame.height, note, f"{table}-{_safe(name)}-{digest[:12]}.parquet", partial=bool(note),
    )  # fmt: skip
    return entry, frame


def _parts_missing(items: list[_Ready]) -> str:
    parts = {int(m[1]) for i in items if (m := re.search(r"f([1-4])(?!\d)", i.source.lower()))}
    if not parts or parts == {1, 2, 3, 4}:
        return ""
    return f"only parts {sorted(parts)} of 4 are here: pairs of the other parts are not checked by this release"


def _store(into: Path, entries: list[tuple[Release, pl.DataFrame]]) -> None:
    """Write all releases: the manifest, replaced in one step at the end, is what makes them count."""
    try:
        into.mkdir(parents=True, exist_ok=True)
        before = read_manifest(into)
        for entry, frame in entries:
            temporary = into / (entry.file + ".new")
            frame.write_parquet(temporary, compression="zstd")
            temporary.replace(into / entry.file)
        named = {(e.table, e.release) for e, _ in entries}
        kept = [r for r in before if (r.table, r.release) not in named]
        write_manifest(into, [*kept, *(e for e, _ in entries)])
        used = {r.file for r in kept} | {e.file for e, _ in entries}
        for old in {r.file for r in before} - used:
            (into / old).unlink(missing_ok=True)
    except OSError as error:
        raise DataError(
            f"{into} cannot be written: {error.strerror or error}; the tables there are as before"
        ) from None


def _safe(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9.-]", "_", name)
