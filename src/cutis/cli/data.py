"""`cutis data`: which reference tables there are, how old they are, and importing CMS's own files."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from cutis.model.errors import ConfigError
from cutis.model.words import counted

app = typer.Typer(help="Reference data: list what is loaded, import CMS's own files.", no_args_is_help=True)


def register(parent: typer.Typer) -> None:
    """Add the commands."""
    parent.add_typer(app, name="data")


@app.command("list")
def list_tables(
    on: Annotated[
        str | None, typer.Option("--date", help="Date to tell the age for (YYYY-MM-DD); default today.")
    ] = None,
    format_: Annotated[str, typer.Option("--format", "-f", help="text or json.")] = "text",
) -> None:
    """List the tables: release, vintage, service dates covered, rows, age, and what is not loaded."""
    from cutis.reference.inventory import inventory  # noqa: PLC0415
    from cutis.reference.store import Reference  # noqa: PLC0415

    rows = inventory(Reference.default(), _day(on))
    if format_ == "json":
        typer.echo(json.dumps(rows, indent=1, ensure_ascii=False))
        return
    if format_ != "text":
        raise ConfigError(f"--format {format_!r} is neither text nor json")
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    # whole in eighty columns: a release that is cut off names nothing
    table = Table(box=None, header_style="bold", padding=(0, 1, 0, 0), pad_edge=False)
    for title in ("Table", "Release", "Service dates", "Rows", "Age", "Where"):
        right = title == "Rows"
        table.add_column(title, justify="right" if right else "left", no_wrap=title != "Release", overflow="fold")
    console = Console(highlight=False)
    for r in rows:
        if r["release"]:
            table.add_row(
                r["table"], r["release"], r["covers"], f"{r['rows']:,}", r["age"].removesuffix(" old"), r["where"]
            )
    console.print(table)
    console.print()
    for r in rows:
        if r["note"]:
            console.print(f"{r['table']} {r['release'] or 'is not loaded'}: {r['note']}.")


@app.command("import")
def import_tables(
    files: Annotated[list[Path], typer.Argument(help="CMS's files as downloaded: csv, txt, xlsx or zip.")],
    into: Annotated[
        Path | None, typer.Option(help="Data folder; default CUTIS_DATA or the user's data directory.")
    ] = None,
    release: Annotated[str | None, typer.Option(help="Name of the release where the file does not tell it.")] = None,
    effective: Annotated[
        str | None, typer.Option("--from", help="First service date, where the file does not tell it (YYYY-MM-DD).")
    ] = None,
    medicaid: Annotated[
        bool, typer.Option("--medicaid", help="The NCCI edits are Medicaid's, which are tables of their own.")
    ] = False,
) -> None:
    """Import CMS's own files. A bad file is refused whole with its row named, and the old table stays."""
    from cutis.reference.importing import import_files  # noqa: PLC0415
    from cutis.reference.store import user_folder  # noqa: PLC0415

    start = _day(effective, "--from") if effective else None
    for result in import_files(files, into or user_folder(), release=release, effective_from=start, medicaid=medicaid):
        typer.echo(
            f"{result.table}: {counted(result.rows, 'row')} of {result.release} from {result.source}, service dates from {result.effective_from or 'each row'}"
        )
        for note in result.notes:
            typer.echo(f"  {note}")


def _day(text: str | None, option: str = "--date") -> date:
    if text is None:
        return datetime.now().astimezone().date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"{option} {text!r} is not a date; write it as 2026-07-15") from None
