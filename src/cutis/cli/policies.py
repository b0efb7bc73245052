"""`cutis policies [PAYER]`: what payers said they do, where each policy stands on a date, and by which page."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cutis.cli.places import DEFAULT_DAY, day
from cutis.model.errors import ConfigError

if TYPE_CHECKING:
    from cutis.reference.policies import Standing
    from cutis.reference.store import Reference


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("policies")(policies)


def policies(
    payer: Annotated[
        str | None, typer.Argument(help="A payer, by the name that stands on claims; all without.")
    ] = None,
    on: Annotated[str, typer.Option("--date", help="Date of service (YYYY-MM-DD).")] = DEFAULT_DAY,
    as_of: Annotated[str | None, typer.Option("--as-of", help="Only what had been said by that day.")] = None,
    state: Annotated[
        str | None, typer.Option(help="State, as CA: exceptions of states hold only where it is given.")
    ] = None,
    product: Annotated[str | None, typer.Option(help="Line of business, as self-insured.")] = None,
    format_: Annotated[str, typer.Option("--format", "-f", help="text or json.")] = "text",
) -> None:
    """List payer policies on file: what they do, announced, in force, paused or withdrawn, with the source."""
    from cutis.reference.store import Reference  # noqa: PLC0415

    if format_ not in {"text", "json"}:
        raise ConfigError(f"--format {format_!r} is neither text nor json")
    reference = Reference.default()
    names = [payer_of(reference, payer)] if payer else reference.policies.payers()
    known = day("--as-of", as_of) if as_of else None
    found = [
        standing
        for name in names
        for standing in reference.policies.at(name, on=day("--date", on), as_of=known, state=state, product=product)
    ]
    if format_ == "json":
        typer.echo(json.dumps([as_dict(s) for s in found], indent=1, ensure_ascii=False))
        return
    for standing in found:
        typer.echo(f"{standing.status.value:<10} {standing.policy.name}\n           {standing.sentence()}\n")
    if not found:
        typer.echo("No policy on file had been said by then.")


def payer_of(reference: "Reference", name: str) -> str:
    """The payer meant.

    Raises:
        ConfigError: no policy of such a payer is on file.
    """
    found = reference.policies.payer(name)
    if found is None:
        raise ConfigError(
            f"no policy of payer {name!r} is on file; payers are {', '.join(reference.policies.payers())}"
        )
    return found


def as_dict(standing: "Standing") -> dict[str, Any]:
    """Plain values."""
    policy, event = standing.policy, standing.event
    return {
        "policy": policy.name, "payer": policy.payer, "kind": policy.kind.value, "status": standing.status.value,
        "what": policy.what, "codes": sorted(policy.codes), "modifier": policy.modifier,
        "beside_global": list(policy.beside_global), "share": None if policy.share is None else str(policy.share),
        "levels": policy.levels, "products": list(policy.products),
        "from": event.first.isoformat() if event else None,
        "to": event.last.isoformat() if event and event.last else None,
        "said": event.said.isoformat() if event else None, "undated": event.undated if event else None,
        "source": event.source if event else None, "note": event.note if event else "",
        "exceptions": [
            {"status": e.status.value, "states": list(e.states), "products": list(e.products), "from": e.first.isoformat(),
             "to": e.last.isoformat() if e.last else None, "source": e.source}
            for e in standing.exceptions
        ],
    }  # fmt: skip
