"""`make bench`: the whole check beside a floor of the same run: claims/s, MB/s, peak memory and processor time.

The floor is Python reading the file and calling `split('~')`, then `split('*')` on each segment, counts only. Each
measurement is a process of its own, so that peak memory is its own; the best of five runs counts on both sides.
Processor seconds (user and system, all threads) are printed too: on a machine that does other work they say more than
the clock. `make bench MILLION=1` measures a million claims as well, once: the floor there needs several GB.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RUNS = 5
SIZES = (10_000, 100_000)
MILLION = 1_000_000
GOAL = 0.4
MOST_MB = 900  # what the check may hold at its peak, whatever the size of the file


def floor(path: str) -> int:
    """Claims counted by plain splitting."""
    claims = 0
    with Path(path).open() as stream:
        for segment in stream.read().split("~"):
            elements = segment.split("*")
            claims += elements[0] == "CLM"
    return claims


def check(path: str) -> int:
    """Claims checked by every rule, with the summary made."""
    import cutis  # noqa: PLC0415

    report = cutis.check(path)
    return report.summary.claims_read


def measure(what: str, path: str) -> dict:
    """Time and peak memory of one run in this process, imports left out of the time."""
    if what == "check":
        import cutis.engine.config  # noqa: PLC0415
        import cutis.engine.run  # noqa: PLC0415
        import cutis.engine.settings  # noqa: F401, PLC0415
        from cutis.rulekit.catalogue import catalogue  # noqa: PLC0415

        catalogue()
    start, busy = time.perf_counter(), time.process_time()
    claims = {"floor": floor, "check": check}[what](path)
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"claims": claims, "seconds": seconds, "cpu": busy, "peak_mb": peak}


def best(what: str, path: Path, times: int) -> dict:
    """The fastest of the runs, each in its own process."""
    runs = []
    for _ in range(times):
        done = subprocess.run([sys.executable, __file__, what, str(path)], capture_output=True, text=True, check=True)
        runs.append(json.loads(done.stdout))
    return min(runs, key=lambda r: r["seconds"])


def make_claims(count: int, folder: Path) -> Path:
    """An 837P of that many claims, from the made-up clinic day repeated with other people."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    from claims import write_claims  # noqa: PLC0415

    path = folder / f"{count}.837"
    write_claims(path, count)
    return path


def main(sizes: tuple[int, ...]) -> None:
    """Print the table."""
    print(
        f"{'claims':>8}  {'what':<6}{'seconds':>9}{'cpu s':>8}{'claims/s':>11}{'MB/s':>8}{'peak MB':>9}{'ratio':>8}{'cpu ratio':>11}"
    )
    peaks = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            path = make_claims(size, Path(folder))
            megabytes = path.stat().st_size / 1e6
            results = {what: best(what, path, 1 if size >= MILLION else RUNS) for what in ("floor", "check")}
            peaks[size] = results["check"]["peak_mb"]
            for what, r in results.items():
                rate = r["claims"] / r["seconds"]
                ratio, busy = (results["floor"][k] / r[k] for k in ("seconds", "cpu"))
                print(
                    f"{size:>8}  {what:<6}{r['seconds']:>9.2f}{r['cpu']:>8.2f}{rate:>11,.0f}{megabytes / r['seconds']:>8.1f}{r['peak_mb']:>9.0f}{ratio:>8.2f}{busy:>11.2f}",
                    flush=True,
                )
            path.unlink()
    first, last = min(peaks), max(peaks)
    print(
        f"peak memory from {first:,} to {last:,} claims: {peaks[first]:.0f} to {peaks[last]:.0f} MB for {last // first} times the file"
    )
    print(f"goal: the check at {GOAL} of the floor's claims/s or better, and never more than {MOST_MB} MB")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(measure(sys.argv[1], sys.argv[2])))
    else:
        main((*SIZES, MILLION) if "million" in sys.argv[1:] else SIZES)
