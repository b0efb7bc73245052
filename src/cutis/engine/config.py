"""`cutis.toml`: what a practice decides once for all its runs. Every fault of it is said at once."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from cutis.engine import baseline
from cutis.engine.baseline import Baseline
from cutis.engine.controls import Controls
from cutis.engine.toml_reader import Fault, Path_, Reader
from cutis.engine.waive import SCOPES, Waiver
from cutis.engine.worth import WHOLE, Odds, Worth
from cutis.model.errors import ConfigError, InputError, RuleError
from cutis.model.finding import Evidence, FixKind, Severity
from cutis.model.money import to_cents
from cutis.model.words import counted
from cutis.parse.faults import FAULTS
from cutis.rulekit.catalogue import near, with_own
from cutis.rulekit.custom import RuleFile, load_files, read_files
from cutis.rulekit.rule import Rule

NAME: Final = "cutis.toml"
KINDS: Final = ("medicare", "medicaid", "commercial", "workers-comp", "other")
MOST_BYTES: Final = 1 << 20
TOP: Final = ("check", "severity", "payers", "worth", "waivers")
CHECK: Final = ("select", "ignore", "locality", "state", "as_of", "baseline", "rules")
WORTH: Final = ("rework_cost", "rework_source", "odds")
WAIVER: Final = ("rule", *SCOPES, "reason", "author", "expires")


@dataclass(frozen=True, slots=True)
class Config:
    """A configuration as read, ready for a run.

    Attributes:
        name: of the file, as given; empty where there is none.
        text: of the file.
        select: names or families of rules to run.
        ignore: names or families to leave out.
        locality: MAC and locality for prices.
        state: where a claim names none.
        controls: everything else.
        rule_files: the practice's own rules as read.
        lines: line of the file by key, as `check.select`.
    """

    name: str = ""
    text: str = ""
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    locality: str | None = None
    state: str | None = None
    controls: Controls = field(default_factory=Controls)
    rule_files: tuple[RuleFile, ...] = ()
    lines: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def sha256(self) -> str:
        """Of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def find(start: Path) -> Path | None:
    """The `cutis.toml` of a folder or of the nearest folder above it."""
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / NAME).is_file():
            return folder / NAME
    return None


