"""`cutis verify CERT [FILE]`: repeat a run from its certificate, and say whether it comes out the same."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cutis.cli.control_options import write_text
from cutis.model.errors import ConfigError, InputError
from cutis.model.words import counted

if TYPE_CHECKING:
    from cutis.engine.config import Config
    from cutis.engine.options import Options
    from cutis.engine.report import Report


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("verify")(verify)


def verify(
    certificate: Annotated[Path, typer.Argument(help="Written by cutis check FILE --certificate.")],
    file: Annotated[
        Path | None, typer.Argument(help="The file that was checked; else the one of its name beside the certificate.")
    ] = None,
    format_: Annotated[str, typer.Option("--format", "-f", help="text or json.")] = "text",
) -> None:
    """Repeat a run from its certificate: equal (exit code 0), or what differs (1)."""
    from cutis.engine import certificate as record  # noqa: PLC0415 - `cutis --help` should not load the engine

    if format_ not in {"text", "json"}:
        raise ConfigError(f"--format {format_!r} is neither text nor json")
    was = record.read(certificate)
    source = file or _beside(certificate, was["input"]["name"])
    now, places = certify(source, *record.repeat(was))
    differences = record.compare(was, now, places)
    if format_ == "json":
        rows = [{"what": d.what, "text": d.text} for d in differences]
        typer.echo(json.dumps({"schema": 1, "equal": not rows, "differences": rows}, indent=1, ensure_ascii=False))
    else:
        _say(was, now, [d.text for d in differences])
    raise typer.Exit(1 if differences else 0)


def write_certificate(path: Path, record: dict[str, Any]) -> None:
    """Write a certificate and say so on standard error."""
    from cutis.engine.certificate import as_text  # noqa: PLC0415

    write_text(path, as_text(record))
    typer.echo(f"{path}: a record of this run; cutis verify {path.name} repeats it.", err=True)


def _say(was: dict[str, Any], now: dict[str, Any], differences: list[str]) -> None:
    if not differences:
        result = now["result"]
        typer.echo(
            f"Equal: {now['input']['name']} gives the same {counted(result['findings'], 'finding')} (sha256 {result['sha256'][:16]}…)."
        )
        return
    typer.echo(f"Not equal to the certificate of {was['input']['name']}:")
    for text in differences:
        typer.echo(f"  {text}")


def _beside(certificate: Path, name: str) -> Path:
    path = certificate.parent / Path(name).name
    if not path.is_file():
        raise InputError(f"{path} is not there; name the file that was checked: cutis verify CERT FILE")
    return path


def certify(file: Path, options: "Options", config: "Config") -> tuple[dict[str, Any], dict[str, str]]:
    """Run a check and give its certificate, and by fingerprint where each finding stands."""
    from cutis.engine.run import check  # noqa: PLC0415
    from cutis.output.findings import as_dicts  # noqa: PLC0415
    from cutis.reference.store import Reference  # noqa: PLC0415

    report = check(file, options, Reference.default())
    places = {f["fingerprint"]: _place(f) for f in as_dicts(report, report.store.batches())}
    return of_report(report, file, options, config), places


def _place(finding: dict[str, Any]) -> str:
    lines = f" line {','.join(map(str, finding['lines']))}" if finding["lines"] else ""
    return f"claim {finding['claim']}{lines}" if finding["claim"] else "the file"


def of_report(report: "Report", file: Path, options: "Options", config: "Config") -> dict[str, Any]:
    """The certificate of a report that was made with fingerprints."""
    from cutis.engine import certificate as record  # noqa: PLC0415
    from cutis.output.findings import as_dicts  # noqa: PLC0415

    every = as_dicts(report, report.store.batches())
    return record.make(report, record.input_of(file), options, config, every)
