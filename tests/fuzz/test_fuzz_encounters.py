"""Hostile encounters: whatever comes is coded or refused in one sentence; nothing else is raised, and nothing runs away."""

import json
import random
from typing import Any

import pytest

from cutis.coding.coder import code_encounter
from cutis.coding.encounter import Encounter, Procedure
from cutis.coding.many import CODED, OPEN, REFUSED, code_texts
from cutis.model.errors import InputError
from cutis.reference.store import Reference

REFERENCE = Reference.default()
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 3, 10**9, 1e308, float("inf"), float("nan"), "", " ", "three", "8 mm", "1e999999", "-2", "x" * 5000,
    "left cheek", "AK", "BCC", "excision", "mohs", "layered", "none", "\u0000", "٣", [], [1, 2], ["a"], [[1]], {}, {"a": 1}, [None], "1 x 2 x 3",
)  # fmt: skip
TECHNIQUES = (
    "excision",
    "mohs",
    "shave removal",
    "repair",
    "flap",
    "ILK",
    "destruction",
    "pdt",
    "surgical pathology",
    "nail avulsion",
    "I&D",
    "biopsy",
)


def encounter(seed: int) -> dict[str, Any]:
    rng = random.Random(seed)
    fields = sorted(Procedure.model_fields)
    acts: list[Any] = [
        {"technique": rng.choice(TECHNIQUES), "site": rng.choice(["nose", "back", "left hand"])}
        | {rng.choice(fields): rng.choice(VALUES) for _ in range(rng.randrange(6))}
        for _ in range(rng.randrange(4))
    ]
    data: dict[str, Any] = {"procedures": acts}
    for key in ("em", "global_period", "payer", "date", "patient", "lesions"):
        if rng.random() < 0.3:
            data[key] = rng.choice(
                [
                    *VALUES,
                    {"patient": "new", "minutes": rng.choice(VALUES)},
                    {"proc": "14040", "days_since": rng.choice(VALUES)},
                ]
            )
    return data


@pytest.mark.parametrize("seed", range(0, 1500, 250))
def test_coded_or_refused(seed: int) -> None:
    for number in range(seed, seed + 250):
        data = encounter(number)
        try:
            answer = code_encounter(Encounter.read(data), REFERENCE)
        except InputError as error:
            assert "\n" not in str(error)
            continue
        assert all(line.units >= 1 for line in answer.lines), number


def test_texts_cut_anywhere() -> None:
    whole = json.dumps(encounter(3))
    states = {a.state for a in code_texts((str(i), whole[:i]) for i in range(0, len(whole), 7))}
    assert states <= {CODED, OPEN, REFUSED}
    assert REFUSED in states


@pytest.mark.parametrize("count", [10**9, 1e308, "99999999999"])
def test_a_count_that_no_day_holds_is_refused(count: Any) -> None:
    with pytest.raises(InputError, match="count"):
        Encounter.read({"procedures": [{"technique": "excision", "site": "back", "count": count}]})
