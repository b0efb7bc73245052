"""The worked examples of the manual: each `$ cutis` of a console block is run and its output compared."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contract.test_command_line import ROOT

BLOCK = re.compile(r"^```console\n\$ cutis (?P<command>[^\n]+)\n(?P<output>.+?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLES = [
    pytest.param(m["command"], m["output"], id=m["command"])
    for m in BLOCK.finditer((ROOT / "docs" / "pricing.md").read_text(encoding="utf-8"))
]


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 3


@pytest.mark.parametrize(("command", "output"), EXAMPLES)
def test_worked_example(command: str, output: str, tmp_path: Path) -> None:
    env = os.environ | {"COLUMNS": "110", "CUTIS_DATA": str(tmp_path), "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, "-c", "from cutis.cli.app import main; main()", *shlex.split(command)],
        capture_output=True,
        text=True,
        check=False,
        env=env,
        cwd=tmp_path,
    )
    assert [x.rstrip() for x in done.stdout.rstrip().splitlines()] == output.rstrip().splitlines(), done.stderr
