"""Rules in YAML: what they can say, what is wrong with them, and that they are rules like all others."""

import io
from datetime import date
from pathlib import Path

import pytest

from cutis.engine.controls import Controls
from cutis.engine.options import Options
from cutis.engine.run import check, check_lines
from cutis.model.errors import InputError, RuleError
from cutis.model.finding import Exposure, FixKind, Severity
from cutis.model.scope import Scope
from cutis.model.shorthand import frame
from cutis.output.pages import as_dict, as_markdown, find
from cutis.reference.store import Reference
from cutis.rulekit.apply import Prepared, apply
from cutis.rulekit.catalogue import catalogue, with_own
from cutis.rulekit.custom import RuleFile, load_files, read_files, run_tests
from cutis.rulekit.rule import Rule

TOP = """
name: a-rule-of-ours
what: It finds something.
why: The payer wants it so.
authority: Contract, section 4
message: "{code} at {place}: {units} units, {modifiers}, {charge} dollars, age {age}."
evidence: published
"""
ENDS = """
example: [17110 x2 dx=B07.8]
instead: [17110 dx=B07.8]
"""


def text(when: str, more: str = "") -> str:
    return f"{TOP}{more}\nwhen: {when}\n{ENDS}"


def made(when: str, more: str = "") -> Rule:
    rules, faults = load_files([RuleFile("ours.yaml", text(when, more))])
    assert faults == []
    return rules[0]


def found(rule: Rule, ref: Reference, *lines: str) -> list[int]:
    numbered = frame(lines).with_row_index("number", offset=1)
    applied = apply(rule, Prepared(numbered), ref)
    assert applied.problem is None
    hits = applied.found.join(numbered.select("claim_index", "line", "number"), on=["claim_index", "line"])
    return sorted(hits["number"])


def wrong(content: str) -> list[str]:
    rules, faults = load_files([RuleFile("ours.yaml", content)])
    assert rules == ()
    return faults


@pytest.mark.parametrize(
    ("when", "hits", "misses"),
    [
        ("{codes: [11102]}", "11102", "11104"),
        ("{codes: 11300-11303}", "11303", "11304"),
        ("{codes: [mohs]}", "17311", "11102"),
        ("{codes: [J3300-J3301]}", "J3301", "J3302"),
        ("{not_codes: [biopsy]}", "17000", "11102"),
        ("{modifiers: {any: [59, XS]}}", "17000 XS", "17000 25"),
        ("{modifiers: {all: [59, LT]}}", "17000 59 LT", "17000 59"),
        ("{codes: [17000], modifiers: {none: [59]}}", "17000 LT", "17000 59"),
        ("{diagnosis: [L57, D48.5]}", "17000 dx=Z00.0,D48.5", "17000 dx=D48.1"),
        ("{codes: [17000], diagnosis: {none: [L57]}}", "17000 dx=B07.8", "17000 dx=L57.0"),
        ("{units: {over: 2}}", "17003 x3", "17003 x2"),
        ("{units: {at_least: 2, under: 4}}", "17003 x3", "17003 x4"),
        ("{charge: {over: 100.00}}", "17000 charge=100.01", "17000 charge=100.00"),
        ("{charge: {at_most: 50}}", "17000 charge=50", "17000 charge=50.01"),
        ("{age: {under: 18}}", "17000 born=2008-07-16", "17000 born=2008-07-15"),
        ("{age: {at_least: 65}}", "17000 born=1961-07-15", "17000 born=1961-07-16"),
        ("{sex: F}", "17000 sex=F", "17000 sex=M"),
        ("{place: [11, 22]}", "17000 pos=22", "17000 pos=24"),
        ("{not_place: [11]}", "17000 pos=22", "17000 pos=11"),
        ("{payer_id: [SUN01]}", "17000 payer_id=SUN01", "17000 payer_id=SUN02"),
        ("{state: [FL]}", "17000 state=fl", "17000 state=GA"),
    ],
)
def test_each_condition_has_two_sides(when: str, hits: str, misses: str, ref: Reference) -> None:
    rule = made(when)
    assert found(rule, ref, hits) == [1]
    assert found(rule, ref, misses) == []


def test_other_lines_of_the_day(ref: Reference) -> None:
    beside = made("{codes: [17000], same_day: {with: [em_office]}}")
    assert beside.scope is Scope.DAY
    assert found(beside, ref, "17000", "99213") == [1]
    assert found(beside, ref, "17000", "99213 on=2026-07-16") == []
    assert found(beside, ref, "17000", "99213 patient=2 claim=B") == []
    alone = made("{same_day: {without: [96372]}, codes: [J3301]}")
    assert found(alone, ref, "J3301") == [1]
    assert found(alone, ref, "J3301", "96372") == []
    twice = made("{codes: [17000], same_day: {with: [17000]}}")
    assert found(twice, ref, "17000") == []
    assert found(twice, ref, "17000", "17000") == [1, 2]


