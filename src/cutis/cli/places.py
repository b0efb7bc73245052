"""What price, sheet, estimate and compare ask for alike: the place of a price and its date."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Final

import typer

from cutis.model.errors import ConfigError

if TYPE_CHECKING:
    from cutis.pricing.locality import Locality
    from cutis.reference.store import Reference

DEFAULT_DAY: Final = "2026-07-15"

LocalityOption = Annotated[str | None, typer.Option(help="MAC and locality, as 09102-04, or national.")]
LocalitiesOption = Annotated[
    list[str] | None, typer.Option("--locality", help="MAC and locality, as 09102-04, or national; may be repeated.")
]
StateOption = Annotated[str | None, typer.Option(help="All localities of a state, as FL.")]
CountyOption = Annotated[
    str | None, typer.Option(help="County, as Marin; give --state too where several states have it.")
]
ZipOption = Annotated[str | None, typer.Option("--zip", help="Locality of a ZIP code (needs CMS's ZIP file).")]
EverywhereOption = Annotated[bool, typer.Option("--all-localities", help="All localities.")]
DateOption = Annotated[str, typer.Option("--date", help="Date of service (YYYY-MM-DD).")]


def day(option: str, text: str) -> date:
    """A date of the command line.

    Raises:
        ConfigError: it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"{option} {text!r} is not a date; write it as {DEFAULT_DAY}") from None


def places(
    reference: "Reference",
    *,
    localities: list[str] | None = None,
    state: str | None = None,
    county: str | None = None,
    zip_code: str | None = None,
    everywhere: bool = False,
    several: bool = True,
) -> "list[Locality]":
    """The localities meant; national where nothing is said. `several` is whether the asker takes more than one.

    Raises:
        ConfigError: more than one way is used, or the place is unknown.
        DataError: the ZIP table is not loaded.
    """
    from cutis.pricing.county import by_county  # noqa: PLC0415
    from cutis.pricing.locality import NATIONAL, all_localities, by_key, by_state  # noqa: PLC0415

    ways = [bool(localities), bool(state or county), bool(zip_code), everywhere]
    if sum(ways) > 1:
        raise ConfigError("give one of --locality, --state (with --county), --zip and --all-localities")
    if everywhere:
        return all_localities(reference)
    if county:
        found = by_county(reference, county, state)
        if len(found) > 1 and several:
            _say(
                f"county {county}: the loaded tables do not tell which of these {len(found)} localities; all are meant"
            )
        return found
    if state:
        return by_state(reference, state)
    if zip_code:
        return [_of_zip(reference, zip_code)]
    return [by_key(reference, x) for x in localities or []] or [NATIONAL]


def _of_zip(reference: "Reference", code: str) -> "Locality":
    from cutis.pricing.locality import by_zip, zip_runs_over_several  # noqa: PLC0415

    found = by_zip(reference, code)
    if zip_runs_over_several(reference, code):
        _say(f"ZIP code {code[:5]} runs over several localities; CMS's five-digit file names {found.key} {found.name}")
    return found


def _say(text: str) -> None:
    """A remark beside the answer: on standard error, so that JSON and CSV stay whole."""
    typer.echo(f"cutis: {text}", err=True)


def one_place(
    reference: "Reference",
    *,
    locality: str | None = None,
    state: str | None = None,
    county: str | None = None,
    zip_code: str | None = None,
) -> "Locality":
    """The one locality meant, for sums that need one.

    Raises:
        ConfigError: several are meant; all of them are named.
    """
    named = [locality] if locality else None
    found = places(reference, localities=named, state=state, county=county, zip_code=zip_code, several=False)
    if len(found) > 1:
        names = "; ".join(f"{x.key} {x.name}" for x in found)
        what = (
            f"county {county} may be in any of {len(found)} localities, which the loaded tables do not tell"
            if county
            else f"that place has {len(found)} localities"
        )
        raise ConfigError(f"{what}; choose one with --locality: {names}")
    return found[0]
