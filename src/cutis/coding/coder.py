"""From an encounter to its lines: one call for one encounter, and the same in parallel for a file of them."""

import gc
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.context import BaseContext
from os import cpu_count
from pathlib import Path
from typing import Any, Final

from cutis.coding import global_period, modifiers, visit
from cutis.coding.book import book_of
from cutis.coding.desk import Desk
from cutis.coding.encounter import Encounter
from cutis.coding.registry import ALL, FINISHERS, LAST
from cutis.coding.result import Coding
from cutis.coding.settle import settle
from cutis.reference.store import Reference

_CHUNK: Final = 500
_PARALLEL_FROM: Final = 2_000


def code_encounter(encounter: Encounter, reference: Reference, *, assume: bool = False) -> Coding:
    """The lines that stand for an encounter, each with its reasons.

    Args:
        encounter: what was done.
        reference: tables; fee, ptp, mue and icd10 are asked where loaded.
        assume: where a fact is missing, take the least it can be and list it; else it is a question and no line.

    Returns:
        Lines in the order to bill, questions, assumptions, and what makes no line.
    """
    desk = Desk(encounter, book_of(reference, encounter.date), assume=assume)
    settle(desk)
    later = []
    for act in desk.acts:
        if act.absorbed:
            continue
        if act.family in LAST:
            later.append(act)
        else:
            ALL[act.family](act, desk)
    for act in later:
        ALL[act.family](act, desk)
    if desk.tallies:
        for finish in FINISHERS:
            finish(desk)
    modifiers.anatomic(desk)
    global_period.modify(desk)
    visit.code(desk)
    modifiers.repeats(desk)
    modifiers.pairs(desk)
    modifiers.payer(desk)
    modifiers.order(desk)
    return desk.coding


def code_many(
    encounters: Iterable[Any],
    reference: Reference | None = None,
    *,
    assume: bool = False,
    workers: int | None = None,
) -> Iterator[dict[str, Any]]:
    """Code many encounters, in parallel where there are many; answers in the order of the encounters.

    Args:
        encounters: plain data of each, as `Encounter.read` takes it; taken from the iterable as needed.
        reference: tables; default those that `Reference.default()` gives. Its folders are opened again in each process.
        assume: as in `code_encounter`.
        workers: processes; default one for each core. 1 stays in this process.

    Yields:
        The promised JSON of each encounter as plain data.
    """
    reference = reference or Reference.default()
    stream = iter(encounters)
    head = list(islice(stream, _PARALLEL_FROM))
    count = workers if workers is not None else cpu_count() or 1
    if count == 1 or len(head) < _PARALLEL_FROM:
        for data in (*head, *stream):
            yield code_encounter(Encounter.read(data), reference, assume=assume).as_dict()
        return
    with ProcessPoolExecutor(
        count, mp_context=_context(), initializer=_open, initargs=(reference.folders, assume)
    ) as pool:
        batch = head
        while batch:
            parts = [batch[i : i + _CHUNK] for i in range(0, len(batch), _CHUNK)]
            for answers in pool.map(_part, parts):
                yield from answers
            batch = list(islice(stream, _PARALLEL_FROM * 4))


def _context() -> BaseContext:
    """Fresh processes: a fork of one in which Polars has started its threads would wait for them for ever."""
    if "forkserver" not in get_all_start_methods():
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


_WORKER: dict[str, Any] = {}


def _open(folders: tuple[Path, ...], assume: bool) -> None:
    _WORKER["reference"] = Reference(folders)
    _WORKER["assume"] = assume
    # Tables stay for the life of the process: the collector need not look at them again for every batch.
    book_of(_WORKER["reference"], None)
    gc.freeze()


def _part(batch: list[Any]) -> list[dict[str, Any]]:
    reference, assume = _WORKER["reference"], _WORKER["assume"]
    return [code_encounter(Encounter.read(data), reference, assume=assume).as_dict() for data in batch]
