"""`cutis compare RELEASE RELEASE`: what a new CMS release or quarter changes for this practice."""

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cutis.cli.places import CountyOption, LocalityOption, StateOption, ZipOption, one_place
from cutis.model.errors import ConfigError, InputError

if TYPE_CHECKING:
    import polars as pl

    from cutis.pricing.compare import Comparison

FORMATS = ("text", "json", "csv", "html")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("compare")(compare)


def compare(
    before: Annotated[str, typer.Argument(help="A release, as RVU26B (see cutis data list), or a date of service.")],
    after: Annotated[str, typer.Argument(help="Another release of the same table, or a later date.")],
    claims: Annotated[
        Path | None, typer.Option(help="Claims on file: only their codes, and what it means for them.")
    ] = None,
    every: Annotated[bool, typer.Option("--all-codes", help="All codes, not only those of dermatology.")] = False,
    locality: LocalityOption = None,
    state: StateOption = None,
    county: CountyOption = None,
    zip_: ZipOption = None,
    format_: Annotated[str, typer.Option("--format", "-f", help="text, json, csv or html.")] = "text",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file.")] = None,
) -> None:
    """Compare two releases of one table, or all tables in force on two dates: codes, dollars, edits, limits, claims."""
    from cutis.output import compare as face  # noqa: PLC0415
    from cutis.pricing.compare import compare as run  # noqa: PLC0415
    from cutis.pricing.sheet import dermatology_codes  # noqa: PLC0415
    from cutis.reference.store import Reference  # noqa: PLC0415

    if format_ not in FORMATS:
        raise ConfigError(f"--format {format_!r} is none of {', '.join(FORMATS)}")
    if every and claims:
        raise ConfigError("give one of --claims and --all-codes: claims tell which codes matter")
    reference = Reference.default()
    place = one_place(reference, locality=locality, state=state, county=county, zip_code=zip_)
    codes = None if every or claims else dermatology_codes(reference)["code"].to_list()
    made = run(reference, before, after, locality=place, codes=codes, lines=_lines(claims) if claims else None)
    text = io.StringIO()
    if format_ == "json":
        text.write(json.dumps(_as_dict(made), indent=1, ensure_ascii=False) + "\n")
    else:
        {"text": face.write_text, "csv": face.write_csv, "html": face.write_html}[format_](made, text)
    if output is None:
        typer.echo(text.getvalue(), nl=False)
        return
    try:
        output.write_text(text.getvalue(), encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"{output} cannot be written: {error.strerror}") from None


def _lines(claims: Path) -> "pl.DataFrame":
    import polars as pl  # noqa: PLC0415

    import cutis  # noqa: PLC0415

    frames: list[pl.DataFrame] = [chunk.lines for chunk in cutis.read(claims) if chunk.lines.height]
    if not frames:
        raise InputError(f"{claims} has no line that can be read")
    return pl.concat(frames)


def _as_dict(made: "Comparison") -> dict[str, Any]:
    from cutis.output.compare import in_dollars  # noqa: PLC0415

    return {
        "schema": 1,
        "before": made.before,
        "after": made.after,
        "changes": {name: in_dollars(frame).to_dicts() for name, frame in made.changes.items()},
        "effect": None if made.effect is None else in_dollars(made.effect).to_dicts(),
        "pairs": None if made.pairs is None else made.pairs.to_dicts(),
        "notes": list(made.notes),
    }
