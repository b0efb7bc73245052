"""`cutis code` over a file of JSON lines or a directory: one answer a line, a bar where a person looks, a count at the end."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import typer

from cutis.model.errors import InputError
from cutis.model.words import counted

LINES = frozenset({".jsonl", ".ndjson"})
NOTES = frozenset({".txt", ".md", ".pdf"})
BAR_FROM = 200


def is_batch(source: Path) -> bool:
    """Whether a source holds many encounters."""
    return source.is_dir() or source.suffix.lower() in LINES


def run(source: Path, output: Path | None, *, assume: bool) -> int:
    """Code every encounter of a source and write the answers as JSON lines.

    Args:
        source: a file of JSON lines, or a directory of encounters (`.json`, `.jsonl`) and notes (`.txt`, `.md`, `.pdf`).
        output: where to write; None is standard output.
        assume: take the least a missing fact can be.

    Returns:
        Exit code: 0 all coded, 1 questions are open, 2 something could not be read.
    """
    from cutis.coding.many import CODED, OPEN, REFUSED, code_texts  # noqa: PLC0415 - `cutis --help` should not load the coder

    counts = dict.fromkeys((CODED, OPEN, REFUSED), 0)
    with _target(output) as file, _bar(_number(source)) as step:
        for answer in code_texts(_items(source), assume=assume):
            file.write(answer.text + "\n")
            counts[answer.state] += 1
            step()
    total = sum(counts.values())
    typer.echo(
        f"{counted(total, 'encounter')}: {counts[CODED]} coded, {counts[OPEN]} with open questions, {counts[REFUSED]} refused",
        err=True,
    )
    return 2 if counts[REFUSED] or not total else 1 if counts[OPEN] else 0


def _files(folder: Path) -> list[Path]:
    wanted = LINES | NOTES | {".json"}
    return sorted(p for p in folder.iterdir() if p.is_file() and p.suffix.lower() in wanted)


def _number(source: Path) -> int:
    """How many encounters a source seems to hold: lines, or files of the directory."""
    if source.is_dir():
        return len(_files(source))
    with source.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))


def _items(source: Path) -> Iterator[tuple[str, str]]:
    """Name and text of each encounter; a line is named by its number, a file by its name."""
    if source.is_dir():
        for path in _files(source):
            yield from _lines(path, path.name) if path.suffix.lower() in LINES else [(path.name, _text(path))]
    else:
        yield from _lines(source, source.name)


def _lines(path: Path, name: str) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                bare = line.strip()
                # A line of JSON lines is never a note: what is no object is said to be wrong, not read as prose.
                yield f"{name}:{number}", bare if bare[0] in "{[" else "{" + bare


def _text(path: Path) -> str:
    from cutis.coding.notes.pdf import note_text  # noqa: PLC0415

    try:
        return note_text(path)
    except InputError as error:
        return json.dumps({"procedures": str(error)}) if path.suffix.lower() == ".json" else ""


@contextmanager
def _target(output: Path | None) -> Iterator[TextIO]:
    if output is None:
        yield sys.stdout
        return
    try:
        file = output.open("w", encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"{output} cannot be written: {error.strerror}") from None
    with file:
        yield file


@contextmanager
def _bar(total: int) -> Iterator[Callable[[], None]]:
    """A bar on standard error where many are read and a person looks."""
    if total < BAR_FROM or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn  # noqa: PLC0415

    with Progress(
        BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=Console(stderr=True), transient=True
    ) as bar:
        task = bar.add_task("coding", total=total)
        yield lambda: bar.advance(task)
