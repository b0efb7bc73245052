"""A corrected 837P: mechanical edits only, every untouched byte unchanged; the rest is said, not done."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from cutis.engine.report import Report
from cutis.model.errors import InputError
from cutis.model.finding import EDITS
from cutis.parse.patch import Changed, Edit, patched

_UNKNOWN: Final = "\ufffd"


@dataclass(frozen=True, slots=True)
class Fixed:
    """What was (or would be) changed."""

    changed: tuple[Changed, ...]
    data: bytes


def edits_of(report: Report) -> list[Edit]:
    """Every mechanical edit of a report, each once, in the order of the file.

    A finding whose old text is not as in the file (bytes that are no UTF-8 were read as a mark) is left to a person whole.
    """
    found: set[tuple[int, int, int, str, str]] = set()
    for batch in report.batches():
        with_edits = batch.filter(pl.col(EDITS).list.len() > 0)
        for edits in with_edits[EDITS]:
            if any(_UNKNOWN in e["old"] + e["new"] for e in edits):
                continue
            found.update((e["segment"], e["element"], e["component"], e["old"], e["new"]) for e in edits)
    return [Edit(*e) for e in sorted(found)]


def fix(source: Path, report: Report) -> Fixed:
    """The corrected file and its changes, in memory.

    Raises:
        InputError: the source is no 837P, or is not the file that was checked.
    """
    with source.open("rb") as stream:
        if stream.peek(2)[:2] == b"\x1f\x8b":
            raise InputError(f"{source.name} is gzipped: --fix and --diff rewrite a file as it stands; unpack it first")
        if not stream.peek(64).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"ISA"):
            raise InputError(f"{source.name} is no 837P: --fix and --diff rewrite X12 files only")
        pieces: list[bytes] = []
        changed: list[Changed] = []
        for part in patched(stream, edits_of(report)):
            if isinstance(part, Changed):
                changed.append(part)
            else:
                pieces.append(part)
    return Fixed(tuple(changed), b"".join(pieces))


def diff_text(source: Path, fixed: Fixed) -> str:
    """The changes as a diff of segments."""
    lines = [f"--- {source.name}", f"+++ {source.name} (fixed)"]
    for change in fixed.changed:
        lines += [f"@@ segment {change.segment} @@", f"-{change.before}", f"+{change.after}"]
    return "\n".join(lines) + "\n"
