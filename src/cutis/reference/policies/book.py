"""Policies on file: the YAML files read and checked, and found by payer, date, state and the day they were known."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from cutis.model.errors import DataError
from cutis.reference.families import spans
from cutis.reference.policies.policy import Event, Kind, Policy, Standing, Status
from cutis.reference.shipped import load_shipped

FOLDER: Final = Path(__file__).parent / "data"
_KEYS: Final = {
    "policy", "payer", "also", "kind", "what", "codes", "modifier", "beside_global", "share", "levels", "products",
    "history",
}  # fmt: skip
_EVENT_KEYS: Final = {"said", "from", "to", "status", "states", "products", "source", "note", "undated"}


class Policies:
    """All policies on file."""

    def __init__(self, policies: Iterable[Policy]) -> None:
        self._policies = tuple(sorted(policies, key=lambda p: (p.payer, p.name)))
        self._names = {_plain(n): p.payer for p in self._policies for n in (p.payer, *p.also)}

    def all(self) -> tuple[Policy, ...]:
        """Every policy, by payer and name."""
        return self._policies

    def payers(self) -> list[str]:
        """Payers of whom a policy is on file."""
        return sorted({p.payer for p in self._policies})

    def payer(self, name: str) -> str | None:
        """The payer meant by a name as it stands on a claim; None where none is on file."""
        plain = _plain(name)
        if plain in self._names:
            return self._names[plain]
        begins = [n for n in self._names if plain.startswith(n + " ")]
        return self._names[max(begins, key=len)] if begins else None

    def at(
        self,
        payer: str,
        *,
        on: date,
        as_of: date | None = None,
        state: str | None = None,
        product: str | None = None,
    ) -> list[Standing]:
        """Where each policy of a payer stands.

        Args:
            payer: a name as on a claim.
            on: date of service.
            as_of: only what had been said by that day.
            state: two letters; exceptions of states hold only where it is given.
            product: line of business, as `self-insured`.

        Returns:
            One standing a policy that was known by then, in order of name; empty for a payer that is not on file.
        """
        meant = self.payer(payer)
        return [
            p.stands(on, as_of=as_of, state=state, product=product)
            for p in self._policies
            if p.payer == meant and (as_of is None or any(e.said <= as_of for e in p.history))
        ]


def _plain(name: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", name.lower()))


@cache
def load_policies(*folders: Path) -> Policies:
    """The built-in policies, with those of the user's folders over them (a policy of the same name is replaced).

    Raises:
        DataError: a file is not well formed; it is named.
    """
    found: dict[str, Policy] = {}
    for folder in (FOLDER, *folders):
        for path in sorted(folder.glob("*.yaml")):
            policy = _read(path)
            found[policy.name] = policy
    return Policies(found.values())


def _read(path: Path) -> Policy:
    try:
        own = path.parent == FOLDER
        content: Any = load_shipped(path) if own else yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise DataError(f"policy file {path.name} cannot be read: {error}".replace("\n", " ")) from None
    if not isinstance(content, dict):
        raise DataError(
            f"policy file {path.name} is not a policy: it must be a mapping with {', '.join(sorted(_KEYS))}"
        )
    if unknown := sorted(str(k) for k in set(content) - _KEYS):
        raise DataError(f"policy file {path.name} has unknown entries: {', '.join(unknown)}")
    try:
        return _policy(content)
    except KeyError as error:
        raise DataError(f"policy file {path.name} has no {error}") from None
    except (TypeError, ValueError, AttributeError, InvalidOperation) as error:
        raise DataError(f"policy file {path.name} is not well formed: {error}".replace("\n", " ")) from None


def _policy(content: dict[str, Any]) -> Policy:
    kind = Kind(content["kind"])
    share = Decimal(str(content["share"])) if "share" in content else None
    levels = int(content.get("levels", 0))
    if (kind is Kind.SHARE) != (share is not None) or (kind is Kind.LEVEL) != (levels > 0):
        raise ValueError("kind share needs share, kind level needs levels, and no other kind has them")
    if share is not None and not 0 <= share <= Decimal(3):
        raise ValueError(f"share {share} is not between 0 and 3")
    history = tuple(sorted((_event(e) for e in content["history"]), key=lambda e: (e.said, e.first)))
    if not history:
        raise ValueError("history is empty: a policy without a source is none")
    return Policy(
        name=str(content["policy"]),
        payer=str(content["payer"]),
        also=tuple(str(x) for x in content.get("also", ())),
        kind=kind,
        what=str(content["what"]).strip(),
        code_words=_code_words(str(content["codes"])),
        modifier=str(content.get("modifier", "")),
        beside_global=tuple(str(x) for x in content.get("beside_global", ())),
        share=share,
        levels=levels,
        products=tuple(str(x) for x in content.get("products", ())),
        history=history,
    )


def _code_words(words: str) -> str:
    spans(words)  # a range that is none is told now, not when someone asks for the codes
    return words


def _event(entry: dict[str, Any]) -> Event:
    if unknown := sorted(str(k) for k in set(entry) - _EVENT_KEYS):
        raise ValueError(f"an event has unknown entries: {', '.join(unknown)}")
    status = Status(entry["status"])
    days = {k: entry.get(k) for k in ("said", "from", "to")}
    wrong = [k for k, v in days.items() if (v is not None or k != "to") and not _is_day(v)]
    if wrong or status is Status.UNKNOWN:
        raise ValueError(f"an event needs a status and days, as 2025-10-01; wrong: {', '.join(wrong) or 'status'}")
    source = str(entry["source"])
    if not source.startswith(("https://", "http://")):
        raise ValueError(f"source {source!r} is not the address of a page")
    return Event(
        said=entry["said"],
        first=entry["from"],
        last=entry.get("to"),
        status=status,
        states=tuple(str(x).upper() for x in entry.get("states", ())),
        products=tuple(str(x) for x in entry.get("products", ())),
        source=source,
        note=str(entry.get("note", "")).strip(),
        undated=bool(entry.get("undated", False)),
    )


def _is_day(value: object) -> bool:
    return type(value) is date
