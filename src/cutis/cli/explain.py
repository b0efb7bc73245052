"""`cutis explain RULE`: the page of a rule or of a fault of the file."""

import json
from typing import Annotated

import typer

from cutis.cli.control_options import ConfigFile, own_rules
from cutis.model.errors import ConfigError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("explain")(explain)


def explain(
    rule: Annotated[str, typer.Argument(help="Name of a rule, as units-over-mue, or of a fault, as npi-check-digit.")],
    config: ConfigFile = None,
    format_: Annotated[str, typer.Option("--format", "-f", help="text or json.")] = "text",
) -> None:
    """Explain a rule: what it finds, why, on whose authority, an example and what to do instead."""
    from cutis.output.pages import as_dict, as_markdown, find  # noqa: PLC0415

    page = find(rule, own_rules(config))
    if format_ == "json":
        typer.echo(json.dumps(as_dict(page), indent=1, ensure_ascii=False))
    elif format_ == "text":
        from rich.console import Console  # noqa: PLC0415
        from rich.markdown import Markdown  # noqa: PLC0415

        Console().print(Markdown(as_markdown(page)))
    else:
        raise ConfigError(f"--format {format_!r} is neither text nor json")
