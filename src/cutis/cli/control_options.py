"""Options of `cutis check` and `cutis config` that meet `cutis.toml`, and what becomes of them."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cutis.model.errors import ConfigError, InputError
from cutis.model.words import counted

if TYPE_CHECKING:
    from cutis.engine.config import Config
    from cutis.engine.report import Report
    from cutis.engine.settings import Given
    from cutis.rulekit.rule import Rule

Select = Annotated[list[str] | None, typer.Option(help="Only these rules or families (comma between).")]
Ignore = Annotated[list[str] | None, typer.Option(help="Leave out these rules or families.")]
Locality = Annotated[str | None, typer.Option(help="Price at this MAC and locality, as 09102-04, or national.")]
State = Annotated[str | None, typer.Option(help="State where a claim names none, as FL; with --county the county's.")]
County = Annotated[str | None, typer.Option(help="Price at this county's locality, as Marin; give --state too.")]
Zip = Annotated[str | None, typer.Option("--zip", help="Price at this ZIP code's locality (needs CMS's ZIP file).")]
ConfigFile = Annotated[
    Path | None, typer.Option("--config", help="Configuration; else cutis.toml here or in a folder above.")
]
NoConfig = Annotated[bool, typer.Option("--no-config", help="Look at no cutis.toml.")]
AsOf = Annotated[
    str | None, typer.Option("--as-of", help="Day that waivers are held against; else the latest service date.")
]
BaselineFile = Annotated[
    Path | None, typer.Option("--baseline", help="Show only findings that this baseline does not know.")
]
WriteBaseline = Annotated[
    Path | None, typer.Option("--write-baseline", help="Write what is found here, as known from now on.")
]
Certificate = Annotated[
    Path | None, typer.Option("--certificate", help="Write a record of the run that cutis verify repeats.")
]


def words(given: list[str] | None) -> tuple[str, ...] | None:
    """Words of a repeated option, parted at commas; None where it was not given."""
    if given is None:
        return None
    return tuple(w.strip() for item in given for w in item.split(",") if w.strip())


def configuration(config: Path | None, *, no_config: bool = False) -> "Config":
    """The configuration in force: the file named, else the one found upward from the working directory.

    Raises:
        ConfigError: it has faults, or both options were given.
    """
    from cutis.engine.config import Config, find, load  # noqa: PLC0415 - `cutis --help` should not load the engine

    if config is not None and no_config:
        raise ConfigError("--config and --no-config contradict each other; give one of them")
    path = config or (None if no_config else find(Path.cwd()))
    return load(path) if path is not None else Config()


def own_rules(config: Path | None = None) -> "tuple[Rule, ...]":
    """The practice's own rules under the configuration in force."""
    return configuration(config).controls.rules


def place(locality: str | None, state: str | None, county: str | None, zip_code: str | None) -> str | None:
    """The locality of all prices: named, or that of a county or ZIP code; None takes each claim's own.

    Raises:
        ConfigError: more than one way is used, or the place is unknown or has several localities; they are named.
        DataError: the ZIP table is not loaded.
    """
    if not county and not zip_code:
        return locality
    if locality or (county and zip_code):
        raise ConfigError("give one of --locality, --county (with --state) and --zip")
    from cutis.cli.places import one_place  # noqa: PLC0415
    from cutis.reference.store import Reference  # noqa: PLC0415

    where = {"county": county, "state": state} if county else {"zip_code": zip_code}
    return one_place(Reference.default(), **where).key


def given(
    select: list[str] | None = None,
    ignore: list[str] | None = None,
    locality: str | None = None,
    state: str | None = None,
    as_of: str | None = None,
    baseline: Path | None = None,
    *,
    payer: str | None = None,
    history: list[Path] | None = None,
    fingerprints: bool = False,
) -> "Given":
    """What the command line said.

    Raises:
        ConfigError: a date is none.
        InputError: the baseline cannot be read.
    """
    from cutis.engine import baseline as known  # noqa: PLC0415
    from cutis.engine.settings import Given  # noqa: PLC0415

    try:
        day = date.fromisoformat(as_of) if as_of else None
    except ValueError:
        raise ConfigError(f"--as-of {as_of!r} is not a date; write it as 2026-12-31") from None
    read = known.read(baseline) if baseline else None
    return Given(words(select), words(ignore), locality, state, day, read, payer, tuple(history or ()), fingerprints)


def write_baseline(report: "Report", path: Path) -> None:
    """Write what the report found, waived findings left out, and say so on standard error."""
    from cutis.engine.baseline import as_text  # noqa: PLC0415
    from cutis.model.finding import FINGERPRINT  # noqa: PLC0415

    kept = [b.filter(~report.is_waived).select("rule", FINGERPRINT) for b in report.store.batches()]
    write_text(path, as_text((rule, mark) for batch in kept for rule, mark in batch.iter_rows()))
    typer.echo(f"{path}: {counted(sum(b.height for b in kept), 'finding')} known from now on.", err=True)


def write_text(path: Path, text: str) -> None:
    """Write a file.

    Raises:
        InputError: it cannot be written.
    """
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}") from None