def test_all_conditions_must_hold_and_payers_and_dates_narrow(ref: Reference) -> None:
    rule = made(
        "{codes: [17110], units: {over: 1}}", "payers: [commercial]\nin_force: {from: 2026-02-01, to: 2026-08-31}"
    )
    line = "17110 x2 payer=commercial"
    assert found(rule, ref, line) == [1]
    assert found(rule, ref, "17110 x2 payer=medicare") == []
    assert found(rule, ref, f"{line} on=2026-01-31") == []
    assert found(rule, ref, f"{line} on=2026-08-31") == [1]
    assert found(rule, ref, f"{line} on=2026-09-01") == []
    assert found(rule, ref, "17110 payer=commercial") == []


def test_what_is_not_known_is_not_checked(ref: Reference) -> None:
    rule = made("{codes: [17000], age: {under: 18}}")
    applied = apply(rule, Prepared(frame(["17000", "17000 born=2015-01-01", "11102"])), ref)
    assert applied.found.height == 1
    assert [(n.reason, n.lines) for n in applied.not_checked] == [("the patient's birth date is not known", 1)]
    bare = apply(rule, Prepared(frame(["17000"]).drop("patient_birth")), ref)
    assert bare.not_checked[0].reason == "the input has no column patient_birth"


def test_the_record_is_that_of_every_rule(ref: Reference) -> None:
    rule = made(
        "{units: {over: 1}}", "carc: 151\nfix_text: One unit of {code}.\nquestion: How many?\nexposure: denial\nurl: u"
    )
    assert (rule.family, rule.severity, rule.fix) == ("practice", Severity.WARNING, FixKind.NEEDS_CHART)
    assert (rule.carc, rule.exposure) == ("151", Exposure.DENIAL)
    assert rule.in_force == (None, None)
    applied = apply(rule, Prepared(frame(["17110 x2 59 charge=12.50 born=1950-07-16"])), ref)
    assert applied.found["message"].to_list() == ["17110 at 11: 2 units, 59, 12.50 dollars, age 75."]
    assert applied.found["fix_text"].to_list() == ["One unit of 17110."]
    assert find("a-rule-of-ours", [rule]) is rule
    assert as_dict(rule)["why"] == "The payer wants it so."
    assert as_markdown(rule).startswith("# a-rule-of-ours\n")
    assert made("{units: {over: 1}}", "in_force: {to: 2026-01-31}").in_force == (None, date(2026, 1, 31))


def test_it_runs_with_the_others_and_gets_its_dollars(ref: Reference) -> None:
    rule = made("{codes: [17110], units: {over: 1}}")
    report = check_lines(frame(["17110 x2 dx=B07.8"]), Options(controls=Controls(rules=(rule,))), ref)
    row = report.findings.filter(rule="a-rule-of-ours").row(0, named=True)
    assert row["stake_cents"] > 0
    assert "a-rule-of-ours" in report.rules_run
    only = Options(select=("practice",), controls=Controls(rules=(rule,)))
    assert set(check_lines(frame(["17110 x2 dx=B07.8"]), only, ref).findings["rule"]) == {"a-rule-of-ours"}


def test_the_file_cut_anywhere_gives_the_same(ref: Reference) -> None:
    example = Path(__file__).parents[3] / "examples" / "clinic_day.837"
    rule = made("{codes: [em_office], same_day: {with: [premalignant_destruction, biopsy]}}")
    options = Options(select=("practice",), controls=Controls(rules=(rule,)))
    whole = check(example, options, ref).findings
    assert whole.height > 3
    small = Options(select=("practice",), controls=Controls(rules=(rule,)), chunk_bytes=2000)
    assert check(io.BytesIO(example.read_bytes()), small, ref).findings.equals(whole)


def test_names_are_never_reused() -> None:
    taken = next(iter(catalogue()))
    rules, _ = load_files([RuleFile("o.yaml", text("{units: {over: 1}}").replace("a-rule-of-ours", taken))])
    with pytest.raises(RuleError, match="two rules are called"):
        with_own(rules)
    twice = [made("{units: {over: 1}}"), made("{units: {over: 1}}")]
    with pytest.raises(RuleError, match=r"give the one in ours\.yaml another name"):
        with_own(twice)