def load(path: Path) -> Config:
    """Read a configuration file.

    Raises:
        ConfigError: it cannot be read or has faults; all of them are in the sentence, each with its line.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ConfigError(f"{path} is over {MOST_BYTES >> 20} MB; that is no configuration")
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path} is not UTF-8 text; save it again as UTF-8") from None
    return parse(text, path.name, path.parent)


def parse(
    text: str,
    name: str,
    folder: Path,
    rule_files: tuple[RuleFile, ...] | None = None,
    *,
    with_baseline: bool = True,
) -> Config:
    """Read a configuration.

    Args:
        text: of the file.
        name: of the file, for messages.
        folder: that its paths are relative to.
        rule_files: the practice's rules where they were read before; the folders of the file are then not looked at.
        with_baseline: whether to read the baseline that the file names.

    Raises:
        ConfigError: as `load`.
    """
    reader = Reader(text)
    made = _Maker(reader, folder, with_baseline=with_baseline).config(name, rule_files)
    if reader.faults:
        raise ConfigError(sentence(name, reader.faults))
    return made


def sentence(name: str, faults: list[Fault]) -> str:
    """All faults of a file, one a line, in its order."""
    ordered = sorted(set(faults))
    if len(ordered) == 1:
        return f"{name}, {ordered[0]}"
    return f"{name} has {counted(len(ordered), 'error')}:\n" + "\n".join(f"  {f}" for f in ordered)


class _Maker:
    """Turns the parsed tables into values, noting faults on the way."""

    def __init__(self, reader: Reader, folder: Path, *, with_baseline: bool) -> None:
        self.reader = reader
        self.folder = folder
        self.with_baseline = with_baseline
        self.names: set[str] = set()
        self.rules: Mapping[str, Rule] = {}

    def config(self, name: str, rule_files: tuple[RuleFile, ...] | None) -> Config:
        reader = self.reader
        reader.table(reader.content, (), TOP)
        check = reader.part("check", CHECK)
        files = self._files(check) if rule_files is None else rule_files
        own = self._own(files)
        found = {*self.rules, *FAULTS, *(r.family for r in self.rules.values()), "format"}
        self.names = found | {a for r in self.rules.values() for a in r.aliases}
        controls = Controls(
            severity=MappingProxyType(self._severity()),
            payers=MappingProxyType(self._payers()),
            waivers=tuple(self._waivers()),
            baseline=self._baseline(check),
            worth=self._worth(),
            rules=own,
            as_of=reader.day(check["as_of"], ("check", "as_of")) if "as_of" in check else None,
        )
        lines = {".".join(map(str, p)): n for p, n in reader.lines.items()}
        return Config(
            name, reader.text, self._chosen(check, "select"), self._chosen(check, "ignore"),
            self._word(check, "locality"), self._word(check, "state"), controls, files, MappingProxyType(lines),
        )  # fmt: skip

    def _word(self, check: Mapping[str, Any], key: str) -> str | None:
        return self.reader.word(check[key], ("check", key)) if key in check else None

    def _files(self, check: Mapping[str, Any]) -> tuple[RuleFile, ...]:
        if "rules" not in check:
            return ()
        files: list[RuleFile] = []
        for entry in self.reader.words(check["rules"], ("check", "rules")):
            try:
                files += read_files(self.folder / entry, self.folder)
            except InputError as error:
                self.reader.fault(("check", "rules"), str(error))
        return tuple({f.name: f for f in files}.values())

    def _own(self, files: tuple[RuleFile, ...]) -> tuple[Rule, ...]:
        rules, faults = load_files(files)
        for fault in faults:
            self.reader.fault(("check", "rules"), fault)
        for rule in rules:
            if rule.name in FAULTS:
                said = f"{rule.module}: {rule.name!r} is the name of a fault of the file; give the rule another"
                self.reader.fault(("check", "rules"), said)
        try:
            self.rules = with_own(rules)
        except RuleError as error:
            self.reader.fault(("check", "rules"), str(error))
            self.rules = with_own(())
        return rules

    def _chosen(self, check: Mapping[str, Any], key: str) -> tuple[str, ...]:
        if key not in check:
            return ()
        chosen = self.reader.words(check[key], ("check", key))
        for name in chosen:
            self._is_name(name, ("check", key))
        return chosen

    def _is_name(self, name: str, path: Path_) -> bool:
        if name not in self.names:
            self.reader.fault(
                path, f"no rule or family is called {name!r}{near(name, self.names)}; cutis rules lists them"
            )
        return name in self.names

    def _severity(self) -> dict[str, str]:
        out: dict[str, str] = {}
        for name, value in self.reader.part("severity").items():
            path = ("severity", name)
            if not self._is_name(name, path):
                continue
            if value not in set(Severity):
                hint = "; leave a rule out with ignore" if value in {"off", "none", "ignore"} else ""
                self.reader.fault(path, f"{value!r} is no severity: error, warning or info{hint}")
                continue
            recalled = [
                r.name for r in self.rules.values() if name in {r.name, r.family} and r.evidence is Evidence.RECALLED
            ]
            if value == Severity.ERROR.value and recalled:
                self.reader.fault(
                    path,
                    f"{', '.join(recalled)} is only recalled and may not be an error: its evidence does not earn it; make it a warning",
                )
                continue
            out[name] = value
        return out

    def _payers(self) -> dict[str, str]:
        out = {}
        for payer, kind in self.reader.part("payers").items():
            if kind in KINDS:
                out[payer] = kind
            else:
                hint = near(kind, KINDS) if isinstance(kind, str) else ""
                self.reader.fault(
                    ("payers", payer), f"{kind!r} is no kind of payer{hint}; kinds are {', '.join(KINDS)}"
                )
        return out

    def _waivers(self) -> list[Waiver]:
        entries = self.reader.content.get("waivers", [])
        if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
            self.reader.fault(("waivers",), "write each waiver under a heading [[waivers]]")
            return []
        return [w for i, e in enumerate(entries) if (w := self._waiver(e, ("waivers", i)))]

    def _waiver(self, entry: Mapping[str, Any], path: Path_) -> Waiver | None:
        reader = self.reader
        before = len(reader.faults)
        reader.table(entry, path, WAIVER)
        needed = {
            "rule": "the rule or family",
            "reason": "why the finding may stand",
            "author": "who says so",
            "expires": "the last day, as 2026-12-31",
        }
        missing = {key: what for key, what in needed.items() if key not in entry}
        for key, what in missing.items():
            reader.fault(path, f"a waiver needs {key!r}: {what}")
        texts = {key: reader.word(entry[key], (*path, key)) for key in ("rule", "reason", "author") if key in entry}
        if rule := texts.get("rule"):
            self._is_name(rule, (*path, "rule"))
        expires = reader.day(entry["expires"], (*path, "expires")) if "expires" in entry else None
        scope = tuple((key, reader.words(entry[key], (*path, key))) for key in SCOPES if key in entry)
        if len(reader.faults) > before or expires is None:
            return None
        return Waiver(
            texts["rule"] or "", texts["reason"] or "", texts["author"] or "", expires, scope, reader.line(path)
        )

    def _baseline(self, check: Mapping[str, Any]) -> Baseline | None:
        name = self._word(check, "baseline")
        if name is None or not self.with_baseline:
            return None
        try:
            return baseline.read(self.folder / name)
        except InputError as error:
            self.reader.fault(("check", "baseline"), str(error))
            return None

    def _worth(self) -> Worth:
        table = self.reader.part("worth", WORTH)
        costs = self._costs(table.get("rework_cost"))
        source = (
            self.reader.word(table["rework_source"], ("worth", "rework_source")) if "rework_source" in table else None
        )
        if "rework_cost" in table and "rework_source" not in table:
            self.reader.fault(
                ("worth", "rework_cost"), "a cost needs rework_source beside it: where the figure comes from"
            )
        return Worth(MappingProxyType(costs), source or "", MappingProxyType(self._odds(table.get("odds", {}))))

    def _costs(self, value: Any) -> dict[str, int]:
        """Cents by kind of fix; one amount is for all kinds but the mechanical, which `--fix` does."""
        path: Path_ = ("worth", "rework_cost")
        if value is None:
            return {}
        kinds = [k.value for k in FixKind]
        given = value if isinstance(value, dict) else {k: value for k in kinds if k != FixKind.MECHANICAL.value}
        if isinstance(value, dict):
            self.reader.table(value, path, kinds)
        out = {FixKind.MECHANICAL.value: 0}
        for kind, cost in given.items():
            here = (*path, kind) if isinstance(value, dict) else path
            amount = self.reader.amount(
                cost, here, 'amount; write dollars in quotes, as "18.50"', most=Decimal(100_000)
            )
            if amount is not None:
                out[kind] = to_cents(amount)
        return out

    def _odds(self, table: Any) -> dict[str, Odds]:
        path: Path_ = ("worth", "odds")
        if not isinstance(table, dict):
            self.reader.fault(path, "write [worth.odds] and under it rules or families")
            return {}
        out = {}
        for name, entry in table.items():
            here = (*path, name)
            if not self._is_name(name, here):
                continue
            if not isinstance(entry, dict) or {"odds", "source"} - set(entry):
                self.reader.fault(here, 'write it as { odds = "0.85", source = "our remittances, first quarter" }')
                continue
            self.reader.table(entry, here, ("odds", "source"))
            chance = self.reader.amount(
                entry["odds"], here, 'chance; write it between 0 and 1 in quotes, as "0.85"', most=Decimal(1)
            )
            source = self.reader.word(entry["source"], (*here, "source"))
            if chance is not None and source:
                out[name] = Odds(int(chance * WHOLE), source)
        return out
