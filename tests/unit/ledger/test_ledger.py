"""Claims held against charts: each case names the disagreements that must be found, and nothing else may be."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cutis.coding.ledger.audit import audit_claim, audit_file
from cutis.coding.ledger.charts import Chart
from cutis.coding.ledger.checklist import for_code, topics
from cutis.coding.ledger.entries import BilledLine
from cutis.coding.ledger.meanings import counted, in_group, meanings, region
from cutis.coding.ledger.reports import read_specimens
from cutis.coding.ledger.worth import code_of, codes_for_count, codes_with
from cutis.coding.notes.reader import read_facts
from cutis.model.errors import ConfigError

DAY = date(2026, 3, 2)


def lines(text: str) -> list[BilledLine]:
    """ "17000 17003x4 99213-25" as billed lines."""
    found = []
    for number, word in enumerate(text.split(), 1):
        code, _, units = word.partition("x")
        code, *modifiers = code.split("-")
        found.append(BilledLine("C1", number, code, int(units or 1), tuple(modifiers), (), DAY))
    return found


PRICES = {"17000": 6647, "17003": 635, "17312": 40281, "88305": 7000, "99213": 9519}


def priced(billed: str, note: str, **chart: Any) -> list[tuple[str, str | None, int | None]]:
    """Which way the dollars of each disagreement go."""
    held = Chart(notes=[("C1.txt", note)], **chart)
    found = audit_claim("C1", lines(billed), held, price=lambda code, _: PRICES.get(code)).found
    return [(d.kind.value, d.money and d.money.value, d.cents) for d in found]


def audit(billed: str, note: str, **chart: Any) -> list[tuple[str, int | None]]:
    result = audit_claim("C1", lines(billed), Chart(notes=[("C1.txt", note)], **chart))
    return [(d.kind.value, d.line) for d in result.found]


AGREE = [
    ("11102 11103", "Shave bx R cheek and L arm, r/o BCC."),
    ("17000 17003x4", "LN2 AK x5 face."),
    ("17004", "LN2 to 18 AKs scalp and face."),
    ("17110", "Cryo 3 warts R hand, painful."),
    ("11200 11201x2", "Snip removal of 34 irritated skin tags, neck and axillae."),
    ("11402", "Excision nevus back 1.0 cm, 0.2 cm margins. Path: benign nevus. Simple closure."),
    ("11602 12032", "Bx-proven BCC back, lesion 1.0 cm, 0.3 cm margins, excised. Layered closure 3.4 cm."),
    ("17311 17312 17315", "Mohs nose, biopsy-proven BCC. Stage 1: 6 blocks, stage 2: 3 blocks."),
    ("17311 12052", "Mohs cheek, biopsy-proven BCC: 1 stage 3 blocks. Layered repair 3.0 cm."),
    ("14060", "Bilobed flap nose after Mohs elsewhere, total 8 sq cm."),
    ("11900 J3301", "ILK 10 mg/mL 1 mL, 3 keloids chest."),
    ("11056", "Pared 3 painful corns L foot."),
    ("17262", "Biopsy-proven SCC R shin 1.4 cm, ED&C x3."),
    ("17000 99214-25", "AK x1 nose, LN2. Acne not at goal, start doxycycline."),
    ("40490", "Punch bx lower lip, r/o SCC."),
    ("95044x80", "Patch test placed, 80 allergens, back."),
    # What other work includes, and what makes no line.
    ("14040", "Rhombic flap R cheek, 8 sq cm; Z-plasty to rotate the flap."),
    ("21931", "Subcut lipoma back 5 x 4 x 2 cm excised, layered closure 5 cm."),
    ("11102", "Shave bx L arm, r/o SCC. Scale scraped from L foot for microscopy only."),
    ("12051", "Nose complex closure 1.0 cm after Mohs elsewhere."),
    ("14301 14302", "Scalp flap, combined defect 75 cm2 (primary + secondary)."),
    ("13132 13133", "Cheek complex closure 7.6 cm after Mohs elsewhere."),
    ("12052 12051-XE", "ED: cheek 2.0 cm layered. Later OR: eyelid 2.7 cm layered."),
    (
        "14041 99204-57",
        "New pt large SCC L cheek, biopsy-proven; decision for excision and flap today. Rotation flap L cheek 12 sq cm.",
    ),
    ("17110", "Common wart R index finger, LN2."),
    ("96999", "308 nm excimer to vitiligo hands 100 sq cm."),
]


@pytest.mark.parametrize(("billed", "note"), AGREE, ids=[b for b, _ in AGREE])
def test_claim_and_chart_agree(billed: str, note: str) -> None:
    assert audit(billed, note) == []


DISAGREE = [
    ("11900", "ILK 10 mg total, 3 keloids chest.", [("documented-not-billed", None)]),
    ("13132", "Cheek complex closure 7.6 cm after Mohs elsewhere.", [("size-disagrees", 1)]),
    ("12052 12051", "Cheek 2.0 cm and eyelid 2.7 cm lacerations, layered.", [("size-disagrees", 2)]),
    ("11200 11201x3", "Snip removal of 34 irritated skin tags, neck and axillae.", [("count-disagrees", 1)]),
    ("11402", "Subcut lipoma back 5 x 4 x 2 cm excised.", None),
    ("11104", "Shave bx R cheek, r/o BCC.", [("technique-disagrees", 1)]),
    ("11102", "Bx R cheek, r/o BCC.", [("technique-not-stated", 1)]),
    ("11102x2", "Shave bx R cheek. LN2 was declined.", [("billed-not-documented", 1)]),
    ("11102", "No biopsy today.", [("billed-not-documented", 1)]),
    ("17000 17003x6", "LN2 AK x5 face.", [("count-disagrees", 1)]),
    ("17110", "Cryo warts R hand.", [("count-not-stated", 1)]),
    ("17111", "Cryo 14 warts R hand.", [("count-disagrees", 1)]),
    ("11402", "Excision nevus back 1.0 cm.", [("margin-not-stated", 1)]),
    ("11403", "Excision nevus back 1.0 cm, 0.2 cm margins.", [("size-disagrees", 1)]),
    ("11402", "Excision nevus nose 1.0 cm, 0.2 cm margins.", [("site-disagrees", 1)]),
    ("11302", "Shave removal of irritated SK R arm.", [("size-not-stated", 1)]),
    ("11602", "Excision lesion back 1.0 cm, 0.2 cm margins.", [("malignant-code-before-pathology", 1)]),
    ("11602", "Excision nevus back 1.0 cm, 0.2 cm margins. Path: benign nevus.", [("pathology-disagrees", 1)]),
    ("11102-LT", "Shave bx R cheek, r/o BCC.", [("side-disagrees", 1)]),
    ("17311 17312x2", "Mohs nose, biopsy-proven BCC: 2 stages, 3 and 2 blocks.", [("stages-disagree", 1)]),
    ("17311 17315", "Mohs nose, biopsy-proven BCC: 1 stage 5 blocks.", [("stages-disagree", 1)]),
    (
        "17311",
        "Mohs nose, biopsy-proven BCC, 1 stage 3 blocks, slides read by pathologist.",
        [("slides-read-by-another", 1)],
    ),
    ("12032", "Layered closure of laceration back 2.0 cm.", [("size-disagrees", 1)]),
    ("13100", "Layered closure of laceration back 2.0 cm.", [("technique-disagrees", 1)]),
    ("11900 J3301x4", "ILK 10 mg total, 3 keloids chest.", [("dose-disagrees", 2)]),
    ("17000 99213-25", "LN2 AK x1 nose.", [("billed-not-documented", 2)]),
    ("11104 99203-25", "New pt, single mole back, punch bx. No other issue.", [("visit-not-separate", 2)]),
    ("17110", "Cosmetic removal of 3 lentigines face with LN2.", [("cosmetic-not-marked", 1)]),
    ("17000", "LN2 AK x1 nose. Shave bx L arm, r/o SCC.", [("documented-not-billed", None)]),
    ("11102", "Shave bx L arm. LN2 AK x5 face.", [("documented-not-billed", None)]),
    (
        "17311",
        "Mohs nose, biopsy-proven BCC: 1 stage 2 blocks. Layered repair 3.0 cm.",
        [("documented-not-billed", None)],
    ),
]


@pytest.mark.parametrize(("billed", "note", "expected"), DISAGREE, ids=[b for b, _, _ in DISAGREE])
def test_what_disagrees_is_found(billed: str, note: str, expected: list[tuple[str, int | None]]) -> None:
    found = audit(billed, note)
    assert found == expected if expected is not None else found


def test_a_pathology_report_decides_and_is_quoted() -> None:
    chart = Chart(
        [("C1.txt", "Excision lesion back 1.0 cm, 0.2 cm margins.")],
        [("C1.path.txt", "A. Skin, back: Basal cell carcinoma, margins clear.")],
    )
    assert audit_claim("C1", lines("11602"), chart).found == []
    (found,) = audit_claim("C1", lines("11402"), chart).found
    assert found.kind.value == "pathology-disagrees"
    assert found.evidence[-1].source == "C1.path.txt"


def test_specimens_are_counted_both_ways() -> None:
    report = [("p.txt", "DIAGNOSIS:\nA. Left cheek, shave: BCC\nB. Right arm, shave: SK\n")]
    assert audit("11102 11103 88305x2", "Shave bx L cheek and R arm.", reports=report) == []
    assert audit("11102 11103 88305x3", "Shave bx L cheek and R arm.", reports=report) == [("specimens-disagree", 3)]
    assert audit("11102 88305x2", "Shave bx L cheek.", reports=report) == [("specimens-disagree", None)]


def test_a_log_and_reports_are_held_against_each_other() -> None:
    log = ["A: left cheek, shave", "B: right arm, shave"]
    note = "Shave bx L cheek and R arm."
    report = "DIAGNOSIS:\nA. Left cheek, shave: BCC\nB. Right arm, shave: SK\n"
    assert audit("11102 11103", note, specimens=log, reports=[("p", report)]) == []
    assert audit("11102 11103", note, specimens=log) == [("specimen-without-report", None)]
    one = [("p", "A. Left cheek, shave: BCC")]
    assert [k for k, _ in audit("11102 11103", note, specimens=log, reports=one)] == [
        "specimen-without-report",
        "specimens-disagree",
    ]
    more = [("p", report + "C. Scalp, shave: SK\n")]
    assert "report-without-specimen" in [k for k, _ in audit("11102 11103", note, specimens=log, reports=more)]
    (swapped, *_) = audit_claim(
        "C1", lines("11102"), Chart([("n", "Shave bx L cheek.")], [("p", "A. Right arm: SK")], ["A: left cheek"])
    ).found
    assert "left cheek in the log, and of right arm in the report" in swapped.message


def test_a_report_of_tissue_that_no_note_took_is_said() -> None:
    report = [("p", "A. Left cheek, shave: BCC")]
    assert audit("17000", "LN2 AK x1 nose.", reports=report) == [], "the result may be an earlier one, on file"
    assert audit("99213", "Acne, start doxycycline.", reports=report) == [("report-without-specimen", None)]


def test_pathology_billed_without_any_report() -> None:
    assert priced("11102 88305x2", "Shave bx L cheek.")[-1] == ("billed-not-documented", "risk", 14000)


@pytest.mark.parametrize(
    ("billed", "note", "expected"),
    [
        ("17000 17003x6", "LN2 AK x5 face.", ("count-disagrees", "risk", 2 * 635)),
        ("17000 17003x3", "LN2 AK x5 face.", ("count-disagrees", "leak", 635)),
        (
            "17311 17312x2",
            "Mohs nose, biopsy-proven BCC: 2 stages, 3 and 2 blocks.",
            ("stages-disagree", "risk", 40281),
        ),
        ("17311", "Mohs nose, biopsy-proven BCC: 2 stages, 3 and 2 blocks.", ("stages-disagree", "leak", 40281)),
        ("99213", "LN2 AK x1 nose.", ("billed-not-documented", "risk", 9519)),
        ("11104", "Shave bx R cheek, r/o BCC.", ("technique-disagrees", None, None)),
    ],
)
def test_dollars_go_one_way_or_the_other(billed: str, note: str, expected: tuple[str, str | None, int | None]) -> None:
    assert expected in priced(billed, note)


def test_specimens_billed_are_priced_both_ways() -> None:
    report = [("p.txt", "DIAGNOSIS:\nA. Left cheek, shave: BCC\nB. Right arm, shave: SK\n")]
    note = "Shave bx L cheek and R arm."
    assert priced("11102 11103 88305x3", note, reports=report) == [("specimens-disagree", "risk", 7000)]
    assert priced("11102 11103 88305", note, reports=report) == [("specimens-disagree", "leak", 7000)]


def test_every_finding_quotes_the_note_where_it_says() -> None:
    note = "LN2 AK x5 face. Punch bx L arm."
    for d in audit_claim("C1", lines("17000 17003x9 11102"), Chart([("C1.txt", note)])).found:
        for e in d.evidence:
            assert note[e.start : e.end] == e.quote


def test_a_leak_is_priced_only_where_its_code_is_certain() -> None:
    prices = {"17000": 6647, "17003": 635, "11402": 20000}
    chart = Chart([("C1.txt", "Shave bx L arm. LN2 AK x5 face. Excision lesion neck 1 cm.")])
    found = audit_claim("C1", lines("11102"), chart, price=lambda code, _: prices.get(code)).found
    assert {(d.code, d.cents) for d in found} == {("17000", 6647 + 4 * 635), (None, None)}


def test_nothing_asks_to_add_a_code() -> None:
    for billed, note, _ in DISAGREE:
        for d in audit_claim("C1", lines(billed), Chart([("n", note)])).found:
            assert "add " not in (d.message + d.ask).lower()
            assert d.ask.endswith(("?", ".")), d.ask


def test_a_file_of_claims_is_audited(tmp_path: Path) -> None:
    claims = tmp_path / "claims.csv"
    claims.write_text(
        "claim_id,line,code,units,service_from\nC1,1,17000,1,2026-03-02\nC1,2,17003,3,2026-03-02\nC2,1,11104,1,2026-03-02\n"
    )
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "C1.txt").write_text("LN2 AK x5 face.")
    (notes / "C9.txt").write_text("LN2 AK x5 face.")
    result = audit_file(claims, notes)
    assert (result.without_chart, [u.paper for u in result.without_claim]) == (["C2"], ["C9.txt"])
    assert [d.kind.value for d in result.found] == ["count-disagrees"]
    again = audit_file(claims, notes)
    assert json.dumps(result.as_dict()) == json.dumps(again.as_dict())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "A. Skin, left cheek, shave biopsy: Basal cell carcinoma, nodular.",
            [("A", "left cheek", "BCC", "malignant")],
        ),
        (
            "1) R arm: SK\n2) Back: dysplastic nevus, margins positive",
            [("1", "right arm", "SK", "benign"), ("2", "back", "dysplastic nevus", "benign")],
        ),
        (
            "SPECIMEN A: Left hand\nFINAL DIAGNOSIS:\nA. Squamous cell carcinoma in situ\nGROSS: 5 mm",
            [("A", "left hand", "SCC in situ", "malignant")],
        ),
        ("Scalp: benign nevus", [("", "scalp", "benign nevus", "benign")]),
    ],
)
def test_specimens_of_a_report(text: str, expected: list[tuple[str, str, str, str]]) -> None:
    assert [(s.label, s.site, s.diagnosis, s.nature) for s in read_specimens(text)] == expected


def test_no_malignancy_is_no_malignancy() -> None:
    (specimen,) = read_specimens("A. Back: intradermal nevus. No evidence of malignancy.")
    assert specimen.nature == "benign"


def test_the_tables_are_whole() -> None:
    assert len(meanings()) > 150
    for code, meaning in meanings().items():
        assert for_code(code), code
        if meaning.group:
            assert in_group("nose", meaning.group) is not None
        if meaning.kind == "count":
            least, most = counted(code, 1)
            assert 0 < least <= (most or least)
    assert topics() == sorted(topics())
    with pytest.raises(ConfigError):
        for_code("99999")


@pytest.mark.parametrize(
    ("site", "expected"),
    [
        ("left nose", "nose"),
        ("right great toe nail", "foot"),
        ("lower lip vermilion", "lip"),
        ("left ear helix", "ear"),
        ("both axilla", "axilla"),
        ("elsewhere", None),
        (None, None),
    ],
)
def test_regions(site: str | None, expected: str | None) -> None:
    assert region(site) == expected


@pytest.mark.parametrize(
    ("what", "count", "codes"),
    [
        ("premalignant destruction", 1, [("17000", 1)]),
        ("premalignant destruction", 14, [("17000", 1), ("17003", 13)]),
        ("premalignant destruction", 15, [("17004", 1)]),
        ("benign destruction", 14, [("17110", 1)]),
        ("benign destruction", 15, [("17111", 1)]),
        ("skin tag removal", 15, [("11200", 1)]),
        ("skin tag removal", 26, [("11200", 1), ("11201", 2)]),
        ("intralesional injection", 8, [("11901", 1)]),
        ("paring", 4, [("11056", 1)]),
    ],
)
def test_codes_for_a_count(what: str, count: int, codes: list[tuple[str, int]]) -> None:
    assert codes_for_count(what, count) == codes


def test_a_greater_biopsy_takes_the_first_place() -> None:
    (act,) = read_facts("Punch bx R cheek.").done
    assert code_of(act, set()) == "11104"
    assert code_of(act, {"11104"}) == "11105"
    assert code_of(act, {"11102"}) == "11104"
    assert codes_with("11104", 1, {"11102"}) == [("11104", 1), ("11103", 1), ("11102", -1)]


def test_the_checklist_counts_what_reports_and_logs_show() -> None:
    def had(**chart: Any) -> dict[str, bool | None]:
        held = Chart([("n", "Shave bx L cheek, r/o BCC.")], **chart)
        result = audit_claim("C1", lines("11102 88305"), held)
        return {item.ask: item.found for _, items in result.checklist for item in items}

    sent, described = (
        "that the specimen was sent to pathology",
        "gross and microscopic description and a diagnosis for each",
    )
    assert (had()[sent], had()[described]) == (False, False)
    assert had(specimens=["A: left cheek"])[sent] is True
    report = [("p", "A. Left cheek, shave: BCC\nGROSS: 4 mm\nMICROSCOPIC: nests of basaloid cells")]
    assert (had(reports=report)[sent], had(reports=report)[described]) == (True, True)


def test_a_repair_of_another_class_still_answers_the_checklist() -> None:
    result = audit_claim("C1", lines("12032"), Chart([("n", "Laceration back 3.0 cm, simple closure.")]))
    ((_, items),) = result.checklist
    assert {item.ask: item.found for item in items}["the length of the closed wound"] is True
