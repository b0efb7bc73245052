"""What is in force for a run, and where each value comes from: the command line before `cutis.toml` before the default."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from cutis.engine.baseline import Baseline
from cutis.engine.config import Config
from cutis.engine.options import Options
from cutis.model.money import dollars
from cutis.model.words import counted

DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Given:
    """What was given on the command line (or by a caller); None where nothing was."""

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    locality: str | None = None
    state: str | None = None
    as_of: date | None = None
    baseline: Baseline | None = None
    payer: str | None = None
    history: tuple[Path, ...] = ()
    fingerprints: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """One value in force, in words, and where it comes from."""

    key: str
    value: str
    origin: str

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"key": self.key, "value": self.value, "origin": self.origin}


def options(config: Config, given: Given) -> Options:
    """The options of a run. A value given replaces that of the configuration; lists are replaced, not joined."""
    controls = replace(
        config.controls,
        as_of=given.as_of or config.controls.as_of,
        baseline=given.baseline or config.controls.baseline,
        fingerprints=given.fingerprints,
    )
    return Options(
        select=config.select if given.select is None else given.select,
        ignore=config.ignore if given.ignore is None else given.ignore,
        locality=given.locality or config.locality,
        state=given.state or config.state,
        payer=given.payer,
        history=given.history,
        controls=controls,
    )


def listed(config: Config, given: Given) -> list[Setting]:
    """Every value in force with its origin, in the order of the manual."""
    return list(_listed(config, given, options(config, given)))


def _listed(config: Config, given: Given, made: Options) -> Iterator[Setting]:
    controls = made.controls

    def origin(key: str, name: str) -> str:
        if getattr(given, name) is not None:
            return "command line"
        line = config.lines.get(key)
        return f"{config.name}, line {line}" if line else DEFAULT

    def whence(key: str) -> str:
        return f"{config.name}, line {config.lines[key]}" if key in config.lines else config.name

    yield Setting("select", ", ".join(made.select) or "all rules", origin("check.select", "select"))
    yield Setting("ignore", ", ".join(made.ignore) or "none", origin("check.ignore", "ignore"))
    yield Setting("locality", made.locality or "of each claim, else national", origin("check.locality", "locality"))
    yield Setting("state", made.state or "of each claim", origin("check.state", "state"))
    as_of = controls.as_of.isoformat() if controls.as_of else "the latest service date of the input"
    yield Setting("as_of", as_of, origin("check.as_of", "as_of"))
    base = (
        f"{controls.baseline.name} ({counted(len(controls.baseline.all), 'finding')})" if controls.baseline else "none"
    )
    yield Setting("baseline", base, origin("check.baseline", "baseline"))
    for rule in controls.rules:
        yield Setting("rule of the practice", rule.name, rule.module)
    for name, severity in controls.severity.items():
        yield Setting(f"severity of {name}", severity, whence(f"severity.{name}"))
    for payer, kind in controls.payers.items():
        yield Setting(f"payer {payer}", kind, whence(f"payers.{payer}"))
    for waiver in controls.waivers:
        said = f"until {waiver.expires} by {waiver.author}: {waiver.reason}"
        yield Setting(f"waiver of {waiver.described()}", said, f"{config.name}, line {waiver.line}")
    yield from _worth(config, made)


def _worth(config: Config, made: Options) -> Iterator[Setting]:
    worth = made.controls.worth
    line = config.lines.get("worth.rework_cost")
    if not worth.cost_cents:
        yield Setting("rework cost", "not stated", DEFAULT)
    for kind, cents in sorted(worth.cost_cents.items()):
        origin = f"{config.name}, line {line}: {worth.cost_source}" if line else f"{config.name}: {worth.cost_source}"
        yield Setting(f"rework cost ({kind})", f"${dollars(cents)}", origin)
    for name, odds in worth.odds.items():
        yield Setting(f"odds of denial of {name}", odds.text, odds.source)
