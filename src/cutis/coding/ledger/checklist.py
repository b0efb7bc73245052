"""The documentation checklist: what a payer's reviewer looks for, and whether the chart has it."""

from functools import lru_cache
from typing import Any, Final, NamedTuple

import yaml

from cutis.coding.ledger.entries import BilledLine
from cutis.coding.ledger.meanings import FOLDER, Meaning, meanings
from cutis.coding.notes.acts import Act
from cutis.coding.notes.reader import NoteFacts
from cutis.coding.phrases import LOADER
from cutis.model.errors import ConfigError

_ASKED_AS: Final = {"mohs stage": "mohs", "mohs block": "mohs", "repair more": "repair", "flap more": "flap"}


class Item(NamedTuple):
    """One thing a reviewer looks for; `found` is None without a chart."""

    ask: str
    found: bool | None
    quote: str | None = None


class Ask(NamedTuple):
    """One thing a reviewer looks for in a family: lines held against it, how many lack it, and their claims."""

    ask: str
    lines: int
    without: int
    missing: tuple[str, ...]


class Family(NamedTuple):
    """The checklist of a code family over a file."""

    topic: str
    codes: tuple[str, ...]
    lines: int
    asks: tuple[Ask, ...]

    def as_dict(self) -> dict[str, Any]:
        """As JSON."""
        asks = [{"ask": a.ask, "lines": a.lines, "without": a.without, "missing": list(a.missing)} for a in self.asks]
        return {"family": self.topic, "codes": list(self.codes), "lines": self.lines, "asks": asks}


def families(held: list[tuple[str, BilledLine, list[Item]]]) -> list[Family]:
    """Checklists counted by code family.

    Args:
        held: claim, line and its items.

    Returns:
        Families in the order of the lists, each ask with the claims that lack it, in the order of the claims.
    """
    found: list[Family] = []
    for name in _lists():
        own = [(claim, line, items) for claim, line, items in held if topic(meanings()[line.code]) == name]
        if not own:
            continue
        asks: dict[str, list[tuple[str, bool | None]]] = {}
        for claim, _, items in own:
            for item in items:
                asks.setdefault(item.ask, []).append((claim, item.found))
        counted = tuple(
            Ask(
                ask,
                len(held_),
                sum(not had for _, had in held_),
                tuple(dict.fromkeys(claim for claim, had in held_ if not had)),
            )
            for ask, held_ in asks.items()
        )
        found.append(Family(name, tuple(sorted({line.code for _, line, _ in own})), len(own), counted))
    return found


@lru_cache(maxsize=1)
def _lists() -> dict[str, list[dict[str, Any]]]:
    text = (FOLDER / "checklist.yaml").read_text(encoding="utf-8")
    data: dict[str, list[dict[str, Any]]] = yaml.load(text, LOADER)  # noqa: S506 - a safe loader
    return data


def topic(meaning: Meaning) -> str:
    """The checklist that a code falls under."""
    return meaning.what or _ASKED_AS.get(meaning.kind, meaning.kind)


def topics() -> list[str]:
    """All checklists."""
    return sorted(_lists())


def for_code(code: str) -> list[str]:
    """What a reviewer asks of a code.

    Raises:
        ConfigError: the ledger does not know the code.
    """
    meaning = meanings().get(code.upper())
    if meaning is None:
        raise ConfigError(f"there is no documentation checklist for {code}; families: {', '.join(topics())}")
    return [entry["ask"] for entry in _lists().get(topic(meaning), []) if entry.get("class") in {None, meaning.repair}]


def hold(meaning: Meaning, act: Act | None, facts: NoteFacts, record: str = "") -> list[Item]:
    """The checklist of a billed code, held against the chart.

    Args:
        meaning: of the code.
        act: the act that the line was matched with; None where there is none.
        facts: of the note.
        record: words of the specimens of the claim in reports and logs, or an empty text.
    """
    entries = [e for e in _lists().get(topic(meaning), []) if e.get("class") in {None, meaning.repair}]
    return [_item(entry, act, facts, record) for entry in entries]


def _item(entry: dict[str, Any], act: Act | None, facts: NoteFacts, record: str) -> Item:
    names = [n for n in (entry.get("fact"), *entry.get("or", ())) if n]
    if act is not None:
        for name in names:
            if name == "technique":
                return Item(entry["ask"], found=True, quote=facts.quote(act.start, act.end))
            if fact := act.facts.get(name):
                return Item(entry["ask"], found=True, quote=facts.quote(fact.start, fact.end))
    if visit := entry.get("visit"):
        return _visit_item(entry, visit, facts)
    if entry.get("record") and record:
        return Item(entry["ask"], found=True, quote=record.split("\n", 1)[0])
    text = f"{facts.document.text}\n{record}".lower()
    word = next((w for w in entry.get("text", ()) if w in text), None)
    return Item(entry["ask"], found=word is not None, quote=word)


def _visit_item(entry: dict[str, Any], name: str, facts: NoteFacts) -> Item:
    if name == "problems":
        problem = next(iter(facts.visit.problems), None)
        return Item(
            entry["ask"], found=problem is not None, quote=facts.quote(problem.start, problem.end) if problem else None
        )
    for wanted in (name, *entry.get("or", ())):
        if fact := facts.visit.facts.get(wanted):
            return Item(entry["ask"], found=True, quote=facts.quote(fact.start, fact.end))
    return Item(entry["ask"], found=False)
