"""The rules of the house, checked: sizes, layers, words, promises of the repository."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TRACKED = [
    ROOT / name
    for name in subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split(
        "\n"
    )
    if name and (ROOT / name).is_file()
] or [p for p in ROOT.rglob("*") if p.is_file() and not {".venv", ".git"} & set(p.parts)]
PYTHON = [p for p in TRACKED if p.suffix == ".py"]
SOURCE = [p for p in PYTHON if (ROOT / "src") in p.parents]
MAX_FILE, MAX_FUNCTION = 400, 60


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_files_stay_short() -> None:
    long = {_name(p): n for p in PYTHON if (n := len(p.read_text(encoding="utf-8").splitlines())) > MAX_FILE}
    assert long == {}


def _code_lines(node: ast.AST) -> int:
    """Lines of a function without its docstring: documentation is welcome at any length."""
    body = node.body  # type: ignore[attr-defined]
    first = body[0]
    is_doc = (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    )
    doc = (first.end_lineno - first.lineno + 1) if is_doc else 0
    return node.end_lineno - node.lineno + 1 - doc  # type: ignore[attr-defined]


def test_functions_stay_short() -> None:
    long = {
        f"{_name(p)}:{node.name}": _code_lines(node)
        for p in SOURCE
        for node in ast.walk(ast.parse(p.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _code_lines(node) > MAX_FUNCTION
    }
    assert long == {}


def test_import_layers_hold() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports"))], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("tool", [["ruff", "check", "."], ["mypy"]], ids=["ruff", "mypy"])
def test_linters_are_content(tool: list[str]) -> None:
    command = [str(Path(sys.executable).with_name(tool[0])), *tool[1:]]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:]


# Split so that this file does not contain the words it looks for.
FORBIDDEN = [r"/wo" r"rk/", r"/ro" r"ot/", r"py" r"pi\.org", r"registry\." r"npmjs", r"pythonhosted" r"\.org"]


def test_the_repository_speaks_of_the_product_alone() -> None:
    pattern = re.compile("|".join(FORBIDDEN))
    hits = {
        _name(p): match.group()
        for p in TRACKED
        if p.suffix not in {".parquet", ".png"} and p.stat().st_size < 5_000_000
        if (match := pattern.search(p.read_text(encoding="utf-8", errors="replace")))
    }
    assert hits == {}


def test_no_unfinished_marks_in_source() -> None:
    mark = re.compile(r"\b(TODO|FIXME|XXX)\b(?!.{0,3}[\"'])")
    hits = [
        f"{_name(p)}:{n}"
        for p in SOURCE
        for n, line in enumerate(p.read_text().splitlines(), 1)
        if mark.search(line) and "#" in line.split("XXX")[0] and "global" not in line
    ]
    assert hits == []


def test_each_rule_file_holds_one_rule() -> None:
    from cutis.rulekit.catalogue import catalogue

    modules = [r.module for r in catalogue().values() if r.module.startswith("cutis.")]
    assert len(modules) == len(set(modules))
    wrong = [r.name for r in catalogue().values() if r.module.rsplit(".", 1)[1] != r.name.replace("-", "_")]
    assert wrong == []


def test_the_manual_builds_without_a_warning(tmp_path: Path) -> None:
    command = [
        str(Path(sys.executable).with_name("mkdocs")),
        "build",
        "--strict",
        "--quiet",
        "--site-dir",
        str(tmp_path),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
