"""The same claim judged under Medicare, a commercial payer, Medicaid and workers' compensation."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from cutis.engine.options import Options
from cutis.engine.run import check_lines
from cutis.model.shorthand import frame
from cutis.reference.importing import import_files
from cutis.reference.store import BUILT_IN, Reference

CLAIMS: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "payers.yaml").read_text(encoding="utf-8"))
PAYERS = ("medicare", "commercial", "medicaid", "workers-comp")
PAIR = ["11102 dx=D49.2", "17000 dx=L57.0"]
MEDICAID_PTP = (
    "Column 1,Column 2,Effective Date,Deletion Date,Modifier Indicator,Rationale\n"
    "11102,17000,20200101,*,0,made up\n11102,17110,20200101,20201231,1,made up\n"
)
MEDICAID_MUE = "HCPCS/CPT Code,Practitioner Services MUE Values,MUE Rationale\n17003,5,made up\n11103,9,made up\n"


@pytest.mark.parametrize("payer", PAYERS)
@pytest.mark.parametrize("claim", CLAIMS, ids=[q["name"] for q in CLAIMS])
def test_findings_under_a_payer(claim: dict[str, Any], payer: str, ref: Reference) -> None:
    report = check_lines(frame(claim["lines"]), Options(payer=payer), ref)
    assert report.problems == []
    found = {f["rule"]: f["severity"] for f in report.findings.to_dicts() if f["severity"] != "info"}
    assert found == claim[payer]


@pytest.fixture
def with_medicaid(tmp_path: Path) -> Reference:
    files = [tmp_path / "Medicaid_PTP_2026q3.csv", tmp_path / "units_2026q3.csv"]
    for path, text in zip(files, (MEDICAID_PTP, MEDICAID_MUE), strict=True):
        path.write_text(text, encoding="utf-8")
    taken = import_files(files, tmp_path / "tables", medicaid=True)
    assert sorted((t.table, t.rows) for t in taken) == [("mue_medicaid", 2), ("ptp_medicaid", 2)]
    return Reference([BUILT_IN, tmp_path / "tables"])


def _found(lines: list[str], payer: str, ref: Reference) -> dict[str, str]:
    report = check_lines(frame(lines), Options(payer=payer), ref)
    assert report.problems == []
    return {f["rule"]: f["severity"] for f in report.findings.to_dicts() if f["severity"] != "info"}


def test_medicaid_by_its_own_tables(with_medicaid: Reference) -> None:
    assert _found(PAIR, "medicaid", with_medicaid) == {"ncci-pair-never-together": "error"}
    assert _found(PAIR, "medicare", with_medicaid) == {"ncci-pair-without-modifier": "error"}
    keratoses = ["17000 dx=L57.0", "17003 x6 dx=L57.0"]
    assert _found(keratoses, "medicaid", with_medicaid) == {"units-over-mue": "error"}
    assert _found(keratoses, "medicare", with_medicaid) == {}
    # a pair of Medicare's table alone is none under Medicaid
    assert _found(["11102 dx=D49.2", "11200 dx=L91.8"], "medicaid", with_medicaid) == {}


def test_without_its_tables_medicaid_is_said_to_be_borrowed(ref: Reference, with_medicaid: Reference) -> None:
    def reasons(reference: Reference) -> set[str]:
        report = check_lines(frame(PAIR), Options(payer="medicaid"), reference)
        return {n.reason for n in report.not_checked if "Medicaid" in n.reason}

    assert any("judged by Medicare's, as a warning" in r for r in reasons(ref))
    assert reasons(with_medicaid) == set()
