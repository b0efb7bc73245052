"""`cutis price CODE...`: what Medicare allows, with the derivation."""

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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
from cutis.cli.policies import as_dict, payer_of
from cutis.model.errors import ConfigError

if TYPE_CHECKING:
    from datetime import date

    from cutis.pricing.derive import Price
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
        Path | None, typer.Option(help="A payer's own fees (YAML, TOML or CSV) instead of Medicare's.")
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
    dicts = [p.as_dict() for p in prices]
    if payer is not None:
        _put_policies(reference, dicts, prices, payer, when, day("--as-of", as_of) if as_of else None)
    _print(dicts, format_, payer)


def _put_policies(
    reference: "Reference",
    dicts: list[dict[str, Any]],
    prices: "list[Price]",
    payer: str,
    on: "date",
    as_of: "date | None",
) -> None:
    """Put to each price the payer's policies that touch its code in its state; the price itself stays as it is."""
    name = payer_of(reference, payer)
    for shown, price in zip(dicts, prices, strict=True):
        found = reference.policies.at(name, on=on, as_of=as_of, state=price.locality.state)
        shown["policies"] = [
            {**{k: v for k, v in as_dict(s).items() if k != "codes"}, "sentence": s.sentence()}
            for s in found
            if price.code in s.policy.codes
        ]


def _print(dicts: list[dict[str, Any]], format_: str, payer: str | None) -> None:
    if format_ == "json":
        typer.echo(json.dumps(dicts, indent=1, ensure_ascii=False))
        return
    if format_ == "csv":
        out = io.StringIO()
        names = ["code", "modifier", "mac", "locality", "name", "date", "nonfacility", "facility", "status", "release"]
        if payer is not None:
            names.append("policies")
            for d in dicts:
                d["policies"] = "; ".join(f"{p['policy']} ({p['status']})" for p in d["policies"])
        writer = csv.DictWriter(out, names, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(dicts)
        typer.echo(out.getvalue(), nl=False)
        return
    _print_table(dicts)
    if payer is not None:
        _print_policies(dicts, payer)


def _print_policies(dicts: list[dict[str, Any]], payer: str) -> None:
    """Each policy once, with the codes that it touches."""
    touched: dict[str, dict[str, None]] = {}
    for d in dicts:
        for policy in d["policies"]:
            touched.setdefault(f"{policy['status']}: {policy['sentence']}", {}).setdefault(d["code"])
    for sentence, codes in touched.items():
        typer.echo(f"\n  {', '.join(codes)}: policy {sentence} The price above is without it.")
    if not touched:
        typer.echo(f"\n  No policy of {payer} on file touches these codes.")


def _print_table(dicts: list[dict[str, Any]]) -> None:
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
