"""Tokens, measures, scopes and the parts of a note."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cutis.coding.notes.context import Scopes
from cutis.coding.notes.document import read_document
from cutis.coding.notes.measures import measures
from cutis.coding.notes.reader import read_facts
from cutis.coding.notes.tokens import normal, tokenise


def test_tokens_keep_their_places() -> None:
    text = "Full-thickness bx x3, keloid(s)."
    tokens = tokenise(text)
    assert all(text[t.start : t.end] == t.raw for t in tokens)
    assert [t.norm for t in tokens] == ["full", "thickness", "bx", "x", "3", ",", "keloid", "."]


@pytest.mark.parametrize(
    ("plural", "singular"),
    [
        ("biopsies", "biopsy"),
        ("keratoses", "keratosis"),
        ("AKs", "ak"),
        ("patches", "patch"),
        ("verrucous", "verrucous"),
        ("pus", "pus"),
    ],
)
def test_plural_and_singular_meet(plural: str, singular: str) -> None:
    assert normal(plural) == normal(singular)


@pytest.mark.parametrize(
    ("text", "kind", "value", "low"),
    [
        ("6 mm", "size", "0.6", None),
        ("1.2cm", "size", "1.2", None),
        ("1.2 x 0.8 cm", "size", "1.2", None),
        ("5 mm x 0.4 cm", "size", "0.5", None),
        ("3-4 mm", "size", "0.4", "0.3"),
        (".5 cm", "size", "0.5", None),
        ("8 sq cm", "area", "8", None),
        ("30.1 cm2", "area", "30.1", None),
        ("2 x 3 cm²", "area", "6", None),
        ("10 mg/mL", "dose", "10", None),
        ("20 u", "dose", "20", None),
        ("3 weeks", "days", "21", None),
        ("25 min", "minutes", "25", None),
    ],
)
def test_measures(text: str, kind: str, value: str, low: str | None) -> None:
    (found,) = measures(text)
    assert (found.kind, found.value, found.low) == (kind, Decimal(value), Decimal(low) if low else None)


@pytest.mark.parametrize("text", ["4-0 nylon", "R/L arms", "page 3", "88305", "3/4/2026"])
def test_no_measure(text: str) -> None:
    assert measures(text) == []


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("biopsy done", "done"),
        ("no biopsy", "negated"),
        ("biopsy deferred", "negated"),
        ("pt declined biopsy", "negated"),
        ("biopsy offered, declined", "negated"),
        ("s/p biopsy", "historical"),
        ("biopsy 2019", "historical"),
        ("biopsy 3 weeks ago", "historical"),
        ("will biopsy", "planned"),
        ("biopsy next week", "planned"),
        ("plan biopsy today", "done"),
        ("no lesion, biopsy of nodule", "done"),
        ("PMH: biopsy", "historical"),
        ("requests biopsy", "requested"),
    ],
)
def test_context(text: str, status: str) -> None:
    document = read_document(text)
    found = [
        Scopes(document, clause).status(m)
        for clause in document.clauses
        for m in clause.mentions
        if m.kind == "technique" and m.value == "biopsy"
    ]
    assert found == [status]


def test_decimal_points_and_abbreviations_do_not_end_a_sentence() -> None:
    document = read_document("Dr. Lee excised approx. 0.8 cm cyst. Closed simply.")
    assert len(document.clauses) == 2


def test_a_list_keeps_its_heading() -> None:
    acts = read_facts("Punch biopsies:\n- R arm\n- L leg").done
    assert [(a.technique, a.get("site")) for a in acts] == [("punch biopsy", "right arm"), ("punch biopsy", "left leg")]


def test_an_empty_note_has_no_facts() -> None:
    facts = read_facts("")
    assert facts.acts == []
    assert not facts.visit.present


@given(st.text(max_size=120))
def test_any_text_is_read(text: str) -> None:
    facts = read_facts(text)
    assert all(0 <= f.start <= f.end <= len(text) for a in facts.acts for f in a.facts.values())


_WORDS = [
    "no",
    "bx",
    "x3",
    "LN2",
    "AK",
    "R cheek",
    "0.8 cm",
    ",",
    ";",
    ".",
    ":",
    "excised",
    "margins",
    "Mohs",
    "stage 2",
    "4 blocks",
    "s/p",
    "(",
    ")",
    "\n",
]


@given(st.lists(st.sampled_from(_WORDS), max_size=14))
def test_any_order_of_its_own_words_is_read(words: list[str]) -> None:
    text = " ".join(words)
    assert read_facts(text).acts == read_facts(text).acts
