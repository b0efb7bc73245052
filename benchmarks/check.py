"""`make bench`: the whole check beside a floor of the same run: claims/s, MB/s and peak memory.

The floor is Python reading the file and calling `split('~')`, then `split('*')` on each segment, counts only. Each
measurement is a process of its own, so that peak memory is its own; the best of three runs counts on both sides.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RUNS = 3
SIZES = (10_000, 100_000)
GOAL = 0.4


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
        import cutis.engine.run  # noqa: F401, PLC0415
        from cutis.rulekit.catalogue import catalogue  # noqa: PLC0415

        catalogue()
    start = time.perf_counter()
    claims = {"floor": floor, "check": check}[what](path)
    seconds = time.perf_counter() - start
    return {"claims": claims, "seconds": seconds, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def best(what: str, path: Path) -> dict:
    """The fastest of the runs, each in its own process."""
    runs = []
    for _ in range(RUNS):
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


def main() -> None:
    """Print the table."""
    print(f"{'claims':>8}  {'what':<6}{'seconds':>9}{'claims/s':>11}{'MB/s':>8}{'peak MB':>9}{'ratio':>8}")
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            path = make_claims(size, Path(folder))
            megabytes = path.stat().st_size / 1e6
            results = {what: best(what, path) for what in ("floor", "check")}
            for what, r in results.items():
                rate = r["claims"] / r["seconds"]
                ratio = results["floor"]["seconds"] / r["seconds"]
                print(
                    f"{size:>8}  {what:<6}{r['seconds']:>9.2f}{rate:>11,.0f}{megabytes / r['seconds']:>8.1f}{r['peak_mb']:>9.0f}{ratio:>8.2f}"
                )
    print(f"goal: the check at {GOAL} of the floor's claims/s or better, peak memory that does not grow with the file")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(measure(sys.argv[1], sys.argv[2])))
    else:
        main()
