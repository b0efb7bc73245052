"""`cutis config`: what is in force for a run, and where each value comes from."""

import json
from typing import Annotated

import typer

from cutis.cli.control_options import (
    AsOf,
    BaselineFile,
    ConfigFile,
    Ignore,
    Locality,
    NoConfig,
    Select,
    State,
    configuration,
    given,
)
from cutis.model.errors import ConfigError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("config")(config)


def config(
    config: ConfigFile = None,
    no_config: NoConfig = False,
    select: Select = None,
    ignore: Ignore = None,
    locality: Locality = None,
    state: State = None,
    as_of: AsOf = None,
    baseline: BaselineFile = None,
    format_: Annotated[str, typer.Option("--format", "-f", help="text or json.")] = "text",
) -> None:
    """Show what is in force for a check, and where each value comes from; options as of `cutis check`."""
    from cutis.engine.settings import listed  # noqa: PLC0415 - `cutis --help` should not load the engine

    read = configuration(config, no_config=no_config)
    settings = listed(read, given(select, ignore, locality, state, as_of, baseline))
    if format_ == "json":
        known = {"name": read.name, "sha256": read.sha256} if read.name else None
        typer.echo(json.dumps({"schema": 1, "config": known, "settings": [s.as_dict() for s in settings]}, indent=1))
    elif format_ == "text":
        from rich.console import Console  # noqa: PLC0415
        from rich.table import Table  # noqa: PLC0415
        from rich.text import Text  # noqa: PLC0415

        table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
        for title in ("What", "In force", "From"):
            table.add_column(title, overflow="fold")
        for setting in settings:
            table.add_row(Text(setting.key), Text(setting.value), Text(setting.origin))
        console = Console(highlight=False)
        console.print(table)
        console.print(f"Read from {read.name}." if read.name else "There is no cutis.toml here or in a folder above.")
    else:
        raise ConfigError(f"--format {format_!r} is neither text nor json")
