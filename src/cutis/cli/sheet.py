"""`cutis sheet`: the living cheat sheet."""

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from cutis.model.errors import ConfigError, InputError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("sheet")(sheet)


def sheet(
    locality: Annotated[
        list[str] | None, typer.Option(help="MAC and locality, or national; several stand side by side.")
    ] = None,
    state: Annotated[str | None, typer.Option(help="All localities of a state.")] = None,
    everywhere: Annotated[bool, typer.Option("--all-localities", help="All localities (csv or html).")] = False,
    on: Annotated[str, typer.Option("--date", help="Date of service (YYYY-MM-DD).")] = "2026-07-15",
    pairs: Annotated[bool, typer.Option("--pairs", help="List the bundling edits between dermatology codes.")] = False,
    format_: Annotated[
        str, typer.Option("--format", "-f", help="text, csv or html (the page prints as PDF).")
    ] = "text",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file.")] = None,
) -> None:
    """The cheat sheet: codes with allowables, figures and limits, modifiers, denials, edits, checklists, leaks, questions."""
    from cutis.output import sheet as face  # noqa: PLC0415
    from cutis.pricing.locality import NATIONAL, all_localities, by_key, by_state  # noqa: PLC0415
    from cutis.pricing.sheet import sheet as make  # noqa: PLC0415
    from cutis.reference.store import Reference  # noqa: PLC0415

    if format_ not in {"text", "csv", "html"}:
        raise ConfigError(f"--format {format_!r} is none of text, csv, html")
    reference = Reference.default()
    if everywhere:
        places = all_localities(reference)
    elif state:
        places = by_state(reference, state)
    else:
        places = [by_key(reference, x) for x in locality or []] or [NATIONAL]
    try:
        made = make(reference, places, date.fromisoformat(on))
    except ValueError:
        raise ConfigError(f"--date {on!r} is not a date; write it as 2026-07-15") from None
    try:
        out = output.open("w", encoding="utf-8") if output else sys.stdout
    except OSError as error:
        raise InputError(f"{output} cannot be written: {error.strerror}") from None
    if format_ == "text":
        from rich.console import Console  # noqa: PLC0415

        console = Console(file=out, highlight=False)
        (face.write_pairs if pairs else face.write_text)(made, console)
    else:
        (face.write_csv if format_ == "csv" else face.write_html)(made, out)
    if output:
        out.close()
