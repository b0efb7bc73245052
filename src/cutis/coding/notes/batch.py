"""Many notes at once, over the cores of the machine; results in the order of the notes."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from typing import TypeVar

S = TypeVar("S")
T = TypeVar("T")

_CHUNK = 64
_SMALL = 256  # below this, starting processes costs more than it saves


def cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def each(
    read: Callable[[str], T],
    notes: Iterable[str],
    *,
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Iterator[T]:
    """Apply `read` to notes, in parallel where there are many.

    Args:
        read: a function of the top level of a module, so that it can be sent to another process.
        notes: texts, or whatever `read` takes; taken from the iterable as they are needed.
        workers: processes; default is one for each core. 1 stays in this process.
        progress: called with how many are done.

    Yields:
        Results in the order of the notes, the same whatever the number of workers.
    """
    stream = iter(notes)
    head = list(islice(stream, _SMALL))
    count = workers if workers is not None else cores()
    done = 0
    if count == 1 or len(head) < _SMALL:
        for text in (*head, *stream):
            yield read(text)
            done += 1
            _tell(progress, done)
        return
    # spawned, not forked: a fork of a process that has run Polars may wait for ever on its threads
    with ProcessPoolExecutor(count, get_context("spawn")) as pool:
        batch = head
        while batch:
            for result in pool.map(read, batch, chunksize=_CHUNK):
                yield result
                done += 1
                _tell(progress, done)
            batch = list(islice(stream, _SMALL * 8))


def _tell(progress: Callable[[int], None] | None, done: int) -> None:
    if progress is not None:
        progress(done)
