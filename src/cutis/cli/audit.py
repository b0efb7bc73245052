"""`cutis audit CLAIMS --notes DIR`: claim lines held against chart notes, specimens and pathology reports."""

import io
import json
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cutis.model.errors import ConfigError, InputError

if TYPE_CHECKING:
    from cutis.coding.ledger.audit import Audit

FINDINGS = 1


class Format(StrEnum):
    """How the ledger is written."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    HTML = "html"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("audit")(audit)


def audit(
    claims: Annotated[Path | None, typer.Argument(help="837P, CSV or Parquet file of claims.")] = None,
    notes: Annotated[
        Path | None, typer.Option("--notes", help="Folder of notes, reports, specimen logs and encounters.")
    ] = None,
    format_: Annotated[Format, typer.Option("--format", "-f", help="How to write the ledger.")] = Format.TEXT,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file instead of the terminal.")
    ] = None,
    locality: Annotated[
        str, typer.Option(help="Price at this MAC and locality, as 09102-04, or national.")
    ] = "national",
    checklist: Annotated[str | None, typer.Option(help="Print what a reviewer asks of this code, and stop.")] = None,
    full: Annotated[
        bool, typer.Option("--full", help="Show the documentation checklist of every line (text).")
    ] = False,
) -> None:
    """Hold claims against the chart, both ways: billed and not documented, documented and not billed, and what disagrees.

    Exit codes: 0 nothing disagrees, 1 something does, a paper is unclear or a file cannot be read, 2 bad input or usage.
    """
    from cutis.coding.ledger.audit import audit_file  # noqa: PLC0415 - `cutis --help` should not load the note reader
    from cutis.coding.ledger.checklist import for_code  # noqa: PLC0415

    if checklist is not None:
        typer.echo("\n".join(f"- {ask}" for ask in for_code(checklist)))
        return
    if claims is None or notes is None:
        raise ConfigError("audit needs a claim file and --notes FOLDER (or --checklist CODE)")
    result = audit_file(claims, notes, price=_price(locality))
    text = _written(result, format_, claims.name, full=full, locality=locality)
    if output is None:
        typer.echo(text)
    else:
        _write(output, text)
    raise typer.Exit(FINDINGS if result.open else 0)


def _written(result: "Audit", format_: Format, name: str, *, full: bool, locality: str) -> str:
    from cutis.output.audit import as_csv, as_text  # noqa: PLC0415

    if format_ is Format.JSON:
        return json.dumps(result.as_dict(), indent=1, ensure_ascii=False)
    if format_ is Format.CSV:
        return as_csv(result)
    if format_ is Format.HTML:
        from cutis.output.audit_html import write  # noqa: PLC0415

        page = io.StringIO()
        write(result, page, source=name, locality=locality)
        return page.getvalue().rstrip("\n")
    return as_text(result, full=full)


def _write(output: Path, text: str) -> None:
    try:
        output.write_text(text + "\n", encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"{output} cannot be written: {error.strerror}") from None


def _price(locality: str) -> Callable[[str, date | None], int | None]:
    """Cents of one unit of a code in an office, by the fee schedule that is loaded."""
    import polars as pl  # noqa: PLC0415

    from cutis.pricing.base import NATIONAL, NONFACILITY, allowables  # noqa: PLC0415
    from cutis.pricing.locality import NATIONAL_KEY, by_key  # noqa: PLC0415
    from cutis.reference.dated import in_force  # noqa: PLC0415
    from cutis.reference.store import Reference  # noqa: PLC0415

    reference = Reference.default()
    place = by_key(reference, locality)
    held: dict[tuple[str, date | None], int | None] = {}

    def price(code: str, on: date | None) -> int | None:
        if (code, on) not in held:
            asked = pl.DataFrame({"code": [code], "modifier": [""], "date": [on]}, schema_overrides={"date": pl.Date})
            asked = asked.with_columns(*(pl.lit(v).alias(k) for k, v in NATIONAL.items()))
            if place.key != NATIONAL_KEY:
                gpci = reference.table("gpci").filter(pl.col("mac") == place.mac, pl.col("locality") == place.locality)
                row = in_force(asked.with_columns(mac=pl.lit(place.mac)), gpci, on=["mac"], date="date")
                asked = asked.with_columns(
                    row["work"].alias("gpci_work"), row["pe"].alias("gpci_pe"), row["mp"].alias("gpci_mp")
                )
            held[code, on] = allowables(asked, reference)[NONFACILITY][0] if on is not None else None
        return held[code, on]

    return price
