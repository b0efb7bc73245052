"""Importing CMS's own files: the kind is told by content, everything is checked first, nothing is half done."""

import hashlib
import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import polars as pl

from cutis.model.errors import DataError
from cutis.reference.release import Release, read_manifest, write_manifest
from cutis.reference.sources import aoc, asp, gpci, icd10, lcd, locco, mue, pprrvu, ptp, zip_locality
from cutis.reference.sources.common import rows_of

MOST_BYTES: Final = 600 << 20  # unpacked size of one file in an archive
SUFFIXES: Final = {".csv", ".txt", ".xlsx", ".xlsm"}
READERS: Final = {
    "fee": pprrvu, "mue": mue, "ptp": ptp, "addon": aoc, "gpci": gpci, "asp": asp, "lcd": lcd, "county": locco,
    "zip_locality": zip_locality,
}  # fmt: skip


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
        ready = [_read(p) for p in _unpacked(files, Path(folder))]
    if not ready:
        raise DataError("no file of a known layout (csv, txt, xlsx, or a zip of these)")
    groups: dict[str, list[_Ready]] = {}
    for item in ready:
        own = item.table in {"ptp", "mue"} and (medicaid or "medicaid" in item.source.lower())
        groups.setdefault(f"{item.table}_medicaid" if own else item.table, []).append(item)
    into.mkdir(parents=True, exist_ok=True)
    return [_store(into, table, items, release, effective_from) for table, items in sorted(groups.items())]


def _unpacked(files: Iterable[Path], folder: Path) -> Iterator[Path]:
    for path in files:
        if not path.is_file():
            raise DataError(f"there is no file {path}")
        if zipfile.is_zipfile(path) and path.suffix.lower() not in {".xlsx", ".xlsm"}:
            yield from _from_zip(path, folder)
        else:
            yield path


def _from_zip(path: Path, folder: Path) -> Iterator[Path]:
    """The tables of an archive; a hostile one is refused before it is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            # the coverage database's archive holds some thirty tables more than are used
            coverage = any(Path(m.filename).name == "article.csv" for m in members)
            for number, member in enumerate(members):
                name = Path(member.filename).name  # never a path of the archive's choosing
                if coverage and name not in lcd.FILES:
                    continue
                suffix = Path(name).suffix.lower()
                if member.is_dir() or (suffix not in SUFFIXES and suffix != ".zip"):
                    continue
                if member.file_size > MOST_BYTES:
                    raise DataError(
                        f"{path.name}: {name} unpacks to {member.file_size:,} bytes, more than any CMS table"
                    )
                target = folder / f"{path.stem}-{number}" / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(archive.read(member))
                if suffix == ".zip":
                    yield from _from_zip(target, folder)
                else:
                    yield target
    except zipfile.BadZipFile as error:
        raise DataError(f"{path.name} is a damaged ZIP archive: {error}") from None


def _read(path: Path) -> _Ready:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if path.suffix.lower() == ".txt" and icd10.matches(path.read_text(encoding="utf-8-sig", errors="replace")[:20_000]):
        return _Ready("icd10", path.name, digest, icd10.read(path))
    rows = rows_of(path)
    for table, reader in READERS.items():
        if reader.matches(rows):
            return _Ready(table, path.name, digest, reader.read(path))
    raise DataError(f"{path.name} is of no layout that Cutis knows; docs/data.md lists them")


def _store(into: Path, table: str, items: list[_Ready], release: str | None, start: date | None) -> Imported:
    names = "+".join(i.source for i in items)
    first = start or _date_in(names)
    if first is None and table not in {"ptp", "ptp_medicaid", "lcd"}:
        raise DataError(f"{names}: the first service date is not in the file's name; give it with --from YYYY-MM-DD")
    kind = table.upper().replace("_", "-")
    name = release or f"{kind}-{first.isoformat()}" if first else release or f"{kind}-imported"
    frame = pl.concat([i.frame for i in items]).unique(maintain_order=True)
    notes = []
    if table == "ptp":
        parts = {int(m[1]) for i in items if (m := re.search(r"f([1-4])", i.source.lower()))}
        if parts and parts != {1, 2, 3, 4}:
            notes.append(
                f"only parts {sorted(parts)} of 4 are here: pairs of the other parts are not checked by this release"
            )
    if "effective_from" not in frame.columns:
        frame = frame.with_columns(
            pl.lit(first, dtype=pl.Date).alias("effective_from"),
            pl.lit(_last(table, first), dtype=pl.Date).alias("effective_to"),
        )
    frame = frame.with_columns(pl.lit(name).alias("release"))
    digest = (
        hashlib.sha256("".join(sorted(i.sha256 for i in items)).encode()).hexdigest()
        if len(items) > 1
        else items[0].sha256
    )
    entry = Release(
        table, name, names, digest, None, first, _last(table, first), _quarter_end(first) if first else None, frame.height,
        "; ".join(notes), f"{table}-{_safe(name)}.parquet", partial=bool(notes),
    )  # fmt: skip
    temporary = into / (entry.file + ".new")
    frame.write_parquet(temporary, compression="zstd")
    temporary.replace(into / entry.file)
    kept = [r for r in read_manifest(into) if (r.table, r.release) != (table, name)]
    write_manifest(into, [*kept, entry])
    return Imported(table, name, names, frame.height, first, tuple(notes))


def _safe(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9.-]", "_", name)


def _date_in(name: str) -> date | None:
    """A date or quarter told by a CMS file name, as `Eff_04-01-2026`, `2026-07-01`, `2026q3`, `RVU26C`, `26_JUL`."""
    if m := re.search(r"(\d{2})-(\d{2})-(\d{4})", name):
        return date(int(m[3]), int(m[1]), int(m[2]))
    if m := re.search(r"(20\d{2})-(\d{2})-(\d{2})", name):
        return date(int(m[1]), int(m[2]), int(m[3]))
    if m := re.search(r"(20\d{2})\s*q([1-4])", name, re.IGNORECASE):
        return date(int(m[1]), 3 * int(m[2]) - 2, 1)
    if m := re.search(r"v(\d{2})([0-3])r", name, re.IGNORECASE):
        # NCCI version 322r0: the year of the edits less 1994, and the quarter counted from 0
        return date(1994 + int(m[1]), 3 * int(m[2]) + 1, 1)
    if m := re.search(r"RVU(\d{2})([A-D])", name, re.IGNORECASE):
        return date(2000 + int(m[1]), {"A": 1, "B": 4, "C": 7, "D": 10}[m[2].upper()], 1)
    if m := re.search(r"^(\d{2})LOCCO", name, re.IGNORECASE):
        return date(2000 + int(m[1]), 1, 1)
    if m := re.search(r"RVU(20\d{2})_(Jan|Apr|Jul|Oct)", name, re.IGNORECASE):
        return date(int(m[1]), {"jan": 1, "apr": 4, "jul": 7, "oct": 10}[m[2].lower()], 1)
    if m := re.search(r"(20\d{2})", name):
        return date(int(m[1]), 1, 1)
    return None


def _quarter_end(first: date) -> date:
    month = 3 * ((first.month - 1) // 3) + 3
    year, following = (first.year + 1, 1) if month == 12 else (first.year, month + 1)
    return date(year, following, 1) - timedelta(days=1)


def _last(table: str, first: date | None) -> date | None:
    """Tables of a year end with it; quarterly ones hold until the next."""
    if first is None:
        return None
    if table in {"fee", "gpci", "county"}:
        return date(first.year, 12, 31)
    if table == "icd10":
        return date(first.year if first.month < 10 else first.year + 1, 9, 30)
    return _quarter_end(first) if table == "asp" else None
