"""Data that is older than the service dates is said; dates that no release speaks about are not checked, never zero, never clear."""

import io
import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from cutis.engine.options import Options
from cutis.engine.report import Report
from cutis.engine.run import check
from cutis.output import html, text
from cutis.reference.inventory import inventory
from cutis.reference.store import Reference
from tests.support.x12 import claim, file

LINES = ("11102*165*UN*9***1", "17003*50", "17110*100")


def at(day: str) -> Report:
    data = file(claim("A1", LINES, "ABK:D492")).replace("20260715", day).encode()
    return check(io.BytesIO(data), Options(), Reference.default())


def said(report: Report) -> str:
    out = io.StringIO()
    text.write(report, Console(file=out, width=200, highlight=False))
    return out.getvalue()


def test_dates_after_the_newest_release_are_said_and_checked_by_what_is_known() -> None:
    report = at("20260715")
    stale = {r.table: r.stale for r in report.releases if r.stale}
    assert stale["mue"].startswith("the newest mue release is MUE-2026Q2, made for dates to 2026-06-30")
    assert "PTP-2024Q3, made for dates to 2024-09-30" in stale["ptp"]
    assert "The newest mue release is MUE-2026Q2" in said(report)
    assert "units-over-mue" in report.findings["rule"].to_list()
    page = io.StringIO()
    html.write(report, page)
    assert "made for dates to 2024-09-30" in page.getvalue()


def test_dates_within_the_quarter_say_nothing_of_age() -> None:
    stale = {r.table for r in at("20260615").releases if r.stale}
    assert "mue" not in stale
    assert "fee" not in stale


@pytest.mark.parametrize("day", ["20190715", "20270715"])
def test_no_release_in_force_is_not_checked(day: str) -> None:
    report = at(day)
    reasons = {n.rule: n.reason for n in report.not_checked}
    assert "no ICD-10-CM release in force" in reasons["diagnosis-unknown"]
    assert report.summary.dollars_at_risk_cents == 0
    assert report.summary.findings_not_priced == report.summary.errors + report.summary.warnings > 0
    assert all(cents is None for cents in report.findings["stake_cents"])
    words = said(report)
    assert "an unknown amount at risk" in words
    assert "$0.00" not in words


def test_the_list_tells_vintage_coverage_and_age() -> None:
    rows = {(r["table"], r["release"]): r for r in inventory(Reference.default(), date(2026, 7, 15))}
    assert rows["mue", "MUE-2026Q2"]["age"] == "1 quarter old"
    assert rows["mue", "MUE-2026Q2"]["covers"] == "2026-04-01 to open"
    assert rows["ptp", "PTP-2024Q3"]["age"] == "8 quarters old"
    assert rows["ptp", "PTP-2026Q3-subset"]["age"] == "a part only"
    assert rows["fee", "RVU26C"]["age"] == "current"
    assert "get it from: CMS, ZIP code" in rows["zip_locality", None]["note"]


def test_the_list_is_whole_in_eighty_columns() -> None:
    command = [sys.executable, "-c", "from cutis.cli.app import main; main()", "data", "list", "--date", "2026-07-15"]
    shown = subprocess.run(command, capture_output=True, check=True, env={"COLUMNS": "80", "PATH": ""}).stdout.decode()
    for row in inventory(Reference.default(), date(2026, 7, 15)):
        if row["release"]:
            line = next(x for x in shown.splitlines() if row["release"] in x)
            assert row["table"] in line
            assert row["covers"] in line
            assert f"{row['rows']:,}" in line
            assert row["age"].removesuffix(" old") in line
        else:
            assert f"{row['table']} is not loaded" in shown


def test_imported_tables_are_listed_beside_the_built_in_ones(tmp_path: Path) -> None:
    mue = "HCPCS/CPT Code,Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale\n"
    source = tmp_path / "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv"
    source.write_text(mue + "11102,1,2 Date of Service Edit: Policy,Code Descriptor / CPT Instruction\n")
    environment = {"CUTIS_DATA": str(tmp_path / "data"), "PATH": ""}
    command = [sys.executable, "-c", "from cutis.cli.app import main; main()", "data"]
    subprocess.run([*command, "import", str(source)], check=True, capture_output=True, env=environment)
    listed = subprocess.run(
        [*command, "list", "--format", "json", "--date", "2026-07-15"], check=True, capture_output=True, env=environment
    )
    rows = [r for r in json.loads(listed.stdout) if r["table"] == "mue"]
    assert [(r["where"], r["age"]) for r in rows if r["source"] == source.name] == [("imported", "current")]
    assert {r["where"] for r in rows} == {"imported", "built in"}
