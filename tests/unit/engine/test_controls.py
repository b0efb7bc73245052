"""Waivers, baseline, severities and payers: what they take out is counted, and nothing else changes."""

import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from cutis.engine import baseline
from cutis.engine.baseline import Baseline
from cutis.engine.controls import Controls
from cutis.engine.options import Options
from cutis.engine.report import Report
from cutis.engine.run import check
from cutis.engine.waive import Waiver
from cutis.model.errors import InputError
from cutis.model.finding import FINGERPRINT
from cutis.output import html
from cutis.output import json as json_out
from cutis.output.findings import as_dicts, waived_dicts
from cutis.parse import detect
from cutis.reference.store import Reference
from tests.support.x12 import claim, file

EXAMPLE = Path(__file__).parents[3] / "examples" / "clinic_day.837"
LAST = date(2027, 1, 1)


def waiver(rule: str, *, expires: date = LAST, **scope: str) -> Waiver:
    return Waiver(rule, "looked at", "A. Biller", expires, tuple((k, (v,)) for k, v in scope.items()))


def run(ref: Reference, controls: Controls, source: Path | bytes = EXAMPLE, chunk: int = 8 << 20) -> Report:
    data = io.BytesIO(source) if isinstance(source, bytes) else source
    return check(data, Options(controls=controls, chunk_bytes=chunk), ref)


def names(report: Report) -> list[tuple]:
    return [(f["rule"], f["claim"], tuple(f["lines"])) for f in as_dicts(report)]


def test_a_waived_finding_is_counted_and_listed_never_dropped(ref: Reference) -> None:
    plain = run(ref, Controls())
    report = run(ref, Controls(waivers=(waiver("ncci-pair-without-modifier"),)))
    waived = list(waived_dicts(report))
    count = plain.findings.filter(rule="ncci-pair-without-modifier").height
    assert len(waived) == report.summary.waived == count > 9
    assert {f["rule"] for f in waived} == {"ncci-pair-without-modifier"}
    assert waived[0]["waiver"]["reason"] == "looked at"
    assert sorted(names(plain)) == sorted(names(report) + [(f["rule"], f["claim"], tuple(f["lines"])) for f in waived])
    assert report.summary.errors == plain.summary.errors - sum(f["severity"] == "error" for f in waived)
    # a claim whose findings are all waived is not praised
    assert report.summary.claims_clear == plain.summary.claims_clear
    assert report.summary.claims_set_aside > 0
    assert (
        report.summary.claims_clear + report.summary.claims_set_aside + report.summary.claims_with_findings
        == report.summary.claims_read
    )


def test_a_waiver_reaches_as_far_as_its_scope(ref: Reference) -> None:
    rule = "ncci-pair-without-modifier"
    plain = [f for f in as_dicts(run(ref, Controls())) if f["rule"] == rule]
    one = plain[0]["claim"]

    def waived(**scope: str) -> list[dict]:
        return list(waived_dicts(run(ref, Controls(waivers=(waiver(rule, **scope),)))))

    assert {f["claim"] for f in waived(claim=one)} == {one}
    assert waived(claim="nobody") == []
    assert all("17000" in f["message"] for f in waived(code="17000"))
    assert 0 < len(waived(code="17000")) < len(plain)
    assert len(waived(place="11")) + len(waived(place="22")) <= len(plain)
    assert waived(provider="1000000004") == []
    by_kind = len(waived(payer="medicare")) + len(waived(payer="commercial")) + len(waived(payer="medicaid"))
    assert 0 < by_kind <= len(plain)


def test_a_family_and_a_fault_of_the_file_can_be_waived(ref: Reference) -> None:
    report = run(ref, Controls(waivers=(waiver("bundling"), waiver("format", payer="medicare"))))
    families = {f["family"] for f in waived_dicts(report)}
    assert families == {"bundling", "format"}
    assert not families & {f["family"] for f in as_dicts(report)}


def test_an_expired_waiver_works_no_more_and_is_said(ref: Reference) -> None:
    old = waiver("bundling", expires=date(2026, 7, 14))
    plain, report = run(ref, Controls()), run(ref, Controls(waivers=(old, waiver("mohs-stain-included"))))
    assert names(report) == names(plain)
    first, second = report.set_aside.waivers
    assert (first.status, first.findings > 0) == ("expired", True)
    assert (second.status, second.findings) == ("in force", 0)
    # the day is the latest service date of the input unless another is given
    assert report.as_of == date(2026, 7, 15)
    assert run(ref, Controls(waivers=(old,), as_of=date(2026, 7, 14))).summary.waived > 0
    # of two, the one that ends last counts
    both = run(ref, Controls(waivers=(old, waiver("bundling"))))
    assert [u.findings > 0 for u in both.set_aside.waivers] == [False, True]


def test_without_any_date_no_waiver_works(ref: Reference, tmp_path: Path) -> None:
    text = file(claim("A1", ("17110*185",), "ABK:B078")).replace("DTP*472*D8*20260715", "DTP*472*D8*20269915")
    report = run(ref, Controls(waivers=(waiver("format"),)), text.encode())
    assert report.as_of is None
    assert report.set_aside.waivers[0].status == "no date"
    assert report.summary.errors > 0


def fingerprints(report: Report) -> list[str]:
    return sorted(m for b in report.store.batches() for m in b[FINGERPRINT])


def known(report: Report) -> Baseline:
    found = [r for b in report.store.batches() for r in b.select("rule", FINGERPRINT).iter_rows()]
    return Baseline(json_marks(baseline.as_text(found)))


def json_marks(text: str) -> dict[str, frozenset[str]]:
    return {rule: frozenset(marks) for rule, marks in json.loads(text)["findings"].items()}


