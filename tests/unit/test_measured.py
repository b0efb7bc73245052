"""Measured precision: findings of stored claims held against the answers, and severity lowered only where asked."""

import json
from pathlib import Path

import pytest

from cutis.engine.lowered import LEAST, is_low
from cutis.engine.measured import measure, read, write
from cutis.engine.options import Options
from cutis.engine.run import check, check_lines
from cutis.history.past import History
from cutis.model.errors import ConfigError
from cutis.model.shorthand import frame
from cutis.reference.store import Reference
from tests.support.x12 import claim, file
from tests.support.x835 import answer, remittance
from tests.unit.test_history import put


def history(folder: Path) -> History:
    """Six biopsies of two units (three denied, one cut, one paid, one not answered) and a clear line that was denied."""
    two = "11102*330*UN*2***1"
    claims = file(*(claim(f"A{i}", (two,), total="330") for i in range(6)), claim("B1", ("17110*185",), "ABK:B078"))
    denied = [answer(f"A{i}", ("11102*330*0*CO-151-330",)) for i in range(3)]
    cut = answer("A3", ("11102*330*100*CO-45-65,CO-151-165",))
    answers = remittance(
        *denied, cut, answer("A4", ("11102*330*200*CO-45-130",)), answer("B1", ("17110*185*0*CO-16-185",))
    )
    return History.open([put(folder, "c.837", claims), put(folder, "a.835", answers)])


def test_what_became_of_the_lines_that_a_rule_finds(tmp_path: Path, ref: Reference) -> None:
    found = {m.rule: m for m in measure(history(tmp_path), ref)}
    units = found["units-over-mue"]
    assert (units.found, units.answered, units.denied, units.reduced, units.paid) == (6, 5, 3, 1, 1)
    assert units.precision == 0.8
    assert units.reasons == (("151", 4),)
    # nothing is found on the clear line, so that its denial counts for no rule
    assert all(m.found <= 6 and "16" not in dict(m.reasons) for m in found.values())


def test_written_and_read_again(tmp_path: Path, ref: Reference) -> None:
    past = history(tmp_path)
    text = json.dumps(write(measure(past, ref), past))
    again = read(put(tmp_path, "s.json", text))
    assert (again["units-over-mue"].answered, again["units-over-mue"].paid) == (5, 1)
    with pytest.raises(ConfigError, match="do not add up"):
        read(put(tmp_path, "s.json", text.replace('"paid": 1', '"paid": 2')))
    for bad in ("", "[]", "{}", '{"schema": 2, "rules": []}', '{"schema": 1, "rules": [{}]}'):
        with pytest.raises(ConfigError, match="is not what"):
            read(put(tmp_path, "s.json", bad))


@pytest.mark.parametrize(
    ("answered", "paid", "low"), [(30, 27, True), (30, 26, False), (29, 29, False), (100, 90, True)]
)
def test_where_severity_falls(answered: int, paid: int, low: bool) -> None:
    assert LEAST == 30
    assert is_low(answered, paid) is low


def test_a_finding_falls_by_a_step_and_says_so_only_when_asked(ref: Reference) -> None:
    lines = frame(["11102 x2 dx=D49.2"])

    def said(options: Options) -> tuple[str, str]:
        row = next(r for r in check_lines(lines, options, ref).findings.to_dicts() if r["rule"] == "units-over-mue")
        return row["severity"], row["message"]

    assert said(Options())[0] == "error"
    severity, message = said(Options(measured=(("units-over-mue", (40, 39)),)))
    assert severity == "warning"
    assert message.endswith("(Lowered by a step: of 40 such lines that payers answered, 39 were paid in full.)")
    assert said(Options(measured=(("units-over-mue", (40, 20)), ("line-repeated", (40, 40))))) == said(Options())


def test_without_answers_there_is_nothing_to_measure(tmp_path: Path, ref: Reference) -> None:
    only = History.open([put(tmp_path, "c.837", file(claim("A1")))])
    with pytest.raises(ConfigError, match="add the 835s"):
        measure(only, ref)


def test_the_check_is_otherwise_the_same(tmp_path: Path, ref: Reference) -> None:
    path = put(tmp_path, "c.837", file(claim("A1", ("11102*330*UN*2***1",), total="330")))
    plain, asked = (check(path, Options(measured=m), ref) for m in ((), (("line-repeated", (40, 40)),)))
    assert plain.findings.equals(asked.findings)
