"""`cutis code --ask`: what was done, asked step by step, with what was understood and what it makes so far."""

import json
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import typer

from cutis.model.errors import InputError

if TYPE_CHECKING:
    from cutis.coding.result import Coding, Question
    from cutis.reference.store import Reference

MOST_ROUNDS = 60
_STOP = frozenset({"q", "quit", "stop", "done"})
_NO_VISIT = frozenset({"", "n", "no", "none"})


def _say(text: str, *, dim: bool = False) -> None:
    typer.secho(text, err=True, dim=dim)


def _prompt(text: str, default: str = "") -> str:
    answer: str = typer.prompt(text, default=default, show_default=bool(default), err=True)
    return answer.strip()


def first_facts() -> dict[str, Any]:
    """Procedures, payer and visit in the chart's words; whatever else is needed the coder asks."""
    _say(
        "What was done? One procedure at a time, in the words of the chart. Enter alone goes on, - takes the last back."
    )
    data: dict[str, Any] = {"procedures": []}
    try:
        while technique := _prompt(f"procedure {len(data['procedures']) + 1}"):
            if technique == "-":
                data["procedures"] = data["procedures"][:-1]
                continue
            if not _understood(technique):
                continue
            site = _prompt("  site and side")
            _told_site(site)
            count = _prompt("  how many", default="1")
            data["procedures"].append({"technique": technique, "site": site or None, "count": count})
        if payer := _prompt("payer"):
            data["payer"] = payer
        visit = _prompt("visit of the day: new, established, or Enter for none").lower()
        if visit not in _NO_VISIT:
            data["em"] = {"patient": visit}
    except typer.Abort:
        _say("")
    return data


def _understood(technique: str) -> bool:
    """Say what the words are taken for; false where they are no technique, with what comes near."""
    from cutis.coding.desk import dispatch  # noqa: PLC0415 - `cutis --help` should not load the coder
    from cutis.coding.phrases import table  # noqa: PLC0415

    found = dispatch(technique)
    if found.technique is not None:
        if found.technique != technique.lower():
            _say(f"  taken as: {found.technique}", dim=True)
        return True
    known = [p for name, phrases in table("techniques").items() for p in (name, *phrases)]
    near = get_close_matches(technique.lower(), known, n=3, cutoff=0.6)
    _say(f"  {technique!r} is no technique the coder knows." + (f" Perhaps: {', '.join(near)}?" if near else ""))
    return False


def _told_site(site: str) -> None:
    from cutis.coding.sites import place  # noqa: PLC0415

    if site and not place(site).regions:
        _say("  no place the coder knows; name the part of the body, as: left cheek", dim=True)


def asked(data: dict[str, Any], reference: "Reference", *, assume: bool) -> "Coding":
    """Code, ask the first open question, and code again, until none is open or each was left unanswered.

    Args:
        data: the encounter so far; answers are put into it.
        reference: tables.
        assume: at the end take the least of what was left unanswered, and list it.
    """
    from cutis.coding.coder import code_encounter  # noqa: PLC0415
    from cutis.coding.encounter import Encounter  # noqa: PLC0415

    skipped: set[str] = set()
    shown, last = "", ""
    for number in range(1, MOST_ROUNDS + 1):
        answer = code_encounter(Encounter.read(data), reference, assume=False)
        shown = _so_far(answer, shown)
        left = [q for q in answer.questions if q.fact not in skipped]
        if not left:
            break
        if number == 1:
            _say("Enter leaves a question open, q ends.", dim=True)
        if left[0].question == last:
            _say("  not understood; other words, or Enter to leave it open")
        last = left[0].question
        try:
            said = _prompt(_worded(left[0], len(left)))
        except typer.Abort:
            _say("")
            break
        if said.lower() in _STOP:
            break
        data = _answered(data, left[0], said, skipped)
    return code_encounter(Encounter.read(data), reference, assume=assume)


def _worded(question: "Question", left: int) -> str:
    why = f" ({question.why})" if question.why else ""
    more = f" [{left} open]" if left > 1 else ""
    return question.question[:1].upper() + question.question[1:] + why + more


def _so_far(answer: "Coding", shown: str) -> str:
    """The lines so far, where they have changed."""
    from cutis.coding.result import short  # noqa: PLC0415

    now = ", ".join(short(line) for line in answer.lines)
    if now and now != shown:
        _say(f"  so far: {now}", dim=True)
    return now or shown


def _answered(data: dict[str, Any], question: "Question", said: str, skipped: set[str]) -> dict[str, Any]:
    """The data with an answer in its place; unchanged where none was given or it cannot be one."""
    from cutis.coding.encounter import Encounter  # noqa: PLC0415

    changed = json.loads(json.dumps(data))
    if not said or not put(changed, question.fact, said):
        skipped.add(question.fact)
        return data
    try:
        Encounter.read(changed)
    except InputError as error:
        _say(f"  {error}")
        return data
    return changed  # type: ignore[no-any-return]


def put(data: dict[str, Any], path: str, value: str) -> bool:
    """Set the fact at `procedures.0.margin_cm`.

    Returns:
        False where the path leads nowhere.
    """
    *way, last = path.split(".")
    here: Any = data
    for part in way:
        if isinstance(here, list) and part.isdigit() and int(part) < len(here):
            here = here[int(part)]
        elif isinstance(here, dict):
            here = here.setdefault(part, {})
        else:
            return False
    if not isinstance(here, dict):
        return False
    here[last] = value
    return True
