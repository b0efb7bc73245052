"""`cutis.toml`: everything wrong with it at once, each with its line, and what is in force."""

from datetime import date
from pathlib import Path

import pytest

from cutis.engine.config import Config, find, load, parse
from cutis.engine.settings import Given, listed, options
from cutis.engine.toml_reader import positions
from cutis.model.errors import ConfigError

GOOD = """
[check]
select = ["bundling", "units"]
ignore = "units-over-mue"
locality = "09102-04"
as_of = 2026-08-01

[severity]
bundling = "warning"

[payers]
"00590" = "medicare"

[worth]
rework_cost = "18.50"
rework_source = "time sheet"

[worth.odds]
ncci-pair-without-modifier = { odds = "0.85", source = "remittances" }

[[waivers]]
rule = "visit-without-25"
claim = ["A1", "A2"]
reason = "known to the payer"
author = "A. Biller"
expires = 2026-12-31
"""


def faults(text: str, folder: Path = Path("nowhere")) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        parse(text, "cutis.toml", folder)
    said = str(caught.value)
    return said.split("\n")[1:] if "\n" in said else [said]


def test_what_it_says_is_what_is_in_force() -> None:
    config = parse(GOOD, "cutis.toml", Path())
    assert config.select == ("bundling", "units")
    assert config.ignore == ("units-over-mue",)
    controls = config.controls
    assert controls.as_of == date(2026, 8, 1)
    assert controls.severity == {"bundling": "warning"}
    assert controls.payers == {"00590": "medicare"}
    assert controls.worth.cost_cents == {"mechanical": 0, "needs-chart": 1850, "none": 1850}
    assert controls.worth.odds["ncci-pair-without-modifier"].parts == 8500
    assert controls.waivers[0].scope == (("claim", ("A1", "A2")),)
    assert controls.waivers[0].line == 21


def test_all_faults_come_at_once_with_line_and_key() -> None:
    said = faults(
        """check = 3
[chek]
[severity]
units-over-muee = "error"
units-over-mue = "off"
[payers]
"1" = "Medicare"
[worth]
rework_cost = 18.5
[worth.odds]
bundling = { odds = "1.2", source = "us" }
[[waivers]]
rule = "bundling"
expires = "soon"
payr = "1"
"""
    )
    for wanted in (
        "line 1, check: this must be a table",
        "line 2, chek: there is no such key (did you mean 'check'?)",
        "line 4, severity.units-over-muee: no rule or family is called 'units-over-muee' (did you mean 'units-over-mue'",
        "line 5, severity.units-over-mue: 'off' is no severity",
        "line 7, payers.1: 'Medicare' is no kind of payer (did you mean 'medicare'",
        "line 9, worth.rework_cost: 18.5 is no amount",
        "line 9, worth.rework_cost: a cost needs rework_source",
        "line 11, worth.odds.bundling: '1.2' is no chance",
        "line 12, waivers[1]: a waiver needs 'reason'",
        "line 12, waivers[1]: a waiver needs 'author'",
        "line 14, waivers[1].expires: 'soon' is not a date",
        "line 15, waivers[1].payr: there is no such key (did you mean 'payer'?)",
    ):
        assert any(wanted in s for s in said), (wanted, said)
    assert len(said) == 12


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[check", "line 1: this is not TOML"),
        ("[check]\nselect = [1]", "line 2, check.select: this must be a list of texts"),
        ("[check]\nselect = []", "line 2, check.select: this must be a list of texts"),
        ('[check]\nselect = ["moh"]', "did you mean 'mohs'"),
        ('[check]\nstate = ""', "line 2, check.state: this must be a text in quotes, not an empty one"),
        ("[check]\nas_of = 2026-13-01", "this is not TOML"),
        ("[check]\nas_of = 2026-01-01T00:00:00", "is not a date"),
        ('[check]\nrules = "none"', "there is no file or folder"),
        ('[check]\nbaseline = "none.json"', "baseline none.json cannot be read".replace("none", "nowhere/none")),
        ("waivers = 3", "write each waiver under a heading [[waivers]]"),
        ("waivers = [3]", "write each waiver under a heading [[waivers]]"),
        ('[worth.odds]\nmohs = "0.5"', "write it as { odds"),
        ('[worth]\nrework_cost = "-1"\nrework_source = "x"', "is no amount"),
        ('[worth]\nrework_cost = "nan"\nrework_source = "x"', "is no amount"),
        ('[worth]\nrework_cost = { chart = "1" }\nrework_source = "x"', "keys here are mechanical, needs-chart, none"),
        ("worth = 1", "line 1, worth: this must be a table"),
    ],
)
def test_each_fault_is_a_sentence_that_says_what_to_do(text: str, sentence: str) -> None:
    assert sentence in "\n".join(faults(text))


def test_a_recalled_rule_cannot_be_made_an_error() -> None:
    from cutis.model.finding import Evidence
    from cutis.rulekit.catalogue import catalogue

    recalled = next(n for n, r in catalogue().items() if r.evidence is Evidence.RECALLED)
    assert "may not be an error" in faults(f'[severity]\n{recalled} = "error"')[0]
    assert parse(f'[severity]\n{recalled} = "info"', "c", Path()).controls.severity == {recalled: "info"}


def test_it_is_found_upward_from_a_folder(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "cutis.toml").write_text("[check]\n")
    assert find(inner) == tmp_path.resolve() / "cutis.toml"
    (inner / "cutis.toml").write_text('[check]\nstate = "FL"\n')
    assert find(inner) == inner.resolve() / "cutis.toml"
    assert load(inner / "cutis.toml").state == "FL"


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cutis.toml"
    path.write_bytes(b"\xff\xfe[check]")
    with pytest.raises(ConfigError, match="is not UTF-8 text"):
        load(path)
    path.write_bytes(b"#" * (2 << 20))
    with pytest.raises(ConfigError, match="over 1 MB"):
        load(path)
    with pytest.raises(ConfigError, match="cannot be read"):
        load(tmp_path)


def test_the_command_line_goes_before_the_file_and_the_origin_is_said() -> None:
    config = parse(GOOD, "cutis.toml", Path())
    given = Given(ignore=("mohs",), state="FL")
    made = options(config, given)
    assert made.select == ("bundling", "units")
    assert made.ignore == ("mohs",)
    assert made.state == "FL"
    origins = {s.key: s.origin for s in listed(config, given)}
    assert origins["select"] == "cutis.toml, line 3"
    assert origins["ignore"] == "command line"
    assert origins["baseline"] == "default"
    assert origins["payer 00590"] == "cutis.toml, line 12"
    assert options(Config(), Given()).select == ()


def test_positions_know_headings_dotted_keys_and_texts_of_many_lines() -> None:
    text = 'a.b = 1\n[x."y z"]\nk = """\nnot = 1\n"""\nl = 2\n[[w]]\nr = 1\n[[w]]\nr = 2\n'
    found = positions(text)
    assert found["a", "b"] == 1
    assert found["x", "y z", "k"] == 3
    assert ("x", "y z", "not") not in found
    assert found["x", "y z", "l"] == 6
    assert found["w", 0, "r"] == 8
    assert found["w", 1, "r"] == 10
