"""Many small claims checked as one file, each of its own patient, and the findings taken apart again."""

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from cutis.engine.options import Options
from cutis.engine.run import check_lines
from cutis.model import columns as c
from cutis.model.shorthand import PAST_MARK, frame
from cutis.reference.store import Reference

PATIENTS_EACH = 1000


def joined(claims: Mapping[str, Sequence[str]]) -> tuple[pl.DataFrame, dict[int, str]]:
    """Shorthand lines by name as one line frame.

    Returns:
        The frame, with chart columns that any of them names, and the name of each claim index.
    """
    frames, names, start = [], {}, 0
    for number, (name, lines) in enumerate(claims.items(), 1):
        part = frame(lines)
        claims_here = part[c.CLAIM_INDEX].n_unique()
        names |= dict.fromkeys(range(start, start + claims_here), name)
        frames.append(
            part.with_columns(
                (pl.col(c.CLAIM_INDEX) + start).cast(pl.UInt32),
                (pl.col(c.PATIENT_KEY) + number * PATIENTS_EACH).cast(pl.UInt64),
            )
        )
        start += claims_here
    return pl.concat(frames, how="diagonal"), names


def serious(lines: pl.DataFrame, ref: Reference) -> list[dict]:
    """Errors and warnings of the whole catalogue on these lines; a rule that fails is a failure of the test."""
    report = check_lines(lines, Options(), ref)
    assert report.problems == []
    return report.findings.filter(pl.col("severity") != "info").to_dicts()


def by_name(claims: Mapping[str, Sequence[str]], ref: Reference) -> dict[str, dict[str, str]]:
    """Per name the rules that find anything (remarks too), with the severity."""
    found: dict[str, dict[str, str]] = {name: {} for name in claims}
    # a history given for one claim would be the history of all: those with one are a run of their own
    looking_back = {name: any(x.startswith(PAST_MARK) for x in lines) for name, lines in claims.items()}
    for back in (False, True):
        lines, names = joined({n: x for n, x in claims.items() if looking_back[n] is back})
        report = check_lines(lines, Options(), ref)
        assert report.problems == []
        for row in report.findings.to_dicts():
            found[names[row[c.CLAIM_INDEX]]][row["rule"]] = row["severity"]
    return found


def without_remarks(found: Mapping[str, str], leave_out: Iterable[str] = ()) -> list[str]:
    """Rules whose finding is an error or a warning."""
    return sorted(rule for rule, severity in found.items() if severity != "info" and rule not in set(leave_out))
