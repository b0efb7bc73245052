"""`cutis price CODE...`: what Medicare allows, with the derivation."""

import csv
import io
import json
from pathlib import Path
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
from cutis.cli.policies import payer_of
from cutis.model.errors import ConfigError

if TYPE_CHECKING:
    from datetime import date

    from cutis.pricing.derive import Price
    from cutis.pricing.locality import Locality
    from cutis.reference.store import Reference


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
    contract: Annotated[
        Path | None, typer.Option(help="A payer's own fees (YAML or CSV) instead of Medicare's.")
    ] = None,
    payer: Annotated[str | None, typer.Option(help="Show this payer's policies that touch the codes.")] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="Policies as they were known that day.")] = None,
    format_: Annotated[str, typer.Option("--format", "-f", help="text, json or csv.")] = "text",
) -> None:
    """Price codes under the Medicare physician fee schedule or a contract, facility and non-facility, to the cent."""
    from cutis.pricing.contract_file import load_contract  # noqa: PLC0415
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
    if contract is not None:
        agreed = load_contract(contract)
        prices = [
            agreed.price(reference, code, place, when, modifier=component or modifier)
            for code, _, component in parts
            for place in where
        ]
    else:
        prices = [
            derive(reference, code, place, when, modifier=component or modifier, track=track)
            for code, _, component in parts
            for place in where
        ]
    _print(prices, format_)
    if payer is not None:
        _policies(
            reference, payer, when, day("--as-of", as_of) if as_of else None, {c.upper() for c, _, _ in parts}, where
        )


def _policies(
    reference: "Reference", payer: str, on: "date", as_of: "date | None", codes: set[str], where: "list[Locality]"
) -> None:
    """Policies that touch the codes, on standard error: the prices stay as they are."""
    name = payer_of(reference, payer)
    states = {x.state for x in where}
    state = states.pop() if len(states) == 1 else None
    found = [s for s in reference.policies.at(name, on=on, as_of=as_of, state=state) if s.policy.codes & codes]
    for standing in found:
        typer.echo(f"cutis: policy: {standing.sentence()}", err=True)
    if not found:
        typer.echo(f"cutis: no policy of {name} on file touches these codes", err=True)


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
                console.print(f"  {step}", soft_wrap=True, markup=False)
