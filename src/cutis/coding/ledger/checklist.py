"""The documentation checklist: what a payer's reviewer looks for, and whether the chart has it."""

from functools import lru_cache
from typing import Any, Final, NamedTuple

import yaml

from cutis.coding.ledger.meanings import FOLDER, Meaning, meanings
from cutis.coding.notes.acts import Act
from cutis.coding.notes.reader import NoteFacts
from cutis.model.errors import ConfigError

_ASKED_AS: Final = {"mohs stage": "mohs", "mohs block": "mohs", "repair more": "repair", "flap more": "flap"}


class Item(NamedTuple):
    """One thing a reviewer looks for; `found` is None without a chart."""

    ask: str
    found: bool | None
    quote: str | None = None


@lru_cache(maxsize=1)
def _lists() -> dict[str, list[dict[str, Any]]]:
    data: dict[str, list[dict[str, Any]]] = yaml.safe_load((FOLDER / "checklist.yaml").read_text(encoding="utf-8"))
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


def hold(meaning: Meaning, act: Act | None, facts: NoteFacts) -> list[Item]:
    """The checklist of a billed code, held against the chart.

    Args:
        meaning: of the code.
        act: the act that the line was matched with; None where there is none.
        facts: of the note.
    """
    entries = [e for e in _lists().get(topic(meaning), []) if e.get("class") in {None, meaning.repair}]
    return [_item(entry, act, facts) for entry in entries]


def _item(entry: dict[str, Any], act: Act | None, facts: NoteFacts) -> Item:
    names = [n for n in (entry.get("fact"), *entry.get("or", ())) if n]
    if act is not None:
        for name in names:
            if name == "technique":
                return Item(entry["ask"], found=True, quote=facts.quote(act.start, act.end))
            if fact := act.facts.get(name):
                return Item(entry["ask"], found=True, quote=facts.quote(fact.start, fact.end))
    if visit := entry.get("visit"):
        return _visit_item(entry, visit, facts)
    text = facts.document.text.lower()
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
