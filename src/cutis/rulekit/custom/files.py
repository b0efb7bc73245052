"""Files and folders of YAML rules."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cutis.model.errors import InputError
from cutis.rulekit.custom.record import Custom, build
from cutis.rulekit.rule import Rule

SUFFIXES: Final = (".yaml", ".yml")
MOST_BYTES: Final = 256 << 10


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A file of one rule as read: its name under the configuration's folder, and its text."""

    name: str
    text: str

    @property
    def sha256(self) -> str:
        """Of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def read_files(path: Path, base: Path | None = None) -> list[RuleFile]:
    """The rule files at a path: the file itself, or every YAML file of the folder and those under it, by name.

    Args:
        path: of a file or folder.
        base: folder that names are given relative to, where the file lies under it.

    Raises:
        InputError: there is nothing, or a file is not readable text.
    """
    if path.is_dir():
        files = sorted(p for p in path.rglob("*") if p.suffix in SUFFIXES and p.is_file())
        if not files:
            raise InputError(f"{path} holds no YAML file; cutis new-rule --yaml NAME writes one")
    elif path.is_file():
        files = [path]
    else:
        raise InputError(f"there is no file or folder {path}")
    return [RuleFile(_name(f, base or path.parent), _text(f)) for f in files]


def _name(path: Path, base: Path) -> str:
    return path.relative_to(base).as_posix() if path.is_relative_to(base) else path.name


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError(f"{path.name} is over {MOST_BYTES >> 10} KB; a file holds one rule")
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InputError(f"{path.name} is not UTF-8 text; save it again as UTF-8") from None


def build_files(files: Iterable[RuleFile]) -> tuple[list[Custom], list[str]]:
    """Rules with their cases, and the faults of all files at once."""
    made: list[Custom] = []
    faults: list[str] = []
    for file in files:
        custom, wrong = build(file.name, file.text)
        faults += wrong
        if custom is not None:
            made.append(custom)
    return made, faults


def load_files(files: Iterable[RuleFile]) -> tuple[tuple[Rule, ...], list[str]]:
    """The rules of files, and the faults of all files at once, each with file and line."""
    made, faults = build_files(files)
    return tuple(m.rule for m in made), faults
