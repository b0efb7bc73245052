"""`cutis price CODE...`: what Medicare allows, with the derivation."""

import csv
import io
import json
from typing import TYPE_CHECKING, Annotated

import typer

from cutis.cli.places import (
    DEFAULT_DAY,
    CountyOption,
    DateOption,
    EverywhereOption,
    LocalitiesOption,
    StateOption,
    ZipOption,
    day,
    places,
)
from cutis.model.errors import ConfigError

if TYPE_CHECKING:
    from cutis.pricing.derive import Price


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("price")(price)


def price(
    codes: Annotated[list[str], typer.Argument(help="Codes, with a component where wanted: 11102 88305-26.")],
    locality: LocalitiesOption = None,
    state: StateOption = None,
    county: CountyOption = None,
    zip_: ZipOption = None,
    everywhere: EverywhereOption = False,
    on: DateOption = DEFAULT_DAY,
    modifier: Annotated[str, typer.Option(help="Component 26 or TC for all codes.")] = "",
    track: Annotated[
        str, typer.Option(help="standard or qualifying-apm (the two conversion factors of 2026).")
    ] = "standard",
    format_: Annotated[str, typer.Option("--format", "-f", help="text, json or csv.")] = "text",
) -> None:
    """Price codes under the Medicare physician fee schedule, facility and non-facility, to the cent."""
    from cutis.pricing.derive import price as derive  # noqa: PLC0415
    from cutis.reference.store import Reference  # noqa: PLC0415

    if track not in {"standard", "qualifying-apm"}:
        raise ConfigError(f"--track {track!r} is neither standard nor qualifying-apm")
    if format_ not in {"text", "json", "csv"}:
        raise ConfigError(f"--format {format_!r} is none of text, json, csv")
    when = day("--date", on)
    reference = Reference.default()
    where = places(reference, localities=locality, state=state, county=county, zip_code=zip_, everywhere=everywhere)
    parts = [text.partition("-") for text in codes]
    prices = [
        derive(reference, code, place, when, modifier=component or modifier, track=track)
        for code, _, component in parts
        for place in where
    ]
    _print(prices, format_)


def _print(prices: "list[Price]", format_: str) -> None:
    dicts = [p.as_dict() for p in prices]
    if format_ == "json":
        typer.echo(json.dumps(dicts, indent=1, ensure_ascii=False))
        return
    if format_ == "csv":
        out = io.StringIO()
        names = ["code", "modifier", "mac", "locality", "name", "date", "nonfacility", "facility", "status", "release"]
        writer = csv.DictWriter(out, names, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(dicts)
        typer.echo(out.getvalue(), nl=False)
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    console = Console(highlight=False)
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    for title in ("Code", "Locality", "Non-facility", "Facility", ""):
        table.add_column(title, justify="right" if "acility" in title else "left")
    for d in dicts:
        place = d["name"] if d["mac"] is None else f"{d['mac']}-{d['locality']} {d['name']}"
        said = "" if d["status"] == "priced" else d["derivation"][0].split(": ", 1)[1]
        table.add_row(
            d["code"] + (f"-{d['modifier']}" if d["modifier"] else ""),
            place,
            d["nonfacility"] or "-",
            d["facility"] or "-",
            said,
        )
    console.print(table)
    if len(dicts) <= 3:
        for d in dicts:
            console.print()
            for step in d["derivation"]:
                console.print(f"  {step}")
