"""The history store: one folder, one immutable Parquet file and one small manifest per file that was added.

Nothing in it is ever rewritten, so that adding is atomic (the manifest is renamed into place last), two people may add
at once, and the same file added twice is recognised by its sha256 and changes nothing. What replaces what is decided
when it is read. Names, member ids and free text are not stored.
"""

import hashlib
import io
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from cutis.model import columns as c
from cutis.model.errors import InputError
from cutis.parse import detect
from cutis.parse.interchange import BLANKS
from cutis.parse.x12_835 import is_835, read_835

SCHEMA_NUMBER: Final = 1
MARK: Final = "cutis-history.json"
CLAIMS, REMITTANCES = "claims", "remittances"
# Free text may name a person, and places in a file mean nothing once the file is gone.
LEFT_OUT: Final = frozenset({c.LINE_NOTE, c.CLAIM_NOTE, c.SEGMENT, c.CLM_SEGMENT, c.HI_SEGMENT, c.ZIP})


@dataclass(frozen=True, slots=True)
class Part:
    """What one added file gave.

    Attributes:
        kind: claims or remittances.
        sha256: of the file as it was.
        order: what later files are sorted by: when an interchange was written (ISA09, ISA10), else its last service.
        read, refused: claims.
        lines: of claims, or of remittances.
        patients: different ones; None for remittances, which do not tell.
        first, last: service dates (ISO).
        faults: of the file's form, while it was read.
    """

    kind: str
    sha256: str
    order: str
    read: int
    refused: int
    lines: int
    patients: int | None
    first: str | None
    last: str | None
    faults: int
    schema: int = SCHEMA_NUMBER

    @property
    def stem(self) -> str:
        """Name of its files, without ending."""
        return f"{self.kind}-{self.sha256[:32]}"


class HistoryStore:
    """A history store in a folder.

    Args:
        folder: of the store.

    Raises:
        InputError: there is none, it is something else, or a manifest in it is damaged.
    """

    def __init__(self, folder: Path) -> None:
        if not folder.exists():
            raise InputError(f"there is no history store {folder}; `cutis history add {folder} FILE...` makes one")
        if not is_store(folder):
            raise InputError(f"{folder} is no history store: it is not a folder with {MARK} in it")
        self.folder = folder
        self.parts = sorted(
            (_manifest(f) for f in folder.glob("*-*.json") if f.name != MARK), key=lambda p: (p.order, p.sha256)
        )

    @classmethod
    def create(cls, folder: Path) -> "HistoryStore":
        """The store in a folder, made if there is none.

        Raises:
            InputError: the folder holds something else, or cannot be written.
        """
        if folder.is_file():
            raise InputError(f"{folder} is a file; a history store is a folder")
        if not is_store(folder):
            if folder.is_dir() and any(folder.iterdir()):
                raise InputError(f"{folder} is not empty and no history store; name another folder")
            try:
                folder.mkdir(parents=True, exist_ok=True)
                _write(folder / MARK, json.dumps({"schema": SCHEMA_NUMBER}).encode())
            except OSError as error:
                raise InputError(f"{folder} cannot be written: {error.strerror}") from None
        return cls(folder)

    def add(self, file: Path) -> tuple[Part, bool]:
        """Add a file of claims or a remittance.

        Returns:
            What it holds, and whether it is new here.

        Raises:
            InputError: the file cannot be read, or the folder not be written.
        """
        data = _bytes(file)
        sha256 = hashlib.sha256(data).hexdigest()
        for part in self.parts:
            if part.sha256 == sha256:
                return part, False
        part, frame = read_part(data, file.name, sha256)
        buffer = io.BytesIO()
        frame.write_parquet(buffer, compression="zstd", statistics=True)
        try:
            _write(self.folder / f"{part.stem}.parquet", buffer.getvalue())
            _write(self.folder / f"{part.stem}.json", json.dumps(asdict(part), indent=1).encode())
        except OSError as error:
            raise InputError(f"{self.folder} cannot be written: {error.strerror}") from None
        self.parts = sorted([*self.parts, part], key=lambda p: (p.order, p.sha256))
        return part, True

    def frames(self, kind: str) -> Iterator[tuple[Part, pl.LazyFrame]]:
        """Parts of a kind in their order, each as a lazy frame.

        Raises:
            InputError: a file of the store is missing or damaged.
        """
        for part in self.parts:
            if part.kind == kind:
                path = self.folder / f"{part.stem}.parquet"
                try:
                    pl.read_parquet_schema(path)
                except (OSError, pl.exceptions.PolarsError):
                    raise InputError(
                        f"{path.name} of the history store {self.folder} is missing or damaged; add its file to a new store"
                    ) from None
                yield part, pl.scan_parquet(path)


