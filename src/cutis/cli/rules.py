"""`cutis rules`: every rule there is."""

import csv
import io
import json
from pathlib import Path
from typing import Annotated

import typer

from cutis.cli import rule_tests
from cutis.cli.control_options import ConfigFile, own_rules
from cutis.model.errors import ConfigError
from cutis.model.words import counted


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("rules")(rules)


def rules(
    family: Annotated[str | None, typer.Option(help="Only this family, as mohs.")] = None,
    format_: Annotated[str, typer.Option("--format", "-f", help="text, json or csv.")] = "text",
    config: ConfigFile = None,
    test: Annotated[Path | None, typer.Option(help="Test the YAML rules of this file or folder.")] = None,
    docs: Annotated[Path | None, typer.Option(help="Write pages of the practice's own rules to this folder.")] = None,
    stats: Annotated[
        list[Path] | None,
        typer.Option(help="Measure each rule by these claims and remittances (history store or files; repeatable)."),
    ] = None,
) -> None:
    """List the rules: family, name, severity, what it rests on, likely denial reason; with --stats how often payers denied."""
    if test is not None:
        raise typer.Exit(0 if rule_tests.test(test) else 1)
    if stats:
        from cutis.cli.stats import print_stats  # noqa: PLC0415

        print_stats(stats, family, format_)
        return
    own = own_rules(config)
    if docs is not None:
        rule_tests.write_pages(own, docs)
        return
    from cutis.output.pages import as_dict  # noqa: PLC0415
    from cutis.parse.faults import FAULTS  # noqa: PLC0415
    from cutis.parse.remit_faults import REMITTANCE_FAULTS  # noqa: PLC0415
    from cutis.rulekit.catalogue import near, with_own  # noqa: PLC0415

    pages = [*map(as_dict, with_own(own).values()), *map(as_dict, (FAULTS | REMITTANCE_FAULTS).values())]
    families = sorted({p["family"] for p in pages})
    if family is not None:
        if family not in families:
            raise ConfigError(
                f"no family is called {family!r}{near(family, families)}; families are {', '.join(families)}"
            )
        pages = [p for p in pages if p["family"] == family]
    if format_ == "json":
        typer.echo(json.dumps(pages, indent=1, ensure_ascii=False))
    elif format_ == "csv":
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["family", "name", "severity", "evidence", "carc", "what"])
        writer.writerows(
            [p["family"], p["name"], p["severity"], p.get("evidence", "published"), p.get("carc") or "", p["what"]]
            for p in pages
        )
        typer.echo(out.getvalue(), nl=False)
    elif format_ == "text":
        _table(pages)
    else:
        raise ConfigError(f"--format {format_!r} is none of text, json, csv")


def _table(pages: list[dict[str, object]]) -> None:
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    for title in ("Family", "Rule", "Severity", "Rests on", "CARC"):
        table.add_column(title, overflow="fold")
    for p in pages:
        table.add_row(
            str(p["family"]),
            str(p["name"]),
            str(p["severity"]),
            str(p.get("evidence", "published")),
            str(p.get("carc") or ""),
        )
    console = Console()
    console.print(table)
    console.print(f"{counted(len(pages), 'rule')}; cutis explain NAME tells more of each.")
