"""`cutis estimate LINE...`: what a planned visit is allowed, and what the patient will owe."""

import json
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated

import typer

from cutis.model.errors import ConfigError

if TYPE_CHECKING:
    from cutis.pricing.claim import ClaimLine, PricedClaim


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("estimate")(estimate)


def estimate(
    lines: Annotated[list[str], typer.Argument(help='Lines in shorthand, as "17311" "12052" "17003 x3".')],
    locality: Annotated[str, typer.Option(help="MAC and locality, as 09102-04, or national.")] = "national",
    on: Annotated[str, typer.Option("--date", help="Date of service (YYYY-MM-DD).")] = "2026-07-15",
    facility: Annotated[bool, typer.Option("--facility", help="Take facility amounts.")] = False,
    track: Annotated[str, typer.Option(help="standard or qualifying-apm.")] = "standard",
    npp: Annotated[bool, typer.Option("--npp", help="Billed by a nurse practitioner or physician assistant.")] = False,
    nonparticipating: Annotated[
        bool, typer.Option("--nonparticipating", help="The practice does not participate.")
    ] = False,
    deductible: Annotated[str, typer.Option(help="Dollars of the Part B deductible still open.")] = "0",
    mips: Annotated[str, typer.Option(help="MIPS adjustment as a factor, as 1.0141.")] = "1",
    secondary: Annotated[bool, typer.Option("--secondary", help="A second payer takes the patient's part.")] = False,
    format_: Annotated[str, typer.Option("--format", "-f", help="text or json.")] = "text",
) -> None:
    """Estimate what Medicare allows for the lines of one day, with every reduction, and what the patient will owe."""
    from cutis.pricing.claim import Terms, price_claim  # noqa: PLC0415
    from cutis.pricing.locality import by_key  # noqa: PLC0415
    from cutis.reference.store import Reference  # noqa: PLC0415

    if format_ not in {"text", "json"}:
        raise ConfigError(f"--format {format_!r} is neither text nor json")
    reference = Reference.default()
    try:
        terms = Terms(
            locality=by_key(reference, locality),
            on=date.fromisoformat(on),
            facility=facility,
            track=track,
            practitioner="npp" if npp else "physician",
            participating=not nonparticipating,
            mips=Decimal(mips),
            deductible=int(Decimal(deductible) * 100),
            secondary=secondary,
        )
    except (ValueError, InvalidOperation):
        raise ConfigError("--date must be YYYY-MM-DD, --deductible dollars and --mips a factor, as 1.0141") from None
    priced = price_claim(reference, [_line(x) for x in lines], terms)
    if format_ == "json":
        typer.echo(json.dumps(priced.as_dict(), indent=1))
    else:
        _print(priced)


def _line(text: str) -> "ClaimLine":
    from cutis.model import columns as c  # noqa: PLC0415
    from cutis.model.shorthand import parse_line  # noqa: PLC0415
    from cutis.pricing.claim import ClaimLine  # noqa: PLC0415

    values = parse_line(text)
    units = values.get(c.UNITS, 1.0)
    if units != int(units) or units < 1:
        raise ConfigError(f"line {text!r}: units must be a whole number above zero")
    return ClaimLine(values[c.CODE], int(units), tuple(values[m] for m in c.MODIFIERS if m in values))


def _print(priced: "PricedClaim") -> None:
    from rich.console import Console  # noqa: PLC0415

    from cutis.model.money import dollars  # noqa: PLC0415

    console = Console(highlight=False)
    for line in priced.lines:
        name = " ".join([line.line.code, *line.line.modifiers]) + (
            f" x{line.line.units}" if line.line.units > 1 else ""
        )
        console.print(
            f"[bold]{name}[/bold]  {dollars(line.allowed) if line.allowed is not None else 'not priced: ' + line.reason}"
        )
        for step in line.steps:
            console.print(f"    {dollars(step.after):>10}  {step.label}  [dim]({step.authority})[/dim]")
    console.print()
    for label, cents in (
        ("Allowed", priced.allowed), ("Deductible", priced.deductible), ("Coinsurance", priced.coinsurance),
        ("Medicare pays", priced.medicare_pays), ("(sequestration)", priced.sequestration), ("The patient owes", priced.patient_owes),
    ):  # fmt: skip
        console.print(f"{label:<18}{dollars(cents):>12}")
    if priced.limiting_charge is not None:
        console.print(f"{'Limiting charge':<18}{dollars(priced.limiting_charge):>12}")
    for assumption in priced.assumptions:
        console.print(f"[dim]Assumed: {assumption}.[/dim]")