def test_a_baseline_leaves_only_what_is_new(ref: Reference) -> None:
    first = run(ref, Controls(fingerprints=True), select_bytes(slice(0, 30)))
    whole, plain = run(ref, Controls(baseline=known(first))), run(ref, Controls())
    old = {(r, c) for r, c, _ in names(first)}
    assert names(whole) == [n for n in names(plain) if (n[0], n[1]) not in old]
    assert whole.set_aside.baseline is not None
    # cutting the day left one fault of the file, the count of its segments, that the whole has not
    assert whole.summary.known == first.findings.height - 1
    assert list(whole.set_aside.baseline.gone.values()) == [1]
    again = run(ref, Controls(baseline=known(run(ref, Controls(fingerprints=True)))), select_bytes(slice(0, 30)))
    assert {n[0] for n in names(again)} == {"segment-count-mismatch"}
    assert sum(again.set_aside.baseline.gone.values()) > 0


def select_bytes(part: slice) -> bytes:
    """The example day with some of its claims."""
    text = EXAMPLE.read_text()
    head, *claims = text.split("CLM*")
    *claims, last = claims
    tail = last[last.index("SE*") :]
    kept = [*claims, last[: last.index("SE*")]][part]
    return (head + "".join("CLM*" + c for c in kept) + tail).encode()


def test_fingerprints_do_not_see_the_order_of_claims_or_lines(ref: Reference) -> None:
    lines = ("99213*145", "11102*165", "17000*105", "17110*185")
    one, two = claim("A1", lines, "ABK:L570"), claim("B2", ("17000*105", "17004*300"), "ABK:L570")
    other = claim("A1", lines[::-1], "ABK:L570")
    base = run(ref, Controls(fingerprints=True), file(one, two).encode())
    turned = run(ref, Controls(fingerprints=True), file(two, one).encode())
    lines_turned = run(
        ref,
        Controls(
            fingerprints=True,
        ),
        file(other, two).encode(),
    )
    assert len(fingerprints(base)) > 4
    assert len(set(fingerprints(base))) == len(fingerprints(base))
    assert fingerprints(base) == fingerprints(turned) == fingerprints(lines_turned)
    # cut anywhere
    assert fingerprints(run(ref, Controls(fingerprints=True))) == fingerprints(
        run(ref, Controls(fingerprints=True), chunk=3000)
    )


def test_a_changed_line_is_a_new_finding(ref: Reference) -> None:
    before = run(ref, Controls(fingerprints=True), file(claim("A1", ("99213*145", "17000*105"), "ABK:L570")).encode())
    after = file(claim("A1", ("99214*145", "17000*105"), "ABK:L570")).encode()
    assert run(ref, Controls(baseline=known(before)), after).summary.errors == 1


def test_a_baseline_names_nobody(ref: Reference) -> None:
    report = run(ref, Controls(fingerprints=True))
    found = [r for b in report.store.batches() for r in b.select("rule", FINGERPRINT).iter_rows()]
    text = baseline.as_text(found)
    claims = list(report.findings["claim_id"].drop_nulls().unique())
    assert claims
    assert not any(c in text for c in claims)
    assert "2026" not in text
    assert set(json.loads(text)) == {"schema", "kind", "cutis", "findings"}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "is no baseline"),
        ('{"kind": "cutis-baseline", "schema": 9}', "has schema 9"),
        ('{"kind": "cutis-baseline", "schema": 1}', "is damaged"),
        ('{"kind": "cutis-baseline", "schema": 1, "findings": {"a": ["xyz"]}}', "is damaged"),
        ('{"kind": "cutis-baseline", "schema": 1, "findings": {"a": "b"}}', "is damaged"),
    ],
)
def test_a_bad_baseline_is_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "base.json"
    path.write_text(text)
    with pytest.raises(InputError, match=sentence) as caught:
        baseline.read(path)
    assert "\n" not in str(caught.value)


def test_severities_and_payers_of_the_practice(ref: Reference) -> None:
    plain = run(ref, Controls())
    softer = run(ref, Controls(severity={"bundling": "info", "ncci-pair-never-together": "warning"}))
    by_rule = {f["rule"]: f["severity"] for f in as_dicts(softer)}
    assert by_rule["ncci-pair-without-modifier"] == "info"
    assert by_rule["ncci-pair-never-together"] == "warning"
    assert softer.findings.height == plain.findings.height
    text = file(claim("A1", ("17110*185",), "ABK:B078"), claim("A2", ("11102:51*165",), "ABK:D492"))
    payer = next(iter(detect.read(io.BytesIO(text.encode())))).lines["payer_id"][0]
    rule = "modifier-51-for-medicare"
    assert rule in {n[0] for n in names(run(ref, Controls(), text.encode()))}
    assert rule not in {n[0] for n in names(run(ref, Controls(payers={payer: "commercial"}), text.encode()))}


def test_json_and_page_show_what_was_set_aside(ref: Reference) -> None:
    report = run(ref, Controls(waivers=(waiver("bundling"), waiver("mohs", expires=date(2020, 1, 1)))))
    out = io.StringIO()
    json_out.write(report, out)
    made = json.loads(out.getvalue())
    assert len(made["waived"]) == made["summary"]["waived"] == report.summary.waived
    assert [w["status"] for w in made["waivers"]] == ["in force", "expired"]
    page = io.StringIO()
    html.write(report, page)
    assert f"{report.summary.waived} waived findings" in page.getvalue()


def test_worth_leaves_the_report_as_it_is(ref: Reference) -> None:
    plain = run(ref, Controls())
    sorted_ = replace(plain, by_worth=True)
    assert sorted(names(plain)) == sorted(names(sorted_))
    assert plain.summary == sorted_.summary
