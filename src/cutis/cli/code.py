"""`cutis code ENCOUNTER.json|NOTE.txt|NOTE.pdf`: from what was done to the lines, with reasons and questions."""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cutis.model.errors import ConfigError, InputError

if TYPE_CHECKING:
    from rich.console import Console

    from cutis.coding.encounter import Encounter
    from cutis.coding.result import Coding
    from cutis.reference.store import Reference

OPEN_QUESTIONS = 1
MOST_ROUNDS = 40


class Format(StrEnum):
    """How the answer is written."""

    TEXT = "text"
    JSON = "json"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("code")(code)


def code(
    source: Annotated[
        Path | None, typer.Argument(help="Encounter as JSON, or a note as text or PDF; - for a note on standard input.")
    ] = None,
    ask: Annotated[bool, typer.Option("--ask", help="Ask step by step in the terminal.")] = False,
    assume: Annotated[
        bool, typer.Option("--assume", help="Take the least a missing fact can be, and list what was assumed.")
    ] = False,
    format_: Annotated[Format, typer.Option("--format", "-f", help="text or json.")] = Format.TEXT,
) -> None:
    """Code an encounter: exact lines, why, what would change the answer, and what the record leaves open.

    Exit codes: 0 all coded, 1 questions are open, 2 bad input or usage.
    """
    from cutis.coding.coder import code_encounter  # noqa: PLC0415 - `cutis --help` should not load the coder
    from cutis.coding.encounter import Encounter  # noqa: PLC0415
    from cutis.reference.store import Reference  # noqa: PLC0415

    if source is None and not ask:
        raise ConfigError("code needs an encounter or a note, or --ask")
    reference = Reference.default()
    if ask:
        data = _data(source) if source else _first_facts()
        answer = _asked(data, reference, assume=assume)
    else:
        assert source is not None
        read = read_source(source)
        encounter = read if isinstance(read, Encounter) else Encounter.read(read)
        answer = code_encounter(encounter, reference, assume=assume)
        answer.assumed[:0] = encounter.assumed
    if format_ is Format.JSON:
        typer.echo(json.dumps(answer.as_dict(), indent=1, ensure_ascii=False))
    else:
        _print(answer)
    raise typer.Exit(OPEN_QUESTIONS if answer.questions else 0)


def read_source(source: Path) -> "Encounter | dict[str, Any]":
    """An encounter's data where the source is JSON, else the encounter that the note reader finds."""
    from cutis.coding.notes import read_note  # noqa: PLC0415
    from cutis.coding.notes.pdf import note_text  # noqa: PLC0415

    if str(source) == "-":
        text = sys.stdin.read()
    elif source.is_dir():
        raise InputError(f"{source} is a directory; name an encounter or a note")
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
    return read_note(text)


def _data(source: Path) -> dict[str, Any]:
    read = read_source(source)
    return read if isinstance(read, dict) else read.model_dump(mode="json", exclude_none=True)


def _first_facts() -> dict[str, Any]:
    """The procedures in the chart's words; what else is needed the coder asks."""
    typer.echo("What was done? One procedure at a time, in the words of the chart; an empty line ends.", err=True)
    procedures: list[dict[str, Any]] = []
    while technique := typer.prompt(
        f"procedure {len(procedures) + 1}", default="", show_default=False, err=True
    ).strip():
        site = typer.prompt("  site and side", default="", show_default=False, err=True).strip()
        count = typer.prompt("  how many lesions", default="1", err=True).strip()
        procedures.append({"technique": technique, "site": site or None, "count": count})
    data: dict[str, Any] = {"procedures": procedures}
    if payer := typer.prompt("payer", default="", show_default=False, err=True).strip():
        data["payer"] = payer
    return data


def _asked(data: dict[str, Any], reference: "Reference", *, assume: bool) -> "Coding":
    """Code, ask the first open question, and code again, until none is open or each was left unanswered."""
    from cutis.coding.coder import code_encounter  # noqa: PLC0415
    from cutis.coding.encounter import Encounter  # noqa: PLC0415

    skipped: set[str] = set()
    for _ in range(MOST_ROUNDS):
        answer = code_encounter(Encounter.read(data), reference, assume=False)
        question = next((q for q in answer.questions if q.fact not in skipped), None)
        if question is None:
            break
        said = typer.prompt(
            question.question + (f" ({question.why})" if question.why else ""), default="", show_default=False, err=True
        )
        before = json.loads(json.dumps(data))
        if not said.strip() or not _put(data, question.fact, said.strip()):
            skipped.add(question.fact)
            continue
        try:
            Encounter.read(data)
        except InputError as error:
            typer.echo(f"  {error}", err=True)
            data = before
    return code_encounter(Encounter.read(data), reference, assume=assume)


def _put(data: dict[str, Any], path: str, value: str) -> bool:
    """Set the fact at `procedures.0.margin_cm`; false where the path leads nowhere."""
    *way, last = path.split(".")
    here: Any = data
    for part in way:
        if isinstance(here, list) and part.isdigit() and int(part) < len(here):
            here = here[int(part)]
        elif isinstance(here, dict):
            here = here.setdefault(part, {})
        else:
            return False
    if not isinstance(here, dict):
        return False
    here[last] = value
    return True


def _print(answer: "Coding") -> None:
    from rich.console import Console  # noqa: PLC0415

    console = Console(highlight=False)
    if not answer.lines:
        console.print("No line is to be billed." if not answer.questions else "No line yet: facts are missing.")
    for number, line in enumerate(answer.lines, 1):
        name = "-".join([line.code, *line.modifiers]) + (f" x{line.units}" if line.units > 1 else "")
        console.print(f"{number}. [bold]{name}[/bold]  {', '.join(line.dx)}")
        for reason in line.reasons:
            console.print(f"     {reason.step}  [dim]{reason.rule}, {_citation(reason.authority)}[/dim]")
        if line.runner_up:
            console.print(f"     [dim]{line.runner_up.code} if {line.runner_up.if_fact}[/dim]")
    _lists(answer, console)


def _citation(key: str) -> str:
    from cutis.coding.result import citation  # noqa: PLC0415

    return citation(key)


def _lists(answer: "Coding", console: "Console") -> None:
    for title, rows in (
        ("Ask the chart", [f"{q.question}" + (f" ({q.why})" if q.why else "") for q in answer.questions]),
        ("Assumed", answer.assumed),
        ("Not billed", [f"{n.what}: {n.why}" for n in answer.not_billed]),
        ("Careful", answer.warnings),
    ):
        if rows:
            console.print(f"\n[bold]{title}[/bold]")
            for row in rows:
                console.print(f"  {row}")
    if answer.releases:
        console.print(f"\n[dim]Rests on {', '.join(answer.releases)}.[/dim]")
