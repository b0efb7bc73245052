"""`cutis new-rule FAMILY/NAME`: the two files of a new rule, ready to be filled."""

import re
from pathlib import Path
from typing import Annotated

import typer

from cutis.cli.control_options import write_text
from cutis.model.errors import ConfigError

RULE = '''"""SENTENCE: what is wrong, in one line."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule


@rule(
    "{name}",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    evidence=Evidence.RECALLED,
    authority="who says so, as a reader would look it up",
    since="{since}",
    codes=("11102",),
    fix=FixKind.NEEDS_CHART,
    fix_text="What to do about {{code}}.",
    question="What must the chart say?",
    message="{{code}} is ...",
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """One sentence that names the fault.

    What it finds:
        Which lines, in words of the field.

    Why:
        What the payer does, and on what ground.

    Example:
        11102 x2 dx=D49.2

    Instead:
        11102 dx=D49.2

    References:
        The document and its section.
    """
    return lines.filter(pl.col(c.UNITS) > 1)
'''
CASES = """rule: {name}
cases:
  - name: a sentence of what is found
    lines: [11102 x2 dx=D49.2]
    finds: {{1: "11102"}}
  - name: a sentence of what is not
    lines: [11102 dx=D49.2]
    finds: {{}}
"""


YAML = """# A rule of the practice. Test it with: cutis rules --test {name}.yaml
name: {name}
what: One sentence that names what is found.
why: What the payer does, and on what ground.
severity: warning          # error, warning or info
evidence: published        # published: authority says who; recalled: from memory, never an error
authority: Who says so, as a reader would look it up
message: "{{code}} has {{units}} units."
fix_text: What to do about {{code}}.
question: What must the chart say?
payers: [commercial]       # medicare, medicaid, commercial, workers-comp, other; leave out for all
in_force: {{from: 2026-01-01}}
when:                      # all of these must hold
  codes: [17110, 17111]    # codes, ranges (11300-11303) or families of codes (mohs)
  units: {{over: 1}}         # over, under, at_least, at_most
example:                   # must be found
  - 17110 x2 dx=B07.8 payer=commercial
instead:                   # must be clear
  - 17110 dx=B07.8 payer=commercial
cases:
  - name: another payer is left alone
    lines: [17110 x2 dx=B07.8 payer=medicare]
    finds: []
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("new-rule")(new_rule)


def new_rule(
    name: Annotated[str, typer.Argument(help="FAMILY/NAME, as destruction/ak-count-split-over-two-codes.")],
    root: Annotated[Path, typer.Option(help="Root of the source tree; with --yaml the folder to write to.")] = Path(),
    package: Annotated[
        Path | None, typer.Option(help="Folder of a package of your own rules (under --root) to write to instead.")
    ] = None,
    yaml: Annotated[bool, typer.Option("--yaml", help="Write NAME.yaml instead: a rule without Python.")] = False,
) -> None:
    """Write the two files of a new rule: the rule and its cases. Nothing else needs to be registered."""
    if yaml:
        _new_yaml(name, root)
        return
    from cutis.model.version import VERSION  # noqa: PLC0415
    from cutis.rulekit.catalogue import catalogue  # noqa: PLC0415

    match = re.fullmatch(r"([a-z]+(?:-[a-z]+)*)/([a-z0-9]+(?:-[a-z0-9]+)*)", name)
    if not match:
        raise ConfigError(f"{name!r} must be FAMILY/NAME in kebab-case, as mohs/stage-without-first")
    family, slug = match.groups()
    if slug in catalogue():
        raise ConfigError(f"there is a rule called {slug!r} already; names are never reused")
    home = root / (package or Path("src", "cutis", "rules"))
    source = home / family.replace("-", "_") / f"{slug.replace('-', '_')}.py"
    cases = root / "tests" / "cases" / family / f"{slug}.yaml"
    if package is not None and not (home / "__init__.py").is_file():
        raise ConfigError(f"{home} is no package: it has no __init__.py")
    if not home.is_dir():
        raise ConfigError(
            f"{root} is not the root of a Cutis source tree; name it with --root, or your own package with --package"
        )
    for path, text in ((source, RULE.format(name=slug, since=VERSION)), (cases, CASES.format(name=slug))):
        if path.exists():
            raise ConfigError(f"{path} exists already")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        typer.echo(str(path))
    init = source.parent / "__init__.py"
    if not init.exists():
        init.write_text(f'"""{family.capitalize().replace("-", " ")}."""\n', encoding="utf-8")
        typer.echo(str(init))


def _new_yaml(name: str, folder: Path) -> None:
    from cutis.parse.faults import FAULTS  # noqa: PLC0415
    from cutis.rulekit.catalogue import catalogue  # noqa: PLC0415

    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", name):
        raise ConfigError(f"{name!r} must be words in lower case with - between, as wart-units-for-sunrise")
    if name in catalogue() or name in FAULTS:
        raise ConfigError(f"there is a rule called {name!r} already; names are never reused")
    path = folder / f"{name}.yaml"
    if path.exists():
        raise ConfigError(f"{path} exists already")
    if not folder.is_dir():
        raise ConfigError(f"there is no folder {folder}")
    write_text(path, YAML.format(name=name))
    typer.echo(str(path))
