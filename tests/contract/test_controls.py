"""The practice's controls at the command line: what they promise of exit codes, sentences and shapes."""

import json
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "clinic_day.837"
SCHEMA = json.loads((ROOT / "docs" / "schemas" / "report.json").read_text())

CONFIG = """
[check]
ignore = ["drug"]
rules = ["rules"]

[worth]
rework_cost = "20.00"
rework_source = "our time sheet"

[worth.odds]
visit-without-25 = { odds = "0.62", source = "our remittances" }
modifier-unknown = { odds = "0.1", source = "our remittances" }

[[waivers]]
rule = "cosmetic"
reason = "Paid in advance."
author = "A. Biller"
expires = 2026-12-31

[[waivers]]
rule = "mohs"
reason = "Old."
author = "A. Biller"
expires = 2026-01-31
"""


@pytest.fixture
def practice(tmp_path: Path) -> Path:
    (tmp_path / "cutis.toml").write_text(CONFIG)
    (tmp_path / "rules").mkdir()
    assert cutis("new-rule", "--yaml", "two-wart-units", "--root", "rules", cwd=tmp_path).returncode == 0
    return tmp_path


def cutis(*words: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from cutis.cli.app import main; main()", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)


def report(*words: str | Path, cwd: Path) -> dict:
    done = cutis("check", EXAMPLE, "--format", "json", *words, cwd=cwd)
    made = json.loads(done.stdout)
    jsonschema.validate(made, SCHEMA)
    return made


def test_the_file_is_found_and_said(practice: Path) -> None:
    inner = practice / "deep" / "er"
    inner.mkdir(parents=True)
    made = report(cwd=inner)
    assert made["config"]["name"] == "cutis.toml"
    assert "drug" not in {f["family"] for f in made["findings"]}
    assert [w["status"] for w in made["waivers"]] == ["in force", "expired"]
    assert made["waived"]
    assert {w["waiver"]["author"] for w in made["waived"]} == {"A. Biller"}
    text = cutis("check", EXAMPLE, cwd=inner).stdout
    for said in ("Configured by cutis.toml", "findings waived, in force to 2026-12-31", "expired on 2026-01-31"):
        assert said in text
    bare = report("--no-config", cwd=inner)
    assert bare["config"] is None
    assert bare["waived"] == []
    assert "drug" in {f["family"] for f in bare["findings"]}
    assert report("--as-of", "2027-01-01", cwd=inner)["waived"] == []


def test_only_waived_or_known_findings_leave_exit_code_0(practice: Path) -> None:
    assert cutis("check", EXAMPLE, cwd=practice).returncode == 1
    assert cutis("check", EXAMPLE, "--write-baseline", "known.json", cwd=practice).returncode == 1
    done = cutis("check", EXAMPLE, "--baseline", "known.json", cwd=practice)
    assert done.returncode == 0
    assert "known findings are not shown" in done.stdout
    made = report("--baseline", "known.json", cwd=practice)
    assert made["findings"] == []
    assert made["baseline"]["known"] == made["summary"]["known"] > 50
    assert made["waived"]  # a baseline does not swallow them
    again = (practice / "known.json").read_bytes()
    cutis("check", EXAMPLE, "--write-baseline", "known.json", cwd=practice)
    assert (practice / "known.json").read_bytes() == again


def test_the_work_list_is_in_the_order_of_money(practice: Path) -> None:
    made = report("--sort", "worth", cwd=practice)
    serious = [f for f in made["findings"] if f["severity"] != "info"]
    order = ["must be put right", "worth fixing", "not stated", "not worth fixing"]
    ranks = [order.index(f["worth"]) for f in serious]
    assert ranks == sorted(ranks)
    assert set(ranks) == {0, 1, 2, 3}
    fixing = [float(f["expected_value"]) for f in serious if f["worth"] == "worth fixing"]
    assert fixing == sorted(fixing, reverse=True)
    assert min(fixing) > 0
    assert all(f["exposure"] == "overpayment" for f in serious if f["worth"] == "must be put right")
    assert all(f["exposure"] == "denial" for f in serious if f["worth"] == "not worth fixing")
    visit = next(f for f in serious if f["rule"] == "visit-without-25")
    assert visit["odds"] == "0.62"
    assert visit["odds_source"] == "our remittances"
    cents = round(float(visit["dollars"]) * 62) - 2000
    assert abs(float(visit["expected_value"]) * 100 - cents) <= 1
    text = cutis("check", EXAMPLE, "--sort", "worth", "--limit", "500", cwd=practice).stdout
    places = [text.index(h) for h in ("Must be put right", "Worth fixing:", "Not stated:", "Not worth fixing")]
    assert places == sorted(places)
    assert {json.dumps(f) for f in made["findings"]} == {json.dumps(f) for f in report(cwd=practice)["findings"]}


def test_without_a_cost_nothing_is_called_worth_or_not(practice: Path) -> None:
    made = report("--no-config", cwd=practice)
    assert {f["worth"] for f in made["findings"]} == {"must be put right", "not stated"}
    assert {f["rework_cost"] for f in made["findings"] if f["fix"]["kind"] != "mechanical"} == {None}
    pairs = [f for f in made["findings"] if f["rule"] == "ncci-pair-without-modifier" and f["severity"] == "error"]
    assert {f["odds"] for f in pairs} <= {"1", None}
    assert all("NCCI policy manual" in f["odds_source"] for f in pairs if f["odds"])


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["check", EXAMPLE, "--config", "none.toml"], "none.toml cannot be read"),
        (["check", EXAMPLE, "--config", "cutis.toml", "--no-config"], "contradict each other"),
        (["check", EXAMPLE, "--as-of", "soon"], "is not a date"),
        (["check", EXAMPLE, "--baseline", "none.json"], "baseline none.json cannot be read"),
        (["check", EXAMPLE, "--baseline", "cutis.toml"], "is not JSON"),
        (["check", EXAMPLE, "--write-baseline", "none/known.json"], "cannot be written"),
        (["config", "--format", "xml"], "neither text nor json"),
        (["rules", "--test", "none.yaml"], "there is no file or folder"),
        (["rules", "--test", "cutis.toml"], "this is not YAML"),
        (["new-rule", "--yaml", "Bad Name"], "must be words in lower case"),
        (["new-rule", "--yaml", "units-over-mue"], "there is a rule called"),
        (["new-rule", "--yaml", "two-wart-units", "--root", "rules"], "exists already"),
        (["new-rule", "--yaml", "x-y", "--root", "nowhere"], "there is no folder"),
        (["rules", "--no-config-at-all"], "No such option"),
        (["explain", "two-wart-unit"], "did you mean 'two-wart-units'"),
    ],
)
def test_bad_input_is_one_sentence(practice: Path, words: list, sentence: str) -> None:
    done = cutis(*words, cwd=practice)
    assert done.returncode == 2
    assert sentence in done.stderr
    if done.stderr.startswith("cutis: "):
        assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_all_faults_of_the_configuration_are_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "cutis.toml").write_text("[chek]\n[severity]\nmohs = 'bad'\n[payers]\nx = 'y'\n")
    done = cutis("check", EXAMPLE, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("cutis: cutis.toml has 3 errors:\n  line 1, chek:")
    assert len(done.stderr.splitlines()) == 4


def test_config_says_what_is_in_force(practice: Path) -> None:
    made = json.loads(cutis("config", "--select", "mohs", "--format", "json", cwd=practice).stdout)
    rows = {s["key"]: (s["value"], s["origin"]) for s in made["settings"]}
    assert rows["select"] == ("mohs", "command line")
    assert rows["ignore"] == ("drug", "cutis.toml, line 3")
    assert rows["rule of the practice"] == ("two-wart-units", "rules/two-wart-units.yaml")
    assert rows["rework cost (needs-chart)"][0] == "$20.00"
    assert "cutis.toml, line 3" in cutis("config", cwd=practice).stdout
    assert "There is no cutis.toml" in cutis("config", cwd=Path("/")).stdout


def test_a_rule_in_yaml_is_tested_listed_explained_and_documented(practice: Path) -> None:
    done = cutis("rules", "--test", "rules", cwd=practice)
    assert (done.returncode, done.stdout) == (0, "two-wart-units: 3 tests hold\n")
    assert "two-wart-units" in cutis("rules", "--family", "practice", cwd=practice).stdout
    assert "What it says" in cutis("explain", "two-wart-units", cwd=practice).stdout
    assert cutis("rules", "--docs", "pages", cwd=practice).returncode == 0
    assert (practice / "pages" / "two-wart-units.md").read_text().startswith("# two-wart-units\n")
    assert "(two-wart-units.md)" in (practice / "pages" / "index.md").read_text()
    path = practice / "rules" / "two-wart-units.yaml"
    path.write_text(path.read_text().replace("over: 1", "over: 5"))
    failed = cutis("rules", "--test", "rules", cwd=practice)
    assert failed.returncode == 1
    assert "the example is not found" in failed.stdout


def test_the_manual_s_own_examples_are_right(tmp_path: Path) -> None:
    rule = re.search(r"```yaml\n(.*?)```", (ROOT / "docs" / "custom-rules.md").read_text(), re.DOTALL)
    toml = re.search(r"```toml\n(.*?)```", (ROOT / "docs" / "config.md").read_text(), re.DOTALL)
    assert rule
    assert toml
    (tmp_path / "our-rules").mkdir()
    (tmp_path / "our-rules" / "one.yaml").write_text(rule[1])
    assert cutis("rules", "--test", "our-rules", cwd=tmp_path).stdout == "wart-units-of-sunrise: 2 tests hold\n"
    cutis("check", EXAMPLE, "--write-baseline", "known.json", cwd=tmp_path)
    (tmp_path / "cutis.toml").write_text(toml[1])
    assert cutis("config", cwd=tmp_path).returncode == 0
    assert "known findings are not shown" in cutis("check", EXAMPLE, cwd=tmp_path).stdout
