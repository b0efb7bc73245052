"""Many encounters at once: over the cores of the machine, answers in the order of the encounters."""

import gc
import json
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.context import BaseContext
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final, NamedTuple, TypeVar

from pydantic_core import to_json

from cutis.coding.coder import code_encounter
from cutis.coding.encounter import Encounter
from cutis.model.errors import InputError
from cutis.reference.store import Reference

S = TypeVar("S")
T = TypeVar("T")
_CHUNK: Final = 250
PARALLEL_FROM: Final = 6_000  # fewer are done before another process has started
CODED, OPEN, REFUSED = "coded", "open", "refused"


class Answer(NamedTuple):
    """One answer as it is written.

    Attributes:
        text: a JSON object on one line: `source`, `id` and the promised answer, or `source` and `error`.
        state: coded, open where questions are, refused where the input could not be read.
    """

    text: str
    state: str


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
        workers: processes; default one for each core. 1 stays in this process. A script that starts processes needs
            `if __name__ == "__main__":` around its work.

    Yields:
        The promised JSON of each encounter as plain data.

    Raises:
        InputError: an encounter cannot be read.
    """
    yield from _each(_as_data, encounters, reference, assume=assume, workers=workers)


def code_texts(
    items: Iterable[tuple[str, str]],
    reference: Reference | None = None,
    *,
    assume: bool = False,
    workers: int | None = None,
) -> Iterator[Answer]:
    """Code many encounters and notes as texts; what cannot be read is refused in its place, and the rest goes on.

    Args:
        items: name of the source, and its text: JSON of an encounter, or a note.
        reference: as in `code_many`.
        assume: as in `code_encounter`.
        workers: as in `code_many`.

    Yields:
        An answer for each item, in order.
    """
    yield from _each(_as_text, items, reference, assume=assume, workers=workers)


def _each(
    work: Callable[[S, Reference, bool], T],
    items: Iterable[S],
    reference: Reference | None,
    *,
    assume: bool,
    workers: int | None,
) -> Iterator[T]:
    reference = reference or Reference.default()
    stream = iter(items)
    head = list(islice(stream, PARALLEL_FROM))
    count = workers if workers is not None else _cores()
    if count == 1 or len(head) < PARALLEL_FROM:
        for item in (*head, *stream):
            yield work(item, reference, assume)
        return
    with ProcessPoolExecutor(
        count, mp_context=_context(), initializer=_open, initargs=(reference.folders, assume)
    ) as pool:
        parts = _parts(head, stream)
        # Processes take a third of a second to start: until they are there this one, which has its tables, does the work.
        started = Event()
        starter = Thread(target=_start, args=(pool, count, started), daemon=True)
        starter.start()
        while not started.is_set() and (own := next(parts, None)) is not None:
            yield from [work(item, reference, assume) for item in own]
        starter.join()
        waiting = deque(pool.submit(_part, work, part) for part in islice(parts, 2 * count + 2))
        while waiting:
            done = waiting.popleft().result()
            waiting.extend(pool.submit(_part, work, part) for part in islice(parts, 1))
            yield from done


def _start(pool: ProcessPoolExecutor, count: int, started: Event) -> None:
    try:
        for _ in range(count):
            pool.submit(_ready)
        pool.submit(_ready).exception()
    finally:
        started.set()


def _ready() -> None:
    """Nothing: that it was done shows that a process has opened its tables."""


def _cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _parts(head: list[S], stream: Iterator[S]) -> Iterator[list[S]]:
    for at in range(0, len(head), _CHUNK):
        yield head[at : at + _CHUNK]
    while part := list(islice(stream, _CHUNK)):
        yield part


def _context() -> BaseContext:
    """Fresh processes: a fork of one in which Polars has started its threads would wait for them for ever."""
    if "forkserver" not in get_all_start_methods():
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


_WORKER: dict[str, Any] = {}
_FIRST: Final = {"procedures": [{"technique": "excision", "site": "nose", "dx": "bcc", "excised_cm": 1}, {"technique": "biopsy", "site": "ear"}], "em": {"patient": "new", "problems": "low"}}  # fmt: skip


def _open(folders: tuple[Path, ...], assume: bool) -> None:
    _WORKER["reference"] = Reference(folders)
    _WORKER["assume"] = assume
    # One answer opens every table. They stay for the life of the process: the collector need not look at them for every batch.
    _as_data(_FIRST, _WORKER["reference"], assume)
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def _part(work: Callable[[S, Reference, bool], T], batch: list[S]) -> list[T]:
    return [work(item, _WORKER["reference"], _WORKER["assume"]) for item in batch]


def _as_data(data: Any, reference: Reference, assume: bool) -> dict[str, Any]:
    return code_encounter(Encounter.read(data), reference, assume=assume).as_dict()


def _as_text(item: tuple[str, str], reference: Reference, assume: bool) -> Answer:
    source, text = item
    try:
        encounter = _read(text)
        answer = code_encounter(encounter, reference, assume=assume)
    except InputError as error:
        return Answer(to_json({"source": source, "error": str(error)}).decode(), REFUSED)
    answer.assumed[:0] = encounter.assumed
    whole = {"source": source, "id": encounter.id, **answer.as_dict()}
    return Answer(to_json(whole).decode(), OPEN if answer.questions else CODED)


def _read(text: str) -> Encounter:
    """An encounter from JSON, or from a note."""
    bare = text.strip()
    if not bare:
        raise InputError("it is empty")
    if bare[0] not in "{[":
        from cutis.coding.notes import read_note  # noqa: PLC0415 - the reader of notes costs its own start

        return read_note(text)
    try:
        data = json.loads(bare)
    except json.JSONDecodeError as error:
        raise InputError(f"it is not valid JSON: {error.msg} at character {error.pos + 1}") from None
    except RecursionError:
        raise InputError("its JSON is nested too deeply to be an encounter") from None
    if isinstance(data, dict) and "id" in data and isinstance(data.get("structured"), dict):
        data = {"id": data["id"], **data["structured"]}
    return Encounter.read(data)
