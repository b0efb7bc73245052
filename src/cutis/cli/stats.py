"""`cutis rules --stats`: the measured precision of every rule, from a practice's own remittances."""

import csv
import io
import json
from pathlib import Path

import typer

from cutis.engine.lowered import LEAST, SHARE, is_low
from cutis.engine.measured import Measured, measure, write
from cutis.engine.options import Options
from cutis.history.past import History
from cutis.model.errors import ConfigError
from cutis.model.words import counted
from cutis.reference.store import Reference


def print_stats(sources: list[Path], family: str | None, format_: str) -> None:
    """Measure and print.

    Raises:
        ConfigError: the format or family is unknown, or no claim is answered.
        InputError: a source cannot be read.
    """
    if format_ not in {"text", "json", "csv"}:
        raise ConfigError(f"--format {format_!r} is none of text, json, csv")
    history = History.open(sources)
    measured = measure(history, Reference.default(), Options(select=(family,) if family else ()))
    if format_ == "json":
        typer.echo(json.dumps(write(measured, history), indent=1))
    elif format_ == "csv":
        out = io.StringIO()
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(["rule", "found", "answered", "denied", "reduced", "paid", "precision", "reasons"])
        for m in measured:
            reasons = " ".join(f"{carc}:{count}" for carc, count in m.reasons)
            rows.writerow([m.rule, m.found, m.answered, m.denied, m.reduced, m.paid, _share(m), reasons])
        typer.echo(out.getvalue(), nl=False)
    else:
        _table(measured, history)


def _share(m: Measured) -> str:
    return "" if m.precision is None else f"{m.precision:.4f}"


def _table(measured: list[Measured], history: History) -> None:
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    table = Table(box=None, header_style="bold", padding=(0, 1, 0, 0))
    for title in ("Rule", "Found", "Answered", "Denied", "Reduced", "Paid", "Share", "Reasons"):
        table.add_column(title, justify="left" if title in {"Rule", "Reasons"} else "right", overflow="fold")
    for m in sorted(measured, key=lambda m: (-m.answered, m.rule)):
        share = "-" if m.precision is None else f"{m.precision:.0%}"
        reasons = ", ".join(f"{carc} ({count})" for carc, count in m.reasons[:3])
        table.add_row(m.rule, *(f"{n:,}" for n in (m.found, m.answered, m.denied, m.reduced, m.paid)), share, reasons)
    console = Console(highlight=False)
    console.print(table)
    low = sum(is_low(m.answered, m.paid) for m in measured)
    console.print(
        f"{counted(len(measured), 'rule')} found lines in {history.described}. Share: denied or reduced, of those answered. With `cutis check --stats` "
        f"the severity of {low} falls by a step: at least {counted(LEAST, 'line')} answered, and at most {SHARE:.0%} of them denied or reduced.",
        markup=False,
    )