def test_all_faults_of_a_file_come_at_once_with_their_lines() -> None:
    said = wrong(
        """name: Our Rule
what: x
severty: info
severity: error
message: "{cod} {units"
carc: []
payers: [medicar]
in_force: {from: soon, until: 2026-01-01}
when:
  codes: [1711, mosh, 17110-17000]
  modifiers: {any: [599], most: [25]}
  diagnosis: [57]
  units: {ovr: 1, over: x}
  place: [office]
  same_day: {}
example: [zz]
instead: []
cases:
  - {name: a, lines: [17110], finds: [2]}
  - {lines: [17110]}
"""
    )
    for wanted in (
        "line 1: a rule needs why, authority",
        "line 1: name must be words in lower case",
        "line 3: a rule has no key 'severty' (did you mean 'severity'?)",
        "line 4: a rule that is only recalled may not be an error",
        "line 5: message: the braces do not match",
        "line 6: carc must be a text",
        "line 7: 'medicar' is no kind of payer",
        "line 8: 'soon' in in_force.from is not a date",
        "line 8: in_force has no key 'until'",
        "line 10: '1711' in codes is no code",
        "line 10: 'mosh' in codes is no code, range (11300-11303) or family of codes (did you mean 'mohs'",
        "line 10: '17110-17000' in codes is no code",
        "line 11: '599' in modifiers.any is no modifier",
        "line 11: modifiers has no key 'most'",
        "line 12: '57' in diagnosis.any is no beginning",
        "line 13: units has no key 'ovr' (did you mean 'over'?)",
        "line 13: 'x' in units.over is no number",
        "line 14: 'OFFICE' is no place of service",
        "line 15: same_day needs 'with' or 'without'",
        "line 16: example: shorthand 'zz'",
        "line 17: instead needs at least one line",
        "line 19: '2' in finds is no number of a line from 1 to 1",
        "line 20: a case needs 'name'",
        "line 20: a case needs 'finds'",
    ):
        assert any(wanted in s for s in said), (wanted, said)
    assert all(s.startswith("ours.yaml, line ") for s in said)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "the file is empty"),
        ("- a\n- b", "the file must be a table"),
        ("a: [", "this is not YAML"),
        ("a: !!python/object:os.system x\nname: x", "a rule has no key 'a'"),
        ("name: a\nname: b", "line 2: 'name' stands twice"),
        ("a: &x [1]\nb: *x", "aliases (*name) and deep nesting are not read"),
        ("a: " + "[" * 50 + "]" * 50, "deep nesting"),
        ("? [a, b]\n: c", "a key must be a single word"),
        ("a: \x07", "this is not YAML"),
        (text("{}"), "when needs at least one condition"),
        (text("{units: {over: .inf}}"), "is no number"),
        (text("[a]"), "when must be a table"),
        (text("{units: {over: 1}}", "family: format"), "is the family of the file's own faults"),
        (text("{units: {over: 1}}", "question: How many?"), "a question to the chart needs fix_text"),
        (text("{units: {over: 1}}", "in_force: {from: 2026-02-01, to: 2026-01-01}"), "in_force ends before it begins"),
    ],
)
def test_malformed_files_are_refused_in_sentences(content: str, sentence: str) -> None:
    said = wrong(content)
    assert any(sentence in s for s in said), said
    assert not any("\n" in s for s in said)


def test_tests_of_a_rule_can_fail(ref: Reference) -> None:
    good = RuleFile("good.yaml", text("{codes: [17110], units: {over: 1}}"))
    tested, faults = run_tests([good], ref)
    assert (faults, tested[0].wrong, tested[0].cases) == ([], (), 2)
    never = RuleFile("never.yaml", text("{codes: [17111]}"))
    always = RuleFile("always.yaml", text("{codes: [17110]}"))
    case = "cases:\n  - {name: three, lines: [17110 x3, 17110], finds: [2]}"
    bad_case = RuleFile("case.yaml", text("{codes: [17110], units: {over: 1}}", case))
    results, _ = run_tests([never, always, bad_case], ref)
    assert results[0].wrong == ("the example is not found",)
    assert "should not" in results[1].wrong[0]
    assert [w.startswith("case 'three': line ") for w in results[2].wrong] == [True, True]


def test_files_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("z.yaml", "b/a.yml", "note.txt"):
        (tmp_path / name).write_text("x: 1")
    assert [f.name for f in read_files(tmp_path, tmp_path)] == ["b/a.yml", "z.yaml"]
    (tmp_path / "z.yaml").write_bytes(b"\xff")
    with pytest.raises(InputError, match="not UTF-8"):
        read_files(tmp_path)
    (tmp_path / "z.yaml").write_bytes(b"#" * 300_000)
    with pytest.raises(InputError, match="over 256 KB"):
        read_files(tmp_path)
    with pytest.raises(InputError, match="there is no file or folder"):
        read_files(tmp_path / "none")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="holds no YAML file"):
        read_files(tmp_path / "empty")
