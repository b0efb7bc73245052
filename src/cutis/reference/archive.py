"""The tables inside ZIP archives as CMS ships them; what is damaged, locked or hostile is refused in one sentence."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cutis.model.errors import DataError
from cutis.model.words import counted
from cutis.reference.sources import lcd

MOST_BYTES: Final = 600 << 20  # unpacked size of one file in an archive
MOST_IN_ALL: Final = 4 << 30  # and of all its files
MOST_DEPTH: Final = 3  # archives in archives: the coverage database's are two deep
SUFFIXES: Final = (".csv", ".txt", ".xlsx", ".xlsm")  # the same table in several forms is read in the first of them
_BOOKS: Final = (".xlsx", ".xlsm")


@dataclass(frozen=True, slots=True)
class Found:
    """A file to import; `archive` is the name of the archive that it came out of, empty where it stood alone."""

    path: Path
    archive: str = ""


def unpacked(path: Path, folder: Path) -> Iterator[Found]:
    """The file itself, or the tables of an archive unpacked into `folder`.

    Raises:
        DataError: there is no such file, or the archive is damaged, locked or too large.
    """
    if not path.is_file():
        raise DataError(f"there is no file {path}")
    with path.open("rb") as stream:
        packed = stream.read(4) in {b"PK\x03\x04", b"PK\x05\x06"}
    if path.suffix.lower() in _BOOKS or not (packed or path.suffix.lower() == ".zip"):
        yield Found(path)
    else:
        yield from _members(path, path.name, folder, 1)


def _members(path: Path, archive: str, folder: Path, depth: int) -> Iterator[Found]:
    if depth > MOST_DEPTH:
        raise DataError(f"{archive} holds archives in archives more than {MOST_DEPTH} deep")
    try:
        with zipfile.ZipFile(path) as opened:
            for number, member in enumerate(_wanted(opened.infolist(), path.name)):
                name = Path(member.filename).name  # never a path of the archive's choosing
                target = folder / f"{depth}-{path.stem}-{number}" / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(opened.read(member))
                if target.suffix.lower() == ".zip":
                    yield from _members(target, archive, folder, depth + 1)
                else:
                    yield Found(target, archive)
    except RuntimeError:  # what the library raises where a member is encrypted
        raise DataError(f"{path.name} is locked with a password; unpack it and import the files in it") from None
    except NotImplementedError as error:
        raise DataError(f"{path.name} is packed in a way that cannot be read: {error}; unpack it first") from None
    except (zipfile.BadZipFile, EOFError, OSError) as error:
        raise DataError(f"{path.name} is a damaged ZIP archive: {error}; download it again") from None


def _wanted(members: list[zipfile.ZipInfo], archive: str) -> list[zipfile.ZipInfo]:
    """The members that may be tables, in the archive's order; the same table in two forms once."""
    # the coverage database's archive holds some thirty tables more than are used
    coverage = any(Path(m.filename).name == "article.csv" for m in members)
    rank: dict[str, int] = {}
    chosen: dict[str, zipfile.ZipInfo] = {}
    for member in members:
        place = Path(member.filename)
        suffix = place.suffix.lower()
        if member.is_dir() or (suffix not in SUFFIXES and suffix != ".zip"):
            continue
        if coverage and place.name not in lcd.FILES:
            continue
        if member.file_size > MOST_BYTES:
            raise DataError(
                f"{archive}: {place.name} unpacks to {counted(member.file_size, 'byte')}, more than any CMS table"
            )
        key = member.filename if suffix == ".zip" else str(place.with_suffix("")).lower()
        order = SUFFIXES.index(suffix) if suffix in SUFFIXES else 0
        if key not in chosen or order < rank[key]:
            chosen[key], rank[key] = member, order
    if sum(m.file_size for m in chosen.values()) > MOST_IN_ALL:
        raise DataError(f"{archive} unpacks to more than {MOST_IN_ALL >> 30} GB, more than CMS's archives hold")
    return list(chosen.values())
