"""`cutis try`: lines typed in shorthand, checked at once."""

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("try")(try_lines)


def try_lines(
    lines: Annotated[list[str], typer.Argument(help='Lines in shorthand, as "17000 dx=L57.0" "17003 x3 dx=L57.0".')],
    locality: Annotated[str | None, typer.Option(help="Price at this MAC and locality.")] = None,
    info: Annotated[bool, typer.Option("--info/--no-info", help="Show remarks.")] = True,
) -> None:
    """Check lines typed here: code, units (x3), modifiers, dx=, on=, pos=, payer=, and facts of the chart (count=, lesion=)."""
    from rich.console import Console  # noqa: PLC0415

    from cutis.engine.options import Options  # noqa: PLC0415
    from cutis.engine.run import check_lines  # noqa: PLC0415
    from cutis.model.shorthand import frame  # noqa: PLC0415
    from cutis.output import text  # noqa: PLC0415
    from cutis.reference.store import Reference  # noqa: PLC0415

    report = check_lines(frame(lines), Options(locality=locality), Reference.default())
    text.write(report, Console(highlight=False), limit=200, show_info=info)
    raise typer.Exit(report.exit_code)
