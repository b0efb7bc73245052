"""The manifest: which release each table came from, when it holds, and the hash of the file it was made from."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from cutis.model.errors import DataError

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Release:
    """One published file behind a table.

    Attributes:
        table: name of the table.
        release: the publisher's name of it, as `RVU26C`; unique in its table.
        source: file name as published.
        sha256: of that file.
        published: day of publication, where the file or its page states it.
        effective_from: first service date that its rows speak about.
        effective_to: last service date, None until a newer release takes over.
        current_to: last day of the quarter (or year) that the publisher made it for; later dates are stale.
        rows: rows taken from it.
        note: what a reader must know, as a missing column.
        file: Parquet file of the table that holds the rows.
        partial: only a part of what was published: it closes no older release.
    """

    table: str
    release: str
    source: str
    sha256: str
    published: date | None
    effective_from: date | None
    effective_to: date | None
    current_to: date | None
    rows: int
    note: str
    file: str
    partial: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {k: v.isoformat() if isinstance(v, date) else v for k, v in asdict(self).items()}


def _date(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def read_manifest(folder: Path) -> list[Release]:
    """Releases of a folder of tables; none where it has no manifest.

    Raises:
        DataError: the manifest is damaged.
    """
    path = folder / MANIFEST
    if not path.is_file():
        return []
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))["releases"]
        dates = ("published", "effective_from", "effective_to", "current_to")
        return [_release(e, dates) for e in entries]
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path} is damaged ({error}); import the tables again or remove the file") from None


def _release(entry: dict[str, Any], dates: tuple[str, ...]) -> Release:
    values: dict[str, Any] = {k: _date(v) if k in dates else v for k, v in entry.items()}
    return Release(**values)


def write_manifest(folder: Path, releases: Iterable[Release]) -> None:
    """Write the manifest in a stable order, whole or not at all."""
    ordered = sorted(releases, key=lambda r: (r.table, r.effective_from or date.min, r.release))
    text = json.dumps({"schema": 1, "releases": [r.as_dict() for r in ordered]}, indent=1, ensure_ascii=False) + "\n"
    temporary = folder / (MANIFEST + ".new")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(folder / MANIFEST)
