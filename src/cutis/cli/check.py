"""`cutis check FILE`: read, judge, report; with `--fix` a corrected copy."""

import io
import sys
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from cutis.cli.control_options import (
    AsOf,
    BaselineFile,
    Certificate,
    ConfigFile,
    County,
    Ignore,
    Locality,
    NoConfig,
    Select,
    State,
    WriteBaseline,
    Zip,
    configuration,
    given,
    place,
)
from cutis.cli.control_options import write_baseline as save_baseline
from cutis.cli.verify import of_report, write_certificate
from cutis.model.errors import ConfigError, InputError
from cutis.model.words import counted

if TYPE_CHECKING:
    from cutis.engine.report import Report

LONG_FILE = 20 << 20
HistoryGiven = Annotated[
    list[Path] | None,
    typer.Option(help="History store, or files of claims and remittances from before; repeatable."),
]
StatsFile = Annotated[
    Path | None, typer.Option(help="What `cutis rules --stats` wrote as JSON: severity falls where payers pay anyway.")
]


class Payer(StrEnum):
    """Kinds of payer that a claim may be judged under."""

    MEDICARE = "medicare"
    MEDICAID = "medicaid"
    COMMERCIAL = "commercial"
    WORKERS_COMP = "workers-comp"
    OTHER = "other"


