"""`cutis remittance FILE...`: what payers answered, why they paid less, and whether it adds up."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from cutis.model.errors import ConfigError, InputError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("remittance")(remittance)


def remittance(
    files: Annotated[list[Path], typer.Argument(help="835 files, gzipped or not.")],
    format_: Annotated[str, typer.Option("--format", "-f", help="text, json or csv (one row a line).")] = "text",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file.")] = None,
) -> None:
    """Read remittances (835): payments, adjustments by reason, and everything that does not add up.

    Exit codes: 0 all adds up, 1 something does not, 2 bad input or usage.
    """
    from cutis.output import remittance as face  # noqa: PLC0415
    from cutis.parse.x12_835 import read_835  # noqa: PLC0415

    if format_ not in {"text", "json", "csv"}:
        raise ConfigError(f"--format {format_!r} is none of text, json, csv")
    found = [(f.name, read_835(f)) for f in files]
    try:
        out = output.open("w", encoding="utf-8", newline="\n") if output else sys.stdout
    except OSError as error:
        raise InputError(f"{output} cannot be written: {error.strerror}") from None
    if format_ == "text":
        from rich.console import Console  # noqa: PLC0415

        face.write_text(found, Console(file=out, highlight=False))
    else:
        (face.write_json if format_ == "json" else face.write_csv)(found, out)
    if output:
        out.close()
    raise typer.Exit(1 if any(x.faults.height for _, x in found) else 0)
