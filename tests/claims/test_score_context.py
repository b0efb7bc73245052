"""Facts of published cases read into chart columns, whatever shape they come in."""

import sys
from pathlib import Path
from typing import Any

import pytest

from cutis.model import columns as c

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))
from score_context import chart_facts, number, truth

CASES: list[tuple[dict[str, Any], str, dict[str, Any]]] = [
    ({"ak_count": 7}, "17000", {c.DOC_COUNT: 7}),
    ({"ak_count": "seven"}, "17000", {c.DOC_COUNT: 7}),
    ({"AKs treated": "12 lesions"}, "17003", {c.DOC_COUNT: 12}),
    ({"ak_count": 7}, "11102", {}),
    ({"nails": ["TA", "T1", "T2"]}, "11721", {c.DOC_COUNT: 3}),
    ({"lesions": "same"}, "11102", {c.DOC_LESION: "a"}),
    ({"same_lesion": False}, "11102", {c.DOC_LESION: "lesion-1"}),
    ({"lesions": ["nose", "left cheek"]}, "11102", {c.DOC_LESION: "lesion-1", c.DOC_SITE: "nose"}),
    ({"excised_cm": "14 mm"}, "11602", {c.DOC_SIZE_CM: 1.4}),
    ({"lesion_cm": 0.8, "margin_cm": 0.2}, "11402", {c.DOC_SIZE_CM: 1.2}),
    ({"lesion_cm": 0.8}, "11402", {}),
    ({"repair": {"cm": 5.0}}, "12032", {c.DOC_SIZE_CM: 5.0}),
    ({"repair_cm": 5.0}, "11402", {}),
    ({"area_sqcm": 90}, "14301", {c.DOC_AREA_SQCM: 90.0}),
    ({"em_separate": "yes"}, "99213", {c.DOC_SEPARATE_VISIT: True}),
    ({"em": "same problem, nothing else"}, "99213", {c.DOC_SEPARATE_VISIT: False}),
    ({"em": "decision for surgery"}, "99213", {c.DOC_DECISION: True}),
    ({"stages": 3}, "17311", {c.DOC_METHOD: "3 stages"}),
    ({"blocks_per_stage": [6, 3]}, "17311", {c.DOC_METHOD: "blocks per stage: 6, 3"}),
    ({"surgeon_is_pathologist": True}, "17311", {c.DOC_METHOD: "surgeon is the pathologist"}),
    ({"prior_pathology": False}, "11102", {c.DOC_PRIOR_PATHOLOGY: False}),
    ({"cosmetic": True}, "17110", {c.DOC_INTENT: "cosmetic"}),
    ({"seen_within_3_years": True}, "99203", {c.DOC_LAST_SEEN_DAYS: 365}),
    ({"last_visit": "4 years ago"}, "99203", {c.DOC_LAST_SEEN_DAYS: 1460}),
    ({"drug_mg": 40}, "J3301", {c.DOC_DRUG_AMOUNT: 40.0}),
    ({"drug_mg": 40}, "11900", {}),
    ({"technique": "punch"}, "11102", {c.DOC_METHOD: "punch"}),
    ({"note": None, "abn": False}, "11102", {c.DOC_METHOD: "no abn"}),
    (
        {"global": {"proc": "14040", "date_offset": 30, "related": False}},
        "99213",
        {c.DOC_GLOBAL_CODE: "14040", c.DOC_GLOBAL_DAYS: 30, c.DOC_GLOBAL_RELATED: False},
    ),
    (
        {"global_period": "14040 done 30 days ago, unrelated problem"},
        "99213",
        {c.DOC_GLOBAL_CODE: "14040", c.DOC_GLOBAL_DAYS: 30, c.DOC_GLOBAL_RELATED: False},
    ),
]


@pytest.mark.parametrize(("context", "code", "facts"), CASES)
def test_facts(context: dict[str, Any], code: str, facts: dict[str, Any]) -> None:
    assert chart_facts(context, code, 1, [code, "99999"]) == facts


def test_a_number_of_lesions_counts_where_the_claim_has_one_kind() -> None:
    assert chart_facts({"lesions": "3 separate"}, "11102", 1, ["11102", "11103"])[c.DOC_COUNT] == 3
    assert c.DOC_COUNT not in chart_facts({"lesions": "3 separate"}, "11102", 1, ["11102", "17000"])


def test_numbers_and_truth() -> None:
    assert (number("two lesions"), number(True), number([1, 2]), number("none")) == (2.0, None, 2.0, None)
    assert (truth("Yes, documented"), truth("not documented"), truth("nose")) == (True, False, None)