class Format(StrEnum):
    """How the report is written."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"
    HTML = "html"


class Sort(StrEnum):
    """In which order findings come."""

    CLAIM = "claim"
    WORTH = "worth"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check")(check)


def check(
    file: Annotated[
        Path, typer.Argument(help="837P, CSV or Parquet file of claims, gzipped or not; - for standard input.")
    ],
    format_: Annotated[Format, typer.Option("--format", "-f", help="How to write the report.")] = Format.TEXT,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file instead of the terminal.")
    ] = None,
    select: Select = None,
    ignore: Ignore = None,
    locality: Locality = None,
    state: State = None,
    county: County = None,
    zip_: Zip = None,
    payer: Annotated[
        Payer | None, typer.Option(help="Judge every claim under this kind of payer instead of its own.")
    ] = None,
    limit: Annotated[int, typer.Option(help="Findings shown in text.", min=0)] = 40,
    info: Annotated[bool, typer.Option("--info", help="Show remarks too (text).")] = False,
    history: HistoryGiven = None,
    stats: StatsFile = None,
    fix: Annotated[bool, typer.Option("--fix", help="Write a corrected 837P: mechanical fixes only.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show what --fix would change, and write nothing.")] = False,
    sort: Annotated[
        Sort, typer.Option(help="Order of findings: of the claims, or by what they are worth.")
    ] = Sort.CLAIM,
    config: ConfigFile = None,
    no_config: NoConfig = False,
    as_of: AsOf = None,
    baseline: BaselineFile = None,
    write_baseline: WriteBaseline = None,
    certificate: Certificate = None,
) -> None:
    """Check a claim file: what will be denied, why, on whose authority, what it costs and what to do.

    Exit codes: 0 clear, 1 findings, 2 bad input or usage, 3 a rule failed.
    """
    from cutis.engine.report import ConfigUse  # noqa: PLC0415
    from cutis.engine.run import check as run  # noqa: PLC0415 - `cutis --help` should not load the engine
    from cutis.engine.settings import options  # noqa: PLC0415
    from cutis.reference.store import Reference  # noqa: PLC0415

    _refuse_together(certificate, history, stats, needs_file=bool(fix or diff or certificate) and str(file) == "-")
    _refuse_output(file, format_, output)
    read = configuration(config, no_config=no_config)
    marked = bool(write_baseline or certificate)
    where = place(locality, state, county, zip_)
    said = given(select, ignore, where, state, as_of, baseline, payer=payer, history=history, fingerprints=marked)
    source: Path | BinaryIO = sys.stdin.buffer if str(file) == "-" else file
    wanted = replace(options(read, said), measured=_measured(stats))
    with _progress(file) as advance:
        report = run(source, wanted, Reference.default(), progress=advance)
    report.by_worth = sort is Sort.WORTH
    report.config = ConfigUse(read.name, read.sha256) if read.name else None
    if write_baseline is not None:
        save_baseline(report, write_baseline)
    if certificate is not None:
        write_certificate(certificate, of_report(report, file, wanted, read))
    if fix or diff:
        _fix(file, report, output if fix else None, write=fix)
        raise typer.Exit(report.exit_code)
    _write(report, format_, output, limit=limit, info=info)
    raise typer.Exit(report.exit_code)


def _refuse_together(
    certificate: Path | None, history: list[Path] | None, stats: Path | None, *, needs_file: bool
) -> None:
    if needs_file:
        raise ConfigError("--fix, --diff and --certificate need a file, not standard input")
    if certificate and history:
        raise ConfigError("--certificate does not record a history; leave out --history or --certificate")
    if certificate and stats:
        raise ConfigError("--certificate does not record measured precision; leave out --stats or --certificate")


def _refuse_output(file: Path, format_: Format, output: Path | None) -> None:
    if format_ is Format.PARQUET and output is None:
        raise ConfigError("--format parquet needs --output FILE")
    if output is not None and output.exists() and file.exists() and output.samefile(file):
        raise ConfigError("--output is the input itself; the input is never overwritten")


def _measured(stats: Path | None) -> tuple[tuple[str, tuple[int, int]], ...]:
    if stats is None:
        return ()
    from cutis.engine.measured import read  # noqa: PLC0415

    return tuple((m.rule, (m.answered, m.paid)) for m in read(stats).values())


class _progress:  # noqa: N801 - used as a function
    """A progress bar on standard error for long files, where a person looks."""

    def __init__(self, file: Path) -> None:
        self._size = file.stat().st_size if file.is_file() else 0
        self._bar: object = None

    def __enter__(self) -> Callable[[int], None] | None:
        if self._size < LONG_FILE or not sys.stderr.isatty():
            return None
        from rich.console import Console  # noqa: PLC0415
        from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn  # noqa: PLC0415

        bar = Progress(
            BarColumn(), DownloadColumn(), TimeRemainingColumn(), console=Console(stderr=True), transient=True
        )
        task = bar.add_task("reading", total=self._size)
        bar.start()
        self._bar = bar
        return lambda done: bar.update(task, completed=done)

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()  # type: ignore[attr-defined]


def _write(report: "Report", format_: Format, output: Path | None, *, limit: int, info: bool) -> None:
    """Write the report; a file that cannot be finished is not left behind as if it were one.

    Raises:
        InputError: the disk is full, or whatever else the system refuses the output for.
    """
    import polars as pl  # noqa: PLC0415

    buffer = _open(output)
    try:
        try:
            _into(
                buffer,
                report,
                format_,
                limit=limit if format_ is Format.TEXT else 0,
                info=info,
                to_file=output is not None,
            )
            buffer.flush()
        finally:
            if output is not None:
                buffer.close()
    except (OSError, pl.exceptions.PolarsError) as error:
        if output is not None and output.is_file():
            output.unlink()
        said = (
            getattr(error, "strerror", None)
            or str(error).splitlines()[0].rpartition(": ")[2].partition(" (os error")[0]
        )
        raise InputError(f"{output or 'the output'} cannot be written: {said}") from None


def _into(buffer: BinaryIO, report: "Report", format_: Format, *, limit: int, info: bool, to_file: bool) -> None:
    if format_ is Format.TEXT:
        from rich.console import Console  # noqa: PLC0415

        from cutis.output import text  # noqa: PLC0415

        stream = io.TextIOWrapper(buffer, encoding="utf-8", write_through=True)
        console = (
            Console(file=stream, width=120, no_color=True, highlight=False)
            if to_file
            else Console(soft_wrap=False, highlight=False)
        )
        text.write(report, console, limit=limit, show_info=info)
        stream.detach()
        sys.stdout.flush()
    elif format_ in {Format.JSON, Format.HTML}:
        from cutis.output import html, json  # noqa: PLC0415

        stream = io.TextIOWrapper(buffer, encoding="utf-8", write_through=True, newline="\n")
        (json if format_ is Format.JSON else html).write(report, stream)
        stream.flush()
        stream.detach()
    else:
        from cutis.output import tables  # noqa: PLC0415

        (tables.write_csv if format_ is Format.CSV else tables.write_parquet)(report, buffer)


def _open(output: Path | None) -> BinaryIO:
    if output is None:
        return sys.stdout.buffer
    try:
        return output.open("wb")
    except OSError as error:
        raise InputError(f"{output} cannot be written: {error.strerror}") from None


def _fix(file: Path, report: "Report", output: Path | None, *, write: bool) -> None:
    import polars as pl  # noqa: PLC0415

    from cutis.output.fix import diff_text, fix  # noqa: PLC0415

    fixed = fix(file, report)
    if not write:
        typer.echo(diff_text(file, fixed), nl=False)
        return
    target = output or file.with_name(f"{file.stem}.fixed{file.suffix}")
    if target.resolve() == file.resolve():
        raise ConfigError("--output is the input itself; the input is never overwritten")
    with _open(target) as stream:
        stream.write(fixed.data)
    left = sum(
        batch.filter(pl.col("severity") != "info", pl.col("edits").list.len().fill_null(0) == 0).height
        for batch in report.batches()
    )
    typer.echo(
        f"{target}: {counted(len(fixed.changed), 'segment')} corrected; {counted(left, 'finding')} "
        f"need{'s' if left == 1 else ''} the chart or a person and {'was' if left == 1 else 'were'} left as "
        f"{'it was' if left == 1 else 'they were'}."
    )
