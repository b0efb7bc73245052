"""Baseline: the findings of an earlier run, so that only new ones are shown.

A finding is known by its fingerprint: a hash of the rule, the claim's id and what the line says (code, modifiers,
units, day, provider, place) and of the codes that its message names. Neither the place of a line in its claim nor of a
claim in its file goes into it, nor the wording of messages. The file holds names of rules and hashes, nothing else.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from cutis.model import columns as c
from cutis.model.errors import InputError
from cutis.model.finding import FINGERPRINT
from cutis.model.version import VERSION

SCHEMA_NUMBER: Final = 1
KIND: Final = "cutis-baseline"
DIGITS: Final = 24
MOST_BYTES: Final = 256 << 20

IDENTITY: Final = (
    c.CODE, *c.MODIFIERS, c.UNITS, c.SERVICE_FROM, c.RENDERING_NPI, c.PLACE_OF_SERVICE,
)  # fmt: skip
"""Columns of the line that make up what it says; null for findings about a claim or the file."""

_CODE = re.compile(r"\b(?:[0-9]{4}[0-9A-Z]|[A-Z][0-9]{4})\b")
_HASH = re.compile(rf"[0-9a-f]{{{DIGITS}}}")


def fingerprints(rows: pl.DataFrame) -> pl.Series:
    """Fingerprints of findings, as strings of `DIGITS` hexadecimal digits.

    Args:
        rows: findings beside the columns of `IDENTITY` of their line, null where they name no line; the findings of a
            claim all together, since equal ones in it are numbered.
    """
    columns = ["rule", c.CLAIM_INDEX, c.CLAIM_ID, "element", "message", *IDENTITY]
    seen: Counter[tuple[int | None, str]] = Counter()
    made = []
    for row in rows.select(columns).iter_rows():
        rule, index, claim, element, message, code, *rest = row
        modifiers = sorted(m for m in rest[:4] if m)
        units, day, provider, place = rest[4:]
        said = sorted(set(_CODE.findall(message)))
        parts = ("1", rule, claim, code or element, *modifiers, units, day, provider, place, *said)
        text = "\x1f".join("" if p is None else str(p) for p in parts)
        # not over claims: how the file is cut into chunks must not matter
        seen[index, text] += index is not None
        made.append(hashlib.sha256(f"{text}\x1f{seen[index, text]}".encode()).hexdigest()[:DIGITS])
    return pl.Series(FINGERPRINT, made, dtype=pl.String)


@dataclass(frozen=True, slots=True)
class Baseline:
    """Fingerprints of an earlier run by rule, and the hash of the file they were read from."""

    known: Mapping[str, frozenset[str]]
    sha256: str = ""
    name: str = ""

    @property
    def all(self) -> frozenset[str]:
        """Every fingerprint."""
        return frozenset().union(*self.known.values())


def read(path: Path) -> Baseline:
    """Read a baseline file.

    Raises:
        InputError: it is not there, not a baseline, or of another schema.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError(f"baseline {path.name} is over {MOST_BYTES >> 20} MB; write it again from a smaller input")
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"baseline {path} cannot be read: {error.strerror}; write it with --write-baseline") from None
    return Baseline(_known(path.name, data), hashlib.sha256(data).hexdigest(), path.name)


def _known(name: str, data: bytes) -> dict[str, frozenset[str]]:
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        raise InputError(f"baseline {name} is not JSON; write it again with --write-baseline") from None
    if not isinstance(content, dict) or content.get("kind") != KIND:
        raise InputError(f"{name} is no baseline of Cutis; write one with --write-baseline")
    if content.get("schema") != SCHEMA_NUMBER:
        raise InputError(f"baseline {name} has schema {content.get('schema')!r}; this version reads {SCHEMA_NUMBER}")
    findings = content.get("findings")
    good = isinstance(findings, dict) and all(
        isinstance(v, list) and all(isinstance(h, str) and _HASH.fullmatch(h) for h in v) for v in findings.values()
    )
    if not good:
        raise InputError(f"baseline {name} is damaged: 'findings' must hold lists of fingerprints by rule")
    return {rule: frozenset(hashes) for rule, hashes in content["findings"].items()}


def as_text(found: Iterable[tuple[str, str]]) -> str:
    """The baseline file of findings, given as (rule, fingerprint); the same findings give the same bytes."""
    by_rule: dict[str, set[str]] = {}
    for rule, mark in found:
        by_rule.setdefault(rule, set()).add(mark)
    content: dict[str, Any] = {
        "schema": SCHEMA_NUMBER,
        "kind": KIND,
        "cutis": VERSION,
        "findings": {rule: sorted(marks) for rule, marks in sorted(by_rule.items())},
    }
    return json.dumps(content, indent=1) + "\n"


@dataclass(frozen=True, slots=True)
class BaselineUse:
    """How a run compares with its baseline.

    Attributes:
        name: of the file.
        sha256: of the file.
        known: findings of this run that the baseline has, by rule.
        gone: fingerprints of the baseline that this run did not find, by rule.
    """

    name: str
    sha256: str
    known: Mapping[str, int]
    gone: Mapping[str, int]

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "name": self.name,
            "sha256": self.sha256,
            "known": sum(self.known.values()),
            "gone": sum(self.gone.values()),
            "known_by_rule": dict(sorted(self.known.items())),
            "gone_by_rule": dict(sorted(self.gone.items())),
        }
