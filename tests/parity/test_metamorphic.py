"""What must change nothing: order of lines and of claims, the file in two, other names, other charges.

The claims are every rule's Example and Instead and every line of its case file: some thousand lines that many rules
speak about. Findings are compared by patient, rule, severity and what stands on the lines they name.
"""

import random
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit.cases import load
from cutis.rulekit.catalogue import catalogue
from tests.support.whole import joined, serious

CASES = Path(__file__).parents[1] / "cases"
Key = tuple[int, tuple[str, ...], str, str]


@pytest.fixture(scope="module")
def lines() -> pl.DataFrame:
    claims: dict[str, tuple[str, ...]] = {}
    for rule in catalogue().values():
        claims |= {f"{rule.name}: example": rule.doc.example, f"{rule.name}: instead": rule.doc.instead}
        _, cases = load(CASES / rule.family / f"{rule.name}.yaml")
        claims |= {f"{rule.name}: {n}": case.lines for n, case in enumerate(cases)}
    frame, _ = joined(claims)
    # what history does has tests of its own: its lines keep their place, whatever is turned here
    return frame.filter(pl.col(c.CLAIM_INDEX) < c.PAST_FROM).drop(c.HISTORY_FROM, c.PAST_OUTCOME)


@pytest.fixture(scope="module")
def expected(lines: pl.DataFrame, ref: Reference) -> list[Key]:
    return keys(serious(lines, ref), lines)


def keys(found: list[dict], lines: pl.DataFrame) -> list[Key]:
    """Findings as sorted keys: the patient, what stands on the lines that are named, the rule and its severity.

    Lines are told by what they say: of two equal ones it does not matter which is named.
    """
    said = [c.CODE, *c.MODIFIERS, c.UNITS, *c.DIAGNOSES, c.SERVICE_FROM, c.RENDERING_NPI, c.FREQUENCY]
    text = pl.concat_str([pl.col(n).cast(pl.String).fill_null("-") for n in said], separator=" ")
    rows = lines.select(c.CLAIM_INDEX, c.LINE, c.PATIENT_KEY, text.alias("said")).rows()
    content = {(claim, line): (patient, words) for claim, line, patient, words in rows}
    out = []
    for row in found:
        at = [content[row[c.CLAIM_INDEX], n] for n in row["lines"]]
        out.append((at[0][0], tuple(sorted(words for _, words in at)), row["rule"], row["severity"]))
    return sorted(out)


def differences(one: list[Key], other: list[Key]) -> list[tuple[str, Key]]:
    """Keys that only one of the two has, as many times as it has them more."""
    left, right = Counter(one), Counter(other)
    return [("only now", k) for k in (left - right)] + [("only before", k) for k in (right - left)]


def test_there_is_much_to_find(lines: pl.DataFrame, expected: list[Key]) -> None:
    assert lines.height > 900
    assert len({rule for _, _, rule, _ in expected}) > 120


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_order_of_lines(seed: int, lines: pl.DataFrame, expected: list[Key], ref: Reference) -> None:
    order = random.Random(seed)
    shuffled = lines.with_columns(pl.Series("_at", [order.random() for _ in range(lines.height)]))
    shuffled = shuffled.sort(c.CLAIM_INDEX, "_at").with_columns(
        pl.int_range(1, pl.len() + 1).over(c.CLAIM_INDEX).cast(pl.UInt16).alias("_new")
    )
    turned = shuffled.with_columns(pl.col("_new").alias(c.LINE)).drop("_at", "_new")
    assert differences(keys(serious(turned, ref), turned), expected) == []


def test_order_of_claims(lines: pl.DataFrame, expected: list[Key], ref: Reference) -> None:
    claims = lines[c.CLAIM_INDEX].unique(maintain_order=True).to_list()
    new = claims.copy()
    random.Random(4).shuffle(new)
    number = dict(zip(claims, new, strict=True))
    turned = lines.with_columns(pl.col(c.CLAIM_INDEX).replace_strict(number, return_dtype=pl.UInt32))
    turned = turned.sort(c.CLAIM_INDEX, c.LINE)
    assert differences(keys(serious(turned, ref), turned), expected) == []


def test_the_file_in_two(lines: pl.DataFrame, expected: list[Key], ref: Reference) -> None:
    half = lines[c.PATIENT_KEY].unique().sort()[lines[c.PATIENT_KEY].n_unique() // 2]
    parts = [lines.filter(pl.col(c.PATIENT_KEY) < half), lines.filter(pl.col(c.PATIENT_KEY) >= half)]
    assert differences([k for part in parts for k in keys(serious(part, ref), part)], expected) == []


def test_other_names(lines: pl.DataFrame, expected: list[Key], ref: Reference) -> None:
    other = (pl.col(c.PATIENT_KEY) * 2654435761 % (1 << 40)).cast(pl.UInt64)
    renamed = lines.with_columns(other.alias(c.PATIENT_KEY), pl.lit("OTHER").alias(c.CLAIM_ID))
    assert differences(keys(serious(renamed, ref), lines), expected) == []


def test_other_charges(lines: pl.DataFrame, expected: list[Key], ref: Reference) -> None:
    dearer = lines.with_columns(pl.col(c.CHARGE, c.CLAIM_CHARGE) * 3)
    assert differences(keys(serious(dearer, ref), lines), expected) == []
