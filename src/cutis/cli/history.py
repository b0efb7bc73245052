"""`cutis history`: years of claims and remittances kept for the rules that look back."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from cutis.model.errors import ConfigError, CutisError
from cutis.model.words import counted

app = typer.Typer(help="Claims and remittances from before: keep them, and tell what is kept.", no_args_is_help=True)
DB = Annotated[Path, typer.Argument(metavar="DB", help="Folder of the history store.")]


def register(parent: typer.Typer) -> None:
    """Add the commands."""
    parent.add_typer(app, name="history")


@app.command("add")
def add(
    db: DB,
    files: Annotated[
        list[Path], typer.Argument(help="Files of claims (837P, CSV, Parquet) or remittances (835), gzipped or not.")
    ],
) -> None:
    """Add files to a history store; it is made if there is none. The same file twice changes nothing.

    A file that cannot be read is named and the others are added; exit code 2 then.
    """
    from cutis.history.store import HistoryStore  # noqa: PLC0415

    store = HistoryStore.create(db)
    bad = 0
    for file in files:
        try:
            part, new = store.add(file)
        except CutisError as error:
            typer.echo(f"cutis: {error}", err=True)
            bad += 1
            continue
        if not new:
            typer.echo(f"{file.name}: is already there; nothing changed.")
            continue
        dates = f", service dates {part.first} to {part.last}" if part.first else ""
        faults = f"; {part.faults:,} faults of form" if part.faults else ""
        typer.echo(
            f"{file.name}: {part.read:,} {'claims' if part.kind == 'claims' else 'answered claims'} read + {part.refused:,} refused, "
            f"{counted(part.lines, 'line')}{dates}{faults}."
        )
    if bad:
        raise typer.Exit(2)


@app.command("list")
def list_store(db: DB, format_: Annotated[str, typer.Option("--format", "-f", help="text or json.")] = "text") -> None:
    """Tell what a history store holds: claims, patients, answers and dates; no names."""
    from cutis.history.past import History  # noqa: PLC0415
    from cutis.history.store import HistoryStore  # noqa: PLC0415
    from cutis.history.summary import summary  # noqa: PLC0415

    if format_ not in {"text", "json"}:
        raise ConfigError(f"--format {format_!r} is neither text nor json")
    store = HistoryStore(db)
    found = summary(store, History.of(store))
    if format_ == "json":
        typer.echo(json.dumps({"schema": 1, **found}, indent=1))
        return
    _print(found)


def _print(found: dict[str, Any]) -> None:
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    console = Console(highlight=False)
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    for title in ("File", "Written", "Claims", "Refused", "Lines", "First", "Last"):
        table.add_column(
            title, justify="right" if title in {"Claims", "Refused", "Lines"} else "left", no_wrap=title != "File"
        )
    for p in found["files"]:
        numbers = (f"{p[n]:,}" for n in ("claims", "refused", "lines"))
        table.add_row(f"{p['kind']} {p['sha256'][:10]}", p["written"], *numbers, p["first"] or "", p["last"] or "")
    console.print(table)
    stand, answered = found["claims_standing"], found["lines_answered"]
    console.print(
        f"{counted(found['claims'], 'claim')}, of which {stand:,} stand ({found['claims'] - stand:,} replaced, voided or void); "
        f"{counted(found['lines_standing'], 'line')} of {counted(found['patients'], 'patient')}, {found['first'] or 'no date'} to {found['last'] or 'no date'}."
    )
    console.print(
        f"{counted(answered, 'line')} answered by a remittance: {found['paid']:,} paid, {found['reduced']:,} reduced, {found['denied']:,} denied."
    )
