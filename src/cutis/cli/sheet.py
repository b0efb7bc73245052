"""`cutis sheet`: the living cheat sheet, and the amounts of some codes at every place."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, TextIO

import typer

from cutis.cli.places import (
    DEFAULT_DAY,
    CountyOption,
    DateOption,
    LocalitiesOption,
    StateOption,
    ZipOption,
    day,
    places,
)
from cutis.model.errors import ConfigError, InputError

if TYPE_CHECKING:
    from datetime import date

    from rich.console import Console

    from cutis.pricing.locality import Locality
    from cutis.reference.store import Reference

Writer = Callable[[TextIO], None]
FORMATS: Final = ("text", "csv", "html", "pdf")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("sheet")(sheet)


def sheet(
    codes: Annotated[
        list[str] | None, typer.Argument(help="Only these codes; with --states else the five most published.")
    ] = None,
    locality: LocalitiesOption = None,
    state: StateOption = None,
    county: CountyOption = None,
    zip_: ZipOption = None,
    everywhere: Annotated[bool, typer.Option("--all-localities", help="All localities, a row each.")] = False,
    states: Annotated[
        bool, typer.Option("--states", help="Amounts by place: a row a state or territory, low to high.")
    ] = False,
    on: DateOption = DEFAULT_DAY,
    pairs: Annotated[bool, typer.Option("--pairs", help="List the bundling edits between dermatology codes.")] = False,
    format_: Annotated[str, typer.Option("--format", "-f", help="text, csv, html or pdf (needs --output).")] = "text",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file.")] = None,
) -> None:
    """The cheat sheet: codes with allowables, figures and limits, modifiers, denials, edits, checklists, leaks, questions."""
    from cutis.reference.store import Reference  # noqa: PLC0415

    if format_ not in FORMATS:
        raise ConfigError(f"--format {format_!r} is none of {', '.join(FORMATS)}")
    if format_ == "pdf" and (output is None or pairs):
        raise ConfigError("--format pdf needs --output FILE" if output is None else "--pairs is text, csv or html")
    when = day("--date", on)
    reference = Reference.default()
    if states:
        if locality or state or county or zip_ or pairs:
            raise ConfigError("--states shows every state; only codes, --all-localities and --date go with it")
        write = _by_place(reference, codes or [], when, by_locality=everywhere, format_=format_)
    else:
        where = places(reference, localities=locality, state=state, county=county, zip_code=zip_, everywhere=everywhere)
        write = _whole(reference, codes or [], where, when, pairs=pairs, format_=format_)
    _write(write, output)


def _whole(
    reference: "Reference", codes: list[str], where: "list[Locality]", on: "date", *, pairs: bool, format_: str
) -> Writer | bytes:
    """The sheet, or its bundling edits."""
    from cutis.output import sheet as face  # noqa: PLC0415
    from cutis.pricing.sheet import sheet as make  # noqa: PLC0415

    made = make(reference, where, on, codes=codes)
    if format_ == "pdf":
        from cutis.output.sheet_pdf import sheet_pdf  # noqa: PLC0415

        return sheet_pdf(made)
    if format_ == "html":
        return lambda out: face.write_html(made, out)
    if format_ == "csv":
        return lambda out: (face.write_pairs_csv if pairs else face.write_csv)(made, out)
    return lambda out: (face.write_pairs if pairs else face.write_text)(made, _console(out))


def _by_place(
    reference: "Reference", codes: list[str], on: "date", *, by_locality: bool, format_: str
) -> Writer | bytes:
    """Amounts by state or by locality."""
    from cutis.output import places as face  # noqa: PLC0415
    from cutis.pricing.places import places as make  # noqa: PLC0415

    made = make(reference, codes, on, by_locality=by_locality)
    if format_ == "pdf":
        from cutis.output.sheet_pdf import places_pdf  # noqa: PLC0415

        return places_pdf(made)
    if format_ == "html":
        return lambda out: face.write_html(made, out)
    if format_ == "csv":
        return lambda out: face.write_csv(made, out)
    return lambda out: face.write_text(made, _console(out))


def _console(out: TextIO) -> "Console":
    from rich.console import Console  # noqa: PLC0415

    return Console(file=out, highlight=False)


def _write(content: Writer | bytes, output: Path | None) -> None:
    if output is None:
        if not isinstance(content, bytes):
            content(sys.stdout)
        return
    try:
        if isinstance(content, bytes):
            output.write_bytes(content)
        else:
            with output.open("w", encoding="utf-8") as out:
                content(out)
    except OSError as error:
        raise InputError(f"{output} cannot be written: {error.strerror}") from None
