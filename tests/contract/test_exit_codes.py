"""Exit codes of `cutis check`: 0 clear, 1 findings, 2 bad input or usage, 3 a failure, in each format; and ends that come from outside."""

import importlib
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from tests.support.x12 import claim, file

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "clinic_day.837"
FORMATS = ("text", "json", "csv", "parquet", "html")
FULL = Path("/dev/full")
COMMAND = [sys.executable, "-c", "from cutis.cli.app import main; main()"]


@pytest.fixture
def clear(tmp_path: Path) -> Path:
    path = tmp_path / "clear.837"
    path.write_text(file(claim("A1", ("17110*185",), "ABK:B078")))
    return path


def code(monkeypatch: pytest.MonkeyPatch, *words: str | Path) -> int:
    from cutis.cli.app import main

    monkeypatch.setattr(sys, "argv", ["cutis", *map(str, words)])
    with pytest.raises(SystemExit) as caught:
        main()
    return int(caught.value.code or 0)


@pytest.fixture
def broken_rule():
    from cutis.rulekit.catalogue import catalogue
    from cutis.rules.units import units_over_mue

    def broken(*_: object) -> None:
        raise KeyError("member id 12345")

    object.__setattr__(units_over_mue.check, "check", broken)
    yield
    importlib.reload(units_over_mue)
    catalogue.cache_clear()


def whole(path: Path, format_: str) -> bool:
    """Whether a report is there and of its format."""
    if format_ == "parquet":
        return "rule" in pl.read_parquet(path).columns
    text = path.read_text()
    if format_ == "json":
        return "summary" in json.loads(text)
    ends = {"text": "in the input", "csv": "claim,lines,severity", "html": "</html>"}
    return ends[format_] in text


@pytest.mark.parametrize("format_", FORMATS)
def test_clear_and_findings(format_: str, clear: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    assert code(monkeypatch, "check", clear, "-f", format_, "-o", out) == 0
    assert whole(out, format_)
    assert code(monkeypatch, "check", EXAMPLE, "-f", format_, "-o", out) == 1
    assert whole(out, format_)


@pytest.mark.parametrize("format_", FORMATS)
def test_bad_input(format_: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    out, bad = tmp_path / "out", tmp_path / "bad.csv"
    bad.write_text("a,b\n1,2\n")
    for path in (bad, tmp_path / "none.837", tmp_path):
        assert code(monkeypatch, "check", path, "-f", format_, "-o", out) == 2
        assert capsys.readouterr().err.count("\n") == 1
        assert not out.exists()
    assert code(monkeypatch, "check", EXAMPLE, "-f", format_, "-o", tmp_path) == 2
    assert code(monkeypatch, "check", EXAMPLE, "-f", format_, "-o", tmp_path / "no" / "out") == 2


@pytest.mark.usefixtures("broken_rule")
@pytest.mark.parametrize("format_", FORMATS)
def test_a_rule_that_fails(format_: str, clear: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    assert code(monkeypatch, "check", clear, "-f", format_, "-o", out) == 3
    assert whole(out, format_)
    assert b"12345" not in out.read_bytes()


@pytest.mark.skipif(not FULL.exists(), reason="the system has no /dev/full")
@pytest.mark.parametrize("format_", FORMATS)
def test_a_full_disk_is_one_sentence(format_: str, clear: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    assert code(monkeypatch, "check", clear, "-f", format_, "-o", FULL) == 2
    assert capsys.readouterr().err == "cutis: /dev/full cannot be written: No space left on device\n"


def test_what_could_not_be_finished_is_not_left_behind(
    clear: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    from cutis.output import tables

    def full(_: object, out) -> None:
        out.write(b"claim,lines\n")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tables, "write_csv", full)
    out = tmp_path / "out.csv"
    assert code(monkeypatch, "check", clear, "-f", "csv", "-o", out) == 2
    assert "No space left" in capsys.readouterr().err
    assert not out.exists()


def test_ctrl_c_is_no_finding(clear: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cutis.engine import run

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "check", interrupted)
    assert code(monkeypatch, "check", clear) == 130


def test_a_fault_of_the_program_is_no_finding_and_tells_nothing_of_the_claim(
    clear: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    from cutis.engine import run

    def broken(*_: object, **__: object) -> None:
        raise ValueError("member id 12345")

    monkeypatch.setattr(run, "check", broken)
    assert code(monkeypatch, "check", clear) == 3
    said = capsys.readouterr().err
    assert re.search(r"ValueError in \w+\.py, line \d+", said)
    assert "12345" not in said


@pytest.mark.skipif(not hasattr(signal, "SIGPIPE"), reason="the system has no SIGPIPE")
@pytest.mark.parametrize("words", [("check", EXAMPLE, "-f", f) for f in FORMATS if f != "parquet"] + [("rules",)])
def test_a_pipe_whose_reader_has_gone_ends_quietly(words: tuple) -> None:
    process = subprocess.Popen([*COMMAND, *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    assert process.wait() == -signal.SIGPIPE
    assert said == b""


def test_the_pipe_signal_is_put_back(clear: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.getsignal(signal.SIGPIPE) if hasattr(signal, "SIGPIPE") else None
    assert code(monkeypatch, "check", clear, "-o", os.devnull) == 0
    assert (signal.getsignal(signal.SIGPIPE) if before is not None else None) == before
