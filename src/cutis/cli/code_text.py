"""The answer of the coder as a person reads it."""

import io
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from cutis.model.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from cutis.coding.result import Coding, Line

WIDTH = 110


def show(answer: "Coding", output: Path | None) -> None:
    """Print an answer, or write it to a file.

    Args:
        answer: of the coder.
        output: file; None is the terminal.
    """
    from rich.console import Console  # noqa: PLC0415 - only where text is wanted

    if output is None:
        _print(answer, Console(highlight=False))
        return
    text = io.StringIO()
    _print(answer, Console(file=text, width=WIDTH, no_color=True, highlight=False))
    write(text.getvalue(), output)


def write(text: str, output: Path | None) -> None:
    """Write text to a file, or to standard output.

    Raises:
        InputError: the file cannot be written.
    """
    if output is None:
        typer.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{output} cannot be written: {error.strerror}") from None


def _print(answer: "Coding", console: "Console") -> None:
    from rich.padding import Padding  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from cutis.coding.result import short  # noqa: PLC0415

    if not answer.lines:
        console.print("No line yet: facts are missing." if answer.questions else "No line is to be billed.")
    for number, line in enumerate(answer.lines, 1):
        head = Text(f"{number}. ").append(short(line), style="bold")
        console.print(head.append(f"   {', '.join(line.dx)}" if line.dx else ""))
        for text in _why(line):
            console.print(Padding(text, (0, 0, 0, 5)))
    lists = (
        ("Ask the chart", [q.question + (f" ({q.why})" if q.why else "") for q in answer.questions]),
        ("Assumed", answer.assumed),
        ("Not billed", [f"{n.what}: {n.why}" for n in answer.not_billed]),
        ("Careful", answer.warnings),
    )
    for title, rows in lists:
        if rows:
            console.print(Text(f"\n{title}", style="bold"))
            for row in rows:
                console.print(Padding(Text(row), (0, 0, 0, 3)))
    if answer.releases:
        console.print(Text(f"\nRests on {', '.join(answer.releases)}.", style="dim"))


def _why(line: "Line") -> "list[Text]":
    """Each step with its authority, then the code that would come next."""
    from rich.text import Text  # noqa: PLC0415

    from cutis.coding.result import citation  # noqa: PLC0415

    steps = [Text("- ").append(r.step).append(f"  {r.rule}", style="dim") for r in line.reasons]
    if line.runner_up:
        steps.append(Text(f"{line.runner_up.code} if {line.runner_up.if_fact}", style="italic"))
    sources = dict.fromkeys(citation(r.authority) for r in line.reasons)
    steps.append(Text("by " + "; ".join(sources), style="dim"))
    return steps
