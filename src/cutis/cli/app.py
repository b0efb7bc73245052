"""`cutis`: the commands put together, and errors turned into one clear sentence."""

import sys
from typing import Annotated, NoReturn

import typer

from cutis.cli import (
    audit,
    check,
    code,
    compare,
    config,
    data,
    estimate,
    explain,
    history,
    new_rule,
    policies,
    price,
    remittance,
    rules,
    sheet,
    try_,
    verify,
)
from cutis.model.errors import CutisError
from cutis.model.version import VERSION
from cutis.model.words import harmless

BAD_INPUT = 2

app = typer.Typer(
    help="Checks dermatology claims before they are sent: what will be denied, why, what it costs and what to do.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"cutis {VERSION}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    del version


for command in (
    check,
    config,
    verify,
    code,
    audit,
    explain,
    rules,
    price,
    remittance,
    history,
    sheet,
    estimate,
    policies,
    compare,
    data,
    try_,
    new_rule,
):
    command.register(app)


def main() -> NoReturn:
    """Run the command line; exit codes are 0 clear, 1 findings, 2 bad input or usage, 3 a rule failed."""
    try:
        app()
    except CutisError as error:
        # a sentence may quote the file; several lines are meant (all faults of a configuration), other control characters not
        said = "\n".join(harmless(line) for line in str(error).split("\n"))
        sys.stderr.write(f"cutis: {said}\n")
        sys.exit(BAD_INPUT)
    except BrokenPipeError:
        # the reader of the pipe has gone; nothing is left to say
        sys.stderr.close()
        sys.exit(0)
    sys.exit(0)
