"""`cutis rules --test` and `--docs`: a practice's own rules tested, and their pages written."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from cutis.cli.control_options import write_text
from cutis.model.errors import ConfigError
from cutis.model.words import counted

if TYPE_CHECKING:
    from cutis.rulekit.rule import Rule


def test(path: Path) -> bool:
    """Test the YAML rules of a file or folder and print what each gave.

    Returns:
        Whether all hold.

    Raises:
        ConfigError: a file is no rule; every fault of every file is in the sentence.
        InputError: there is nothing at the path.
    """
    from cutis.reference.store import Reference  # noqa: PLC0415
    from cutis.rulekit.catalogue import with_own  # noqa: PLC0415
    from cutis.rulekit.custom import read_files, run_tests  # noqa: PLC0415

    tested, faults = run_tests(read_files(path), Reference.default())
    if faults:
        raise ConfigError(
            faults[0]
            if len(faults) == 1
            else f"{counted(len(faults), 'error')}:\n" + "\n".join(f"  {f}" for f in faults)
        )
    with_own(t.rule for t in tested)
    for one in tested:
        typer.echo(
            f"{one.rule.name}: "
            + (f"{one.cases} tests hold" if not one.wrong else f"{len(one.wrong)} of {one.cases} tests fail")
        )
        for sentence in one.wrong:
            typer.echo(f"  {sentence}")
    return not any(one.wrong for one in tested)


def write_pages(rules: "tuple[Rule, ...]", folder: Path) -> None:
    """Write the page of each of the practice's rules in Markdown, and a list of them.

    Raises:
        ConfigError: there are no such rules.
        InputError: the folder cannot be written.
    """
    from cutis.model.errors import InputError  # noqa: PLC0415
    from cutis.output.pages import as_markdown  # noqa: PLC0415

    if not rules:
        raise ConfigError("there are no rules of the practice; name their folder in cutis.toml under [check] rules")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder} cannot be made: {error.strerror}") from None
    rows = ["# Rules of the practice", "", "| family | rule | severity | what it finds |", "|---|---|---|---|"]
    for rule in sorted(rules, key=lambda r: (r.family, r.name)):
        write_text(folder / f"{rule.name}.md", as_markdown(rule))
        what = rule.doc.what.replace("|", "\\|")
        rows.append(f"| {rule.family} | [{rule.name}]({rule.name}.md) | {rule.severity.value} | {what} |")
    write_text(folder / "index.md", "\n".join(rows) + "\n")
    typer.echo(f"{folder}: {counted(len(rules), 'page')} and index.md")
