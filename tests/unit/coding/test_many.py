"""Many encounters at once: the same answers in the same order, in one process and in several."""

import json
from threading import Event

import pytest

from cutis.coding import many
from cutis.coding.coder import code_encounter
from cutis.coding.encounter import Encounter
from cutis.coding.many import CODED, OPEN, REFUSED, code_many, code_texts
from cutis.model.errors import InputError
from cutis.reference.store import Reference

GIVEN = [
    {"procedures": [{"technique": "destruction", "site": "scalp", "lesion_type": "AK", "count": n}]}
    for n in range(1, 21)
]


class _Started(Event):
    """Says that the other processes have started after a number of batches, and waits until it is true."""

    own = 0

    def is_set(self) -> bool:
        if self.own:
            self.own -= 1
            return False
        return self.wait(60)


@pytest.mark.parametrize("own", [0, 2, 99])
def test_several_processes_answer_as_one_does(monkeypatch: pytest.MonkeyPatch, own: int) -> None:
    """Whatever this process does itself while the others start: nothing, a part, or all."""
    # The reference is asked first, so that Polars has its threads before any process is started.
    reference = Reference.default()
    alone = [code_encounter(Encounter.read(g), reference).as_dict() for g in GIVEN]
    monkeypatch.setattr(many, "PARALLEL_FROM", 4)
    monkeypatch.setattr(many, "_CHUNK", 3)
    monkeypatch.setattr(many, "Event", type("Started", (_Started,), {"own": own}))
    assert list(code_many(iter(GIVEN), reference, workers=2)) == alone


def test_an_error_in_another_process_reaches_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "PARALLEL_FROM", 4)
    monkeypatch.setattr(many, "_CHUNK", 3)
    monkeypatch.setattr(many, "Event", _Started)
    with pytest.raises(InputError, match="JSON object"):
        list(code_many([*GIVEN, 7], workers=2))


def test_few_encounters_start_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "ProcessPoolExecutor", None)
    assert len(list(code_many(GIVEN))) == len(GIVEN)


def test_what_cannot_be_read_is_refused_in_its_place() -> None:
    items = [
        ("a", json.dumps(GIVEN[0])),
        ("b", "{bad"),
        ("c", ""),
        ("d", '{"procedures": [{"technique": "excision"}]}'),
        ("e", "[" * 9000),
    ]
    answers = list(code_texts(items))
    assert [a.state for a in answers] == [CODED, REFUSED, REFUSED, OPEN, REFUSED]
    assert [json.loads(a.text)["source"] for a in answers] == list("abcde")
    assert "lines" not in json.loads(answers[1].text)


def test_a_note_among_encounters() -> None:
    answer = next(code_texts([("note", "Shave bx L cheek, r/o BCC.")]))
    assert [x["code"] for x in json.loads(answer.text)["lines"]] == ["11102"]


@pytest.mark.parametrize(
    ("given", "read"), [(3, ["3"]), (True, ["True"]), ({"a": "psoriasis"}, ["psoriasis"]), (["acne"], ["acne"])]
)
def test_diagnoses_of_a_visit_in_any_shape(given: object, read: list[str]) -> None:
    visit = Encounter.read({"em": {"dx": given}}).em
    assert visit is not None
    assert visit.dx == read


def test_other_names_are_read_in_every_part_of_an_encounter() -> None:
    """The model looks at names of fields alone, so each part must have been brought to them."""
    read = Encounter.read(
        {
            "Patient": {"Gender": "F", "age_years": 40},
            "services": [{"procedure": "excision", "Location": "nose"}],
            "visit": {"level": "low"},
            "further_periods": [{"code": "11642", "POD": 3}],
        }
    )
    assert (read.patient.sex, read.patient.age) == ("F", 40)
    assert (read.procedures[0].technique, read.procedures[0].site) == ("excision", "nose")
    assert (read.em.mdm, read.further_periods[0].days_since) == ("low", 3)
