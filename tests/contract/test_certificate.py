"""Certificates: the same run gives the same bytes, a repeated run is equal, and each way to differ is named."""

import json
import sys
from pathlib import Path

import jsonschema
import pytest

from tests.contract.test_controls import EXAMPLE, ROOT, cutis, practice

__all__ = ["practice"]

SCHEMA = json.loads((ROOT / "docs" / "schemas" / "certificate.json").read_text())


@pytest.fixture
def certified(practice: Path) -> Path:
    (practice / "day.837").write_bytes(EXAMPLE.read_bytes())
    words = ("check", "day.837", "--ignore", "mohs", "--certificate", "cert.json", "--output", "report.txt")
    assert cutis(*words, cwd=practice).returncode == 1
    return practice


def changed(folder: Path, change) -> list[dict]:
    content = json.loads((folder / "cert.json").read_text())
    change(content)
    (folder / "changed.json").write_text(json.dumps(content))
    done = cutis("verify", "changed.json", "--format", "json", cwd=folder)
    made = json.loads(done.stdout)
    assert made["equal"] is (done.returncode == 0)
    return made["differences"]


def test_a_repeated_run_is_equal_and_its_record_the_same_bytes(certified: Path) -> None:
    written = (certified / "cert.json").read_bytes()
    content = json.loads(written)
    jsonschema.validate(content, SCHEMA)
    assert content["options"]["ignore"] == ["mohs"]
    assert [r["name"] for r in content["rules"]] == ["rules/two-wart-units.yaml"]
    assert content["result"]["findings"] == sum(map(len, content["result"]["fingerprints"].values())) > 50
    assert content["rules_not_run"]
    assert b"CD0" not in written  # no claim is named
    done = cutis("verify", "cert.json", cwd=certified)
    assert (done.returncode, done.stdout[:6]) == (0, "Equal:")
    # neither the folder's own configuration nor its rules are needed
    (certified / "cutis.toml").write_text("[check]\nselect = ['mohs']\n")
    (certified / "rules" / "two-wart-units.yaml").unlink()
    assert cutis("verify", "cert.json", cwd=certified).returncode == 0


def test_the_same_run_gives_the_same_bytes_in_any_order_of_the_report(certified: Path) -> None:
    words = ("check", "day.837", "--ignore", "mohs", "--sort", "worth", "--output", "r.txt", "--certificate", "b.json")
    cutis(*words, cwd=certified)
    assert (certified / "b.json").read_bytes() == (certified / "cert.json").read_bytes()
    cutis("check", "day.837", "--write-baseline", "known.json", "--output", "r.txt", cwd=certified)
    cutis(*words, "--baseline", "known.json", cwd=certified)
    with_base, without = (json.loads((certified / n).read_text()) for n in ("b.json", "cert.json"))
    assert with_base["baseline"]["known"] > 0
    assert with_base["result"] == without["result"]
    assert cutis("verify", "b.json", cwd=certified).returncode == 0


def test_each_difference_is_named(certified: Path) -> None:
    other = (certified / "day.837").read_text().replace("99213", "99214")
    (certified / "other.837").write_text(other)
    done = cutis("verify", "cert.json", "other.837", cwd=certified)
    assert done.returncode == 1
    assert "the input is not the file that was checked" in done.stdout
    assert "gone, 1 new (claim CD0" in done.stdout

    def what(change) -> set[str]:
        return {d["what"] for d in changed(certified, change)}

    assert what(lambda x: x.update(cutis="0.0.9")) == {"version"}
    assert what(lambda x: x["tables"][0].update(sha256="0" * 64)) == {"table"}
    assert what(lambda x: x["tables"].pop()) == {"table"}
    assert what(lambda x: x["rules_run"].pop()) == {"rules"}
    assert what(lambda x: x["result"].update(sha256="0" * 64)) == {"findings"}
    assert what(lambda x: x["counts"].update(errors=1)) == {"counts"}
    assert "findings" in what(lambda x: x["options"].update(ignore=["mohs", "units"]))


def test_a_bad_certificate_is_one_sentence(certified: Path) -> None:
    good = json.loads((certified / "cert.json").read_text())
    for name, text, sentence in (
        ("none.json", None, "cannot be read"),
        ("a.json", "{", "is not JSON"),
        ("a.json", "[]", "is no certificate"),
        ("a.json", json.dumps(good | {"schema": 2}), "has schema 2"),
        ("a.json", json.dumps(good | {"input": 1, "tables": {}}), "is damaged: input, tables"),
        ("a.json", json.dumps(good | {"input": {"name": "x"}}), "is damaged: input.sha256"),
        ("a.json", json.dumps(good | {"result": {"fingerprints": []}}), "is damaged: result.fingerprints"),
        ("a.json", json.dumps(good | {"options": {}}), "is damaged"),
        ("a.json", json.dumps(good | {"tables": [1]}), "is damaged: tables"),
        (
            "a.json",
            json.dumps(good | {"input": good["input"] | {"name": "gone.837"}}),
            "name the file that was checked",
        ),
        ("a.json", json.dumps(good | {"config": {"name": "c", "text": "[chek]"}}), "no such key"),
    ):
        if text is not None:
            (certified / name).write_text(text)
        done = cutis("verify", name, cwd=certified)
        assert done.returncode == 2, (sentence, done.stdout, done.stderr)
        assert sentence in done.stderr
        assert done.stderr.count("\n") == 1
    assert "need a file" in cutis("check", "-", "--certificate", "c.json", cwd=certified).stderr


def test_the_schema_is_the_script_s() -> None:
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        from certificate_schema import certificate_schema
    finally:
        sys.path.pop(0)
    assert certificate_schema() == SCHEMA
