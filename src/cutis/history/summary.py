"""What a history store holds, in numbers; nothing in it names a person."""

from typing import Any

import polars as pl

from cutis.history.outcome import Answer
from cutis.history.past import History
from cutis.history.store import CLAIMS, HistoryStore
from cutis.model import columns as c


def summary(store: HistoryStore, history: History) -> dict[str, Any]:
    """Files, claims, patients, dates and answers as plain values.

    Args:
        store: the store.
        history: the same, opened.
    """
    claims = lines = 0
    people: list[pl.Series] = []
    answers = dict.fromkeys(Answer, 0)
    for frame in history.lines():
        claims += frame[c.CLAIM_INDEX].n_unique()
        lines += frame.height
        people.append(frame[c.PATIENT_KEY].unique())
        for outcome, count in frame[c.PAST_OUTCOME].drop_nulls().value_counts().iter_rows():
            answers[Answer(outcome)] += count
    first, last = history.first, history.last
    return {
        "files": [
            {
                "kind": p.kind, "sha256": p.sha256, "written": p.order if not p.order.endswith("T99") else "",
                "claims": p.read, "refused": p.refused, "lines": p.lines, "patients": p.patients, "first": p.first,
                "last": p.last, "faults": p.faults,
            }
            for p in store.parts
        ],
        "claims": sum(p.read for p in store.parts if p.kind == CLAIMS),
        "claims_standing": claims,
        "lines_standing": lines,
        "patients": pl.concat(people).n_unique() if people else 0,
        "first": first.isoformat() if first else None,
        "last": last.isoformat() if last else None,
        "lines_answered": sum(answers.values()),
        **{a.value: n for a, n in answers.items()},
    }  # fmt: skip
