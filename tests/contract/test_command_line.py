"""What the command line promises: exit codes, one sentence for bad input, and the shape of JSON."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import polars as pl
import pytest

from tests.support.x12 import claim, file

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "clinic_day.837"
SCHEMA = json.loads((ROOT / "docs" / "schemas" / "report.json").read_text())


def cutis(*words: str | Path, stdin: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", "from cutis.cli.app import main; main()", *map(str, words)]
    return subprocess.run(command, input=stdin, capture_output=True, check=False)


@pytest.fixture
def clear(tmp_path: Path) -> Path:
    path = tmp_path / "clear.837"
    path.write_text(file(claim("A1", ("17110*185",), "ABK:B078")))
    return path


def test_exit_codes(clear: Path) -> None:
    assert cutis("check", clear).returncode == 0
    assert cutis("check", EXAMPLE).returncode == 1
    assert cutis("check", "none.837").returncode == 2
    assert cutis("check", clear, "--format", "nonsense").returncode == 2
    assert cutis("check", clear, "--payer", "nobody").returncode == 2
    assert cutis("nonsense").returncode == 2


@pytest.mark.parametrize("more", [(), ("--fix",)])
def test_the_input_is_never_overwritten(clear: Path, tmp_path: Path, more: tuple[str, ...]) -> None:
    before = clear.read_bytes()
    linked = tmp_path / "linked.837"
    linked.hardlink_to(clear)
    for target in (clear, linked):
        done = cutis("check", clear, "--output", target, *more)
        assert done.returncode == 2
        assert b"never overwritten" in done.stderr
    assert clear.read_bytes() == before


def test_a_rule_that_fails_is_a_problem_of_the_run(clear: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    from cutis.cli.app import main
    from cutis.rules.units import units_over_mue

    def broken(*_: object) -> None:
        raise KeyError("member id 12345")

    object.__setattr__(units_over_mue.check, "check", broken)
    try:
        monkeypatch.setattr(sys, "argv", ["cutis", "check", str(clear)])
        with pytest.raises(SystemExit) as caught:
            main()
    finally:
        import importlib

        importlib.reload(units_over_mue)
        from cutis.rulekit.catalogue import catalogue

        catalogue.cache_clear()
    assert caught.value.code == 3


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["check", "none.837"], "there is no file none.837"),
        (["check", ROOT], "is a directory"),
        (["check", EXAMPLE, "--select", "unit-over-mue"], "did you mean"),
        (["check", EXAMPLE, "--locality", "Miami"], "must be written MAC-LOCALITY"),
        (["check", EXAMPLE, "--locality", "09102-77"], "there is no locality 09102-77"),
        (["check", EXAMPLE, "--state", "XX"], "no locality in state"),
        (["check", EXAMPLE, "--zip", "33186"], "zip_locality is not loaded"),
        (["check", EXAMPLE, "--county", "Dade", "--state", "FL"], "choose one with --locality: 09102-03 Fort"),
        (["check", EXAMPLE, "--county", "Nowhere"], "give --state too"),
        (["check", EXAMPLE, "--county", "Marin", "--locality", "national"], "give one of --locality, --county"),
        (["check", EXAMPLE, "--output", "/nowhere/at/all.txt"], "cannot be written"),
        (["check", EXAMPLE, "--format", "parquet"], "needs --output"),
        (["check", "-", "--fix"], "need a file"),
        (["explain", "mohs-without-malignanc"], "did you mean 'mohs-without-malignancy'"),
        (["price", "17000", "--date", "July"], "is not a date"),
        (["price", "17000", "--zip", "33186"], "zip_locality is not loaded"),
        (["sheet", "11102", "99999"], "not on the sheet: 99999"),
        (["sheet", "--states", "11102", "00000"], "has no row for 00000"),
        (["sheet", "--states", "--state", "FL"], "--states shows every state"),
        (["sheet", "--states", "--date", "1999-01-01"], "no fee release in force"),
        (["sheet", "--county", "Kern", "--zip", "93301"], "give one of"),
        (["sheet", "--format", "docx"], "is none of text, csv, html, pdf"),
        (["sheet", "--format", "pdf"], "needs --output FILE"),
        (["sheet", "17000", "--format", "pdf", "--output", "/nowhere/at/all.pdf"], "cannot be written"),
        (["sheet", "--output", "/nowhere/at/all.txt"], "cannot be written"),
        (["rules", "--family", "moh"], "did you mean 'mohs'"),
        (["data", "import", "none.csv"], "there is no file"),
        (["check", EXAMPLE, "--stats", "none.json"], "there is no file none.json"),
        (["check", EXAMPLE, "--stats", ROOT / "docs" / "schemas" / "report.json"], "is not what `cutis rules --stats"),
        (["rules", "--stats", "none.history"], "there is no file or history store none.history"),
        (["rules", "--stats", EXAMPLE], "no line of the history is answered"),
        (["history", "list", "none.history"], "there is no history store none.history"),
        (["check", EXAMPLE, "--history", "none.history"], "there is no file or history store none.history"),
        (["remittance", "none.835"], "there is no file none.835"),
        (["remittance", EXAMPLE], "clinic_day.837 is no remittance"),
        (["new-rule", "Mohs/Thing"], "kebab-case"),
        (["try", "nonsense"], "five-character code"),
    ],
)
def test_bad_input_is_one_sentence(words: list, sentence: str) -> None:
    done = cutis(*words)
    said = done.stderr.decode()
    assert done.returncode == 2, said
    assert sentence in said
    assert said.startswith("cutis: ")
    assert said.count("\n") == 1
    assert "Traceback" not in said


def test_json_is_as_promised(clear: Path) -> None:
    for path in (EXAMPLE, clear):
        report = json.loads(cutis("check", path, "--format", "json").stdout)
        jsonschema.validate(report, SCHEMA)
        summary = report["summary"]
        assert summary["claims_read"] + summary["claims_refused"] == summary["clm_segments"]
    finding = next(
        f
        for f in json.loads(cutis("check", EXAMPLE, "--format", "json").stdout)["findings"]
        if f["rule"] == "units-over-mue"
    )
    assert finding["release"] == "MUE-2026Q2"
    assert finding["dollars"] == "95.53"
    assert finding["fix"]["kind"] == "needs-chart"


def test_the_schema_is_the_script_s() -> None:
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        from report_schema import report_schema
    finally:
        sys.path.pop(0)
    assert report_schema() == SCHEMA


def test_findings_are_priced_at_a_county() -> None:
    def dollars(*words: str) -> list[str]:
        found = json.loads(cutis("check", EXAMPLE, "--no-config", "--format", "json", *words).stdout)["findings"]
        return [f["dollars"] for f in found]

    marin = dollars("--county", "Marin", "--state", "CA")
    assert marin == dollars("--locality", "01112-52")
    assert marin != dollars("--locality", "national")


def test_price_is_as_promised() -> None:
    done = cutis("price", "11102", "88305-26", "J3301", "--locality", "09102-04", "--format", "json")
    prices = json.loads(done.stdout)
    assert [(p["code"], p["modifier"], p["mac"], p["locality"]) for p in prices] == [
        ("11102", "", "09102", "04"), ("88305", "26", "09102", "04"), ("J3301", "", "09102", "04"),
    ]  # fmt: skip
    assert prices[0]["nonfacility"] == "101.55"
    assert prices[2]["nonfacility"] is None
    assert all(p["derivation"] for p in prices)


def test_an_estimate_for_a_state_shows_each_of_its_localities() -> None:
    made = json.loads(cutis("estimate", "17311", "--state", "FL", "--format", "json").stdout)
    assert [x["locality"] for x in made["localities"]] == ["03", "04", "99"]
    assert made["localities"][1]["allowed"] == "715.40"
    done = cutis("estimate", "17311", "J3301", "--state", "FL")
    assert done.returncode == 0
    assert b"09102-04 Miami" in done.stdout
    assert b"J3301 is not in the sums: a drug" in done.stdout


def test_policies_of_a_payer_stand_in_the_result() -> None:
    words = ("price", "99214", "11102", "--payer", "cigna", "--locality", "01112-52")
    visit, biopsy = json.loads(cutis(*words, "--format", "json").stdout)
    assert biopsy["policies"] == []
    assert {p["policy"]: p["status"] for p in visit["policies"]}["cigna-r49-visit-level"] == "in-force"
    assert all(p["source"].startswith("http") and p["sentence"] for p in visit["policies"])
    (row, other) = csv.DictReader(io.StringIO(cutis(*words, "--format", "csv").stdout.decode()))
    assert "cigna-r49-visit-level (in-force)" in row["policies"]
    assert other["policies"] == ""
    done = cutis(*words)
    assert b"99214: policy in-force: Cigna: Visits of level 4 and 5" in done.stdout
    assert done.stderr == b""
    assert b"No policy of cigna on file touches these codes." in cutis("price", "11102", "--payer", "cigna").stdout
    assert "policies" not in json.loads(cutis("price", "99214", "--format", "json").stdout)[0]


def test_csv_and_parquet_hold_the_same_findings(tmp_path: Path) -> None:
    target = tmp_path / "out.parquet"
    rows = list(csv.DictReader(io.StringIO(cutis("check", EXAMPLE, "--format", "csv").stdout.decode())))
    assert cutis("check", EXAMPLE, "--format", "parquet", "--output", target).returncode == 1
    frame = pl.read_parquet(target)
    assert frame.height == len(rows)
    assert frame["message"].to_list() == [r["message"] for r in rows]
    report = json.loads(cutis("check", EXAMPLE, "--format", "json").stdout)
    assert [f["dollars"] or "" for f in report["findings"]] == [r["dollars"] for r in rows]


def test_standard_input_and_gzip(tmp_path: Path) -> None:
    import gzip

    data = EXAMPLE.read_bytes()
    zipped = tmp_path / "day.837.gz"
    zipped.write_bytes(gzip.compress(data))

    def findings(done: subprocess.CompletedProcess[bytes]) -> list:
        return json.loads(done.stdout)["findings"]

    expected = findings(cutis("check", EXAMPLE, "--format", "json"))
    assert findings(cutis("check", "-", "--format", "json", stdin=data)) == expected
    assert findings(cutis("check", zipped, "--format", "json")) == expected


def test_select_and_ignore() -> None:
    def rules(*words: str) -> set[str]:
        return {f["rule"] for f in json.loads(cutis("check", EXAMPLE, "--format", "json", *words).stdout)["findings"]}

    assert rules("--select", "units-over-mue") == {"units-over-mue"}
    assert rules("--select", "format") == {"claim-without-diagnosis"}
    assert not rules("--ignore", "bundling,units") & {"units-over-mue", "ncci-pair-without-modifier"}


@pytest.mark.parametrize(
    "command",
    [
        "check",
        "verify",
        "config",
        "explain",
        "rules",
        "price",
        "data",
        "try",
        "new-rule",
        "estimate",
        "policies",
        "compare",
        "sheet",
        "audit",
        "code",
    ],
)
def test_every_command_has_help_and_stands_in_the_manual(command: str) -> None:
    assert cutis(command, "--help").returncode == 0
    assert f"cutis {command}" in (ROOT / "docs" / "cli.md").read_text()


def test_every_rule_explains_itself() -> None:
    from cutis.output.pages import as_markdown, find
    from cutis.parse.faults import FAULTS
    from cutis.parse.remit_faults import REMITTANCE_FAULTS
    from cutis.rulekit.catalogue import catalogue

    for name in (*catalogue(), *FAULTS, *REMITTANCE_FAULTS):
        page = as_markdown(find(name))
        assert page.startswith(f"# {name}\n")
        assert "## Why" in page


def test_new_rule_makes_a_rule_that_runs(tmp_path: Path) -> None:
    (tmp_path / "src" / "cutis" / "rules").mkdir(parents=True)
    assert cutis("new-rule", "mohs/a-new-fault", "--root", tmp_path).returncode == 0
    source = (tmp_path / "src" / "cutis" / "rules" / "mohs" / "a_new_fault.py").read_text()
    space: dict = {"__name__": "cutis.rules.mohs.a_new_fault"}
    exec(compile(source, "a_new_fault.py", "exec"), space)
    from cutis.reference.store import Reference
    from cutis.rulekit.cases import load, run

    name, cases = load(tmp_path / "tests" / "cases" / "mohs" / "a-new-fault.yaml")
    assert name == "a-new-fault"
    assert [run(space["check"], case, Reference.default()) for case in cases] == [[], []]
    assert cutis("new-rule", "mohs/a-new-fault", "--root", tmp_path).returncode == 2
