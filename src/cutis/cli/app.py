"""`cutis`: the commands put together, and errors turned into one clear sentence."""

import os
import signal
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
from cutis.model.errors import CutisError, told
from cutis.model.version import VERSION
from cutis.model.words import harmless

BAD_INPUT = 2
FAILED = 3

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
    """Run the command line; exit codes are 0 clear, 1 findings, 2 bad input or usage, 3 a rule failed or Cutis itself.

    A reader of the pipe that leaves early ends the command quietly, as it ends others (SIGPIPE), and Ctrl-C gives 130.
    """
    pipe = getattr(signal, "SIGPIPE", None)
    before = signal.signal(pipe, signal.SIG_DFL) if pipe is not None else None
    try:
        app()
    except CutisError as error:
        # a sentence may quote the file; several lines are meant (all faults of a configuration), other control characters not
        _say("\n".join(harmless(line) for line in str(error).split("\n")), BAD_INPUT)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        _say(f"{where}the system says: {error.strerror or error}", BAD_INPUT)
    except Exception as error:
        if os.environ.get("CUTIS_TRACEBACK"):
            raise
        _say(f"a fault of Cutis itself ({told(error)}); CUTIS_TRACEBACK=1 shows all of it", FAILED)
    finally:
        if pipe is not None:
            signal.signal(pipe, before)
    sys.exit(0)


def _say(sentence: str, code: int) -> NoReturn:
    sys.stderr.write(f"cutis: {sentence}\n")
    sys.exit(code)
