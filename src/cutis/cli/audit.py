"""`cutis audit CLAIMS --notes DIR`: claim lines held against chart notes, specimens and pathology reports."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cutis.model.errors import ConfigError
from cutis.model.words import counted

FINDINGS = 1


class Format(StrEnum):
    """How the ledger is written."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("audit")(audit)


def audit(
    claims: Annotated[Path | None, typer.Argument(help="837P, CSV or Parquet file of claims.")] = None,
    notes: Annotated[
        Path | None, typer.Option("--notes", help="Folder of notes named by claim id, or with an index.json.")
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

    Exit codes: 0 nothing disagrees, 1 something does, 2 bad input or usage.
    """
    from cutis.coding.ledger import audit as ledger  # noqa: PLC0415 - `cutis --help` should not load the note reader
    from cutis.coding.ledger.checklist import for_code  # noqa: PLC0415

    if checklist is not None:
        typer.echo("\n".join(f"- {ask}" for ask in for_code(checklist)))
        return
    if claims is None or notes is None:
        raise ConfigError("audit needs a claim file and --notes FOLDER (or --checklist CODE)")
    result = ledger.audit_file(claims, notes, price=_price(locality))
    if format_ is Format.JSON:
        text = json.dumps(result.as_dict(), indent=1, ensure_ascii=False)
    else:
        text = as_csv(result) if format_ is Format.CSV else as_text(result, full=full)
    if output is None:
        typer.echo(text)
    else:
        output.write_text(text + "\n", encoding="utf-8")
    raise typer.Exit(FINDINGS if result.found else 0)


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


def as_csv(result: object) -> str:
    """The disagreements as a table, one row each; claims and charts without a partner as rows of their own."""
    from cutis.coding.ledger.audit import Audit  # noqa: PLC0415

    assert isinstance(result, Audit)
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(["claim", "kind", "line", "code", "dollars", "message", "ask", "quotes"])
    for claim in result.claims:
        for d in claim.found:
            dollars = "" if d.cents is None else f"{d.cents // 100}.{d.cents % 100:02d}"
            quotes = " | ".join(_short(e.quote) for e in d.evidence)
            row = [claim.claim, d.kind.value, d.line or "", d.code or "", dollars, d.message, d.ask, quotes]
            table.writerow([_cell(v) for v in row])
    for name in result.without_chart:
        table.writerow([_cell(name), "no-chart", "", "", "", "No chart was found for this claim.", "", ""])
    for name in result.without_claim:
        table.writerow([_cell(name), "no-claim", "", "", "", "No claim was found for this chart.", "", ""])
    return out.getvalue().rstrip("\n")


def _cell(value: object) -> str:
    """A value that no spreadsheet takes for a formula."""
    text = str(value)
    return "'" + text if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def as_text(result: object, *, full: bool = False) -> str:
    """The ledger for people.

    Args:
        result: the audit.
        full: with the checklist of every line; else only what was not found.
    """
    from cutis.coding.ledger.audit import Audit  # noqa: PLC0415

    assert isinstance(result, Audit)
    parts: list[str] = []
    for claim in result.claims:
        parts.append(f"Claim {claim.claim}")
        for d in claim.found:
            where = f"line {d.line} {d.code}" if d.line else d.code or "not billed"
            dollars = f"  ${d.cents // 100}.{d.cents % 100:02d}" if d.cents is not None else ""
            parts.append(f"  {d.kind.value}  {where}{dollars}")
            parts.append(f"    {d.message}")
            parts.extend(
                f'    note: "{_short(e.quote)}" ({e.source}, characters {e.start}-{e.end})' for e in d.evidence
            )
            parts.append(f"    ask: {d.ask}")
        for line, items in claim.checklist:
            shown = [i for i in items if full or not i.found]
            if shown:
                parts.append(f"  A reviewer of line {line.line} {line.code} will look for:")
                parts.extend(f"    [{'x' if i.found else ' '}] {i.ask}" for i in shown)
        if claim.unread:
            codes = ", ".join(f"line {ln.line} {ln.code}" for ln in claim.unread)
            parts.append(f"  not checked: {codes} (the ledger does not know what the code says of the chart)")
        if not claim.found:
            parts.append("  chart and claim agree")
        parts.append("")
    if result.without_chart:
        parts.append(f"No chart, not checked: {', '.join(result.without_chart)}")
    if result.without_claim:
        parts.append(f"Charts without a claim in the file: {', '.join(result.without_claim)}")
    parts.append(_summary(result.leak_cents, result.unsupported_cents, len(result.claims), len(result.found)))
    return "\n".join(parts)


def _summary(leak: int, unsupported: int, claims: int, found: int) -> str:
    return (
        f"{counted(claims, 'claim')} held against their charts, {counted(found, 'disagreement')}; documented and not billed "
        f"${leak // 100}.{leak % 100:02d}, billed and not documented ${unsupported // 100}.{unsupported % 100:02d} "
        "(Medicare allowable, where code and price are certain)."
    )


def _short(quote: str) -> str:
    words = " ".join(quote.split())
    return words if len(words) <= 100 else words[:97] + "..."
