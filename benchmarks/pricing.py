"""Prices a second: the whole fee schedule at all localities in one call, beside a floor of the same run; and one code.

The floor is NumPy multiplying and rounding the same numbers, without codes, places or nulls. Best of five on both sides, of two hundred for one code.
"""

import time
from collections.abc import Callable
from datetime import date

import numpy as np

from cutis.pricing.derive import price
from cutis.pricing.everywhere import schedule
from cutis.pricing.locality import by_key
from cutis.reference.store import BUILT_IN, Reference

DAY = date(2026, 7, 15)
RUNS = 5
SHORT_RUNS = 200  # what takes milliseconds is easily interrupted
GOAL = 5_000_000
GOAL_MS = 5.0


def best(call: Callable[[], object], runs: int = RUNS) -> float:
    """Seconds of the fastest run."""
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def floor(reference: Reference) -> Callable[[], object]:
    """The bare arithmetic of both settings."""
    fee, gpci = reference.table("fee"), reference.table("gpci")
    work, mp, cf = (fee[n].to_numpy().astype(np.int64)[:, None] for n in ("work", "mp", "cf"))
    sides = [fee[n].to_numpy().astype(np.int64)[:, None] for n in ("pe_nonfac", "pe_fac")]
    g_work, g_pe, g_mp = (gpci[n].to_numpy().astype(np.int64)[None, :] for n in ("work", "pe", "mp"))

    def call() -> object:
        return [((work * g_work + pe * g_pe + mp * g_mp) * cf + 5_000_000) // 10_000_000 for pe in sides]

    return call


def main() -> None:
    """Print the table."""
    reference = Reference([BUILT_IN])
    rows = schedule(reference, DAY).height
    whole, bare = best(lambda: schedule(reference, DAY)), best(floor(reference))
    place = by_key(reference, "09102-04")
    price(reference, "17311", place, DAY)
    one = best(lambda: price(reference, "17311", place, DAY), SHORT_RUNS) * 1000
    print(f"whole file x localities {rows:>10,} lines  {whole:>7.3f} s  {rows / whole:>12,.0f} lines/s  goal {GOAL:,}")
    print(
        f"bare arithmetic         {rows:>10,} lines  {bare:>7.3f} s  {rows / bare:>12,.0f} lines/s  ratio {bare / whole:.2f}"
    )
    print(f"one code with its derivation, warm    {one:>7.2f} ms                       goal {GOAL_MS} ms")


if __name__ == "__main__":
    main()