def is_store(folder: Path) -> bool:
    """Whether a history store stands there."""
    return (folder / MARK).is_file()


def read_part(data: bytes, name: str, sha256: str) -> tuple[Part, pl.DataFrame]:
    """A file of claims or a remittance as a store keeps it.

    Raises:
        InputError: it is neither.
    """
    plain = detect.plain(data, name)
    if is_835(plain[:512]):
        return _remittance(plain, name, sha256)
    frames: list[pl.DataFrame] = []
    read = refused = faults = 0
    for chunk in detect.read(io.BytesIO(plain), name=name):
        frames.append(chunk.lines.drop(LEFT_OUT, strict=False))
        read, refused = read + chunk.counts.claims_read, refused + chunk.counts.claims_refused
        faults += chunk.faults.height
    lines = pl.concat(frames, how="diagonal").sort(c.PATIENT_KEY, maintain_order=True)
    first, last = _span(lines)
    part = Part(
        CLAIMS, sha256, written(plain) or f"{last or ''}T99", read, refused, lines.height, lines[c.PATIENT_KEY].n_unique(),
        first, last, faults,
    )  # fmt: skip
    return part, lines


def _remittance(plain: bytes, name: str, sha256: str) -> tuple[Part, pl.DataFrame]:
    found = read_835(plain, name)
    first, last = _span(found.lines)
    n = found.counts
    order = written(plain) or ""
    part = Part(
        REMITTANCES, sha256, order, n.claims_read, n.claims_refused, n.lines, None, first, last, found.faults.height
    )
    return part, found.lines.drop(c.SEGMENT)


def written(data: bytes) -> str | None:
    """When an interchange was written, as its ISA tells: `2026-07-15T18:00`; None where there is none."""
    isa = data[:512].removeprefix(b"\xef\xbb\xbf").lstrip(BLANKS)[:106]
    day, time = isa[70:76], isa[77:81]
    if isa[:3] != b"ISA" or not (day.isdigit() and time.isdigit()):
        return None
    d, t = day.decode(), time.decode()
    return f"20{d[:2]}-{d[2:4]}-{d[4:]}T{t[:2]}:{t[2:]}"


def _span(lines: pl.DataFrame) -> tuple[str | None, str | None]:
    first, last = lines.select(pl.col(c.SERVICE_FROM).min().alias("a"), pl.col(c.SERVICE_FROM).max().alias("b")).row(0)
    return tuple(d.isoformat() if isinstance(d, date) else None for d in (first, last))  # type: ignore[return-value]


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise InputError(f"there is no file {file}") from None
    except IsADirectoryError:
        raise InputError(f"{file} is a directory; name the files in it") from None
    except OSError as error:
        raise InputError(f"{file.name} cannot be read: {error.strerror or error}") from None


def _write(path: Path, data: bytes) -> None:
    """Write whole or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_bytes(data)
    temporary.replace(path)


def _manifest(path: Path) -> Part:
    try:
        part = Part(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        raise InputError(f"{path.name} of the history store is damaged; add its file to a new store") from None
    if part.schema != SCHEMA_NUMBER:
        raise InputError(
            f"{path.name} was written by another release of Cutis (schema {part.schema}); add its file to a new store"
        )
    return part
