"""`cutis code ENCOUNTER.json|NOTE.txt|NOTE.pdf`: from what was done to the lines, with reasons and questions."""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cutis.cli.code_ask import asked, first_facts
from cutis.cli.code_batch import is_batch, run
from cutis.cli.code_text import show, write
from cutis.model.errors import ConfigError, InputError

if TYPE_CHECKING:
    from cutis.coding.encounter import Encounter

OPEN_QUESTIONS = 1


class Format(StrEnum):
    """How the answer is written."""

    TEXT = "text"
    JSON = "json"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("code")(code)


def code(
    source: Annotated[
        Path | None,
        typer.Argument(
            help="Encounter as JSON, a note as text or PDF, JSON lines, or a directory of these; - for standard input."
        ),
    ] = None,
    ask: Annotated[bool, typer.Option("--ask", help="Ask step by step in the terminal.")] = False,
    assume: Annotated[
        bool, typer.Option("--assume", help="Take the least a missing fact can be, and list what was assumed.")
    ] = False,
    reader: Annotated[
        str | None, typer.Option("--reader", metavar="NAME", help="Read the note by an installed plug-in of this name.")
    ] = None,
    format_: Annotated[Format, typer.Option("--format", "-f", help="text or json.")] = Format.TEXT,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write the answer there.")] = None,
) -> None:
    """Code an encounter: exact lines, why, what would change the answer, and what the record leaves open.

    JSON lines and directories are coded in batch, over all cores: one answer a line, in the order of the encounters.

    Exit codes: 0 all coded, 1 questions are open, 2 bad input or usage.
    """
    if source is not None and str(source) != "-" and is_batch(source):
        if ask:
            raise ConfigError("--ask asks about one encounter, not about a batch")
        if reader is not None:
            raise ConfigError("--reader reads one note; the notes of a batch are read by the built-in reader")
        if not source.exists():
            raise InputError(f"there is no file {source}")
        raise typer.Exit(run(source, output, assume=assume))
    from cutis.coding.coder import code_encounter  # noqa: PLC0415 - `cutis --help` should not load the coder
    from cutis.coding.encounter import Encounter  # noqa: PLC0415
    from cutis.reference.store import Reference  # noqa: PLC0415

    if source is None and not ask:
        raise ConfigError("code needs an encounter or a note, or --ask")
    reference = Reference.default()
    if ask:
        answer = asked(_data(source, reader) if source else first_facts(), reference, assume=assume)
    else:
        assert source is not None
        read = read_source(source, reader)
        encounter = read if isinstance(read, Encounter) else Encounter.read(read)
        answer = code_encounter(encounter, reference, assume=assume)
        answer.assumed[:0] = encounter.assumed
    if format_ is Format.JSON:
        write(json.dumps(answer.as_dict(), indent=1, ensure_ascii=False) + "\n", output)
    else:
        show(answer, output)
    raise typer.Exit(OPEN_QUESTIONS if answer.questions else 0)


def read_source(source: Path, reader: str | None = None) -> "Encounter | dict[str, Any]":
    """An encounter's data where the source is JSON, else the encounter that the note reader finds."""
    from cutis.coding.notes import read_note  # noqa: PLC0415
    from cutis.coding.notes.pdf import note_text  # noqa: PLC0415

    if str(source) == "-":
        text = sys.stdin.read()
    elif not source.exists():
        raise InputError(f"there is no file {source}")
    else:
        text = note_text(source)
    if text.lstrip().startswith("{"):
        try:
            data: dict[str, Any] = json.loads(text)
        except json.JSONDecodeError as error:
            raise InputError(f"{source.name} is not valid JSON: line {error.lineno}, {error.msg}") from None
        return data
    if not text.strip():
        raise InputError(f"{source.name} is empty")
    return read_note(text) if reader is None else read_note(text, extractor_name=reader)


def _data(source: Path, reader: str | None) -> dict[str, Any]:
    read = read_source(source, reader)
    return read if isinstance(read, dict) else read.model_dump(mode="json", exclude_none=True)
