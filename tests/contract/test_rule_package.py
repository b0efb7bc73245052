"""A package of rules of someone else: written by `cutis new-rule`, built, installed into a folder, found by its entry point, and run."""

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support.x12 import claim, file

ROOT = Path(__file__).parents[2]
MANUAL = (ROOT / "docs" / "custom-rules.md").read_text(encoding="utf-8")
NAME = "biopsy-units-for-sunrise"


def cutis(*words: str | Path, site: Path | None = None, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    path = f"import sys; sys.path.insert(0, {str(site)!r})\n" if site else ""
    code = path + "from cutis.cli.app import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, words)], capture_output=True, text=True, check=False, cwd=cwd
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package of the manual in it, as an installer would lay it out."""
    root = tmp_path_factory.mktemp("sunrise")
    (root / "sunrise_rules").mkdir()
    (root / "sunrise_rules" / "__init__.py").write_text('"""Rules of the Sunrise clinic."""\n')
    toml = re.search(r"```toml\n(\[build-system\].*?)```", MANUAL, re.DOTALL)
    assert toml
    (root / "pyproject.toml").write_text(toml[1])
    made = cutis("new-rule", f"biopsy/{NAME}", "--package", "sunrise_rules", cwd=root)
    assert made.returncode == 0, made.stderr
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(root / "dist")]
    subprocess.run(build, cwd=root, check=True, capture_output=True)
    (wheel,) = (root / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(root / "site")
    return root / "site"


def test_its_rule_is_listed_and_explained_as_the_built_in_ones(site: Path) -> None:
    listed = json.loads(cutis("rules", "--format", "json", site=site).stdout)
    assert [r["family"] for r in listed if r["name"] == NAME] == ["biopsy"]
    page = cutis("explain", NAME, site=site)
    assert page.returncode == 0
    assert NAME in page.stdout
    assert cutis("explain", NAME).returncode == 2, "without the package there is no such rule"


def test_its_rule_runs_in_a_check(site: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.837"
    path.write_text(file(claim("A1", ("11102*165*UN*2***1",)), claim("A2", ("11102*165",))))
    report = json.loads(cutis("check", path, "--format", "json", "--select", NAME, site=site).stdout)
    (finding,) = report["findings"]
    assert (finding["rule"], finding["family"], finding["claim"], finding["lines"]) == (NAME, "biopsy", "A1", [1])
    everything = json.loads(cutis("check", path, "--format", "json", site=site).stdout)
    assert NAME in {f["rule"] for f in everything["findings"]}
    assert len({f["rule"] for f in everything["findings"]}) > 1


def test_its_case_file_runs_with_the_case_kit(site: Path) -> None:
    code = f"""
import sys; sys.path.insert(0, {str(site)!r})
from pathlib import Path
from cutis.reference.store import Reference
from cutis.rulekit.cases import load, run
from cutis.rulekit.catalogue import catalogue
name, cases = load(Path({str(site.parent / "tests" / "cases" / "biopsy" / (NAME + ".yaml"))!r}))
print(name, [run(catalogue()[name], case, Reference.default()) for case in cases])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == f"{NAME} [[], []]", done.stderr


@pytest.mark.parametrize(
    ("value", "files", "words"),
    [
        ("no_such_rules", {}, "the rules of no_such_rules (entry point 'x') cannot be loaded (ModuleNotFoundError"),
        ("flat_rules", {"flat_rules.py": ""}, "flat_rules (entry point 'x'): it is a module, not a package"),
        ("bad_rules", {"bad_rules/__init__.py": "", "bad_rules/a/__init__.py": "", "bad_rules/a/b.py": "1 / 0"}, "ZeroDivisionError"),
        ("dup_rules", {"dup_rules/__init__.py": "", "dup_rules/units/__init__.py": "",
                       "dup_rules/units/b.py": "from cutis.rules.units.units_over_mue import check\ncheck = type(check)(**{"
                       "**{f: getattr(check, f) for f in check.__dataclass_fields__}, 'module': __name__})\n"},
         "two rules are called 'units-over-mue'"),
    ],
)  # fmt: skip
def test_a_package_that_cannot_be_loaded_is_one_sentence(
    tmp_path: Path, value: str, files: dict[str, str], words: str
) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    entry = tmp_path / "x-1.0.dist-info"
    entry.mkdir()
    (entry / "METADATA").write_text("Metadata-Version: 2.1\nName: x\nVersion: 1.0\n")
    (entry / "entry_points.txt").write_text(f"[cutis.rules]\nx = {value}\n")
    done = cutis("rules", site=tmp_path)
    assert done.returncode == 2, done.stderr
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_folder_that_is_no_package_is_refused(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    done = cutis("new-rule", "biopsy/some-rule", "--package", "plain", cwd=tmp_path)
    assert done.returncode == 2
    assert "it has no __init__.py" in done.stderr
