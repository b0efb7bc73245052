"""The report for a person at a terminal: claim by claim what is wrong, then what it comes to."""

from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cutis.engine.report import Report, Summary
from cutis.engine.worth import MUST, NOT_WORTH
from cutis.model.finding import Severity
from cutis.model.money import dollars
from cutis.output import controls
from cutis.output.controls import HEADINGS
from cutis.output.findings import as_dicts

STYLE = {"error": "bold red", "warning": "yellow", "info": "cyan"}
MARK = {"error": "✗", "warning": "!", "info": "·"}
RULES_SHOWN = 12


def write(report: Report, console: Console, *, limit: int = 40, show_info: bool = False) -> None:
    """Print findings (at most `limit`), what was not checked, releases and the summary."""
    shown = left_out = 0
    claim: object = object()
    for finding in as_dicts(report):
        if finding["severity"] == Severity.INFO.value and not show_info:
            continue
        if shown >= limit:
            left_out += 1
            continue
        heading = (finding["worth"], finding["claim"]) if report.by_worth else finding["claim"]
        if heading != claim:
            _heading(finding, claim, console, by_worth=report.by_worth)
            claim = heading
        _finding(finding, console)
        shown += 1
    if left_out:
        console.print(f"\n… and {left_out:,} more findings; --limit N shows more, --format html or csv all of them.")
    _footer(report, console, show_info=show_info)


def _heading(finding: dict[str, Any], before: object, console: Console, *, by_worth: bool) -> None:
    if by_worth and not (isinstance(before, tuple) and before[0] == finding["worth"]):
        console.print()
        console.print(Text(HEADINGS[finding["worth"]], style="bold underline"))
    console.print()
    console.print(Text(f"Claim {finding['claim']}" if finding["claim"] else "The file", style="bold"))


def _finding(finding: dict[str, Any], console: Console) -> None:
    severity = finding["severity"]
    where = _where(finding)
    head = Text.assemble(
        (f"  {MARK[severity]} {severity:<8}", STYLE[severity]),
        (f"{where:<12}", "bold"),
        finding["message"],
    )
    console.print(head, soft_wrap=False)
    details = [finding["rule"]]
    if finding["dollars"] is not None:
        details.append(f"${finding['dollars']} at stake")
    details += _worth(finding)
    if finding["carc"]:
        details.append(f"denial {finding['carc']}")
    if finding["segment"]:
        details.append(f"segment {finding['segment']}" + (f", {finding['element']}" if finding["element"] else ""))
    console.print(Padding(Text(" · ".join(details), style="dim"), (0, 0, 0, 23)))
    fix = finding["fix"]
    if fix["text"]:
        how = "Fix (--fix does it): " if fix["kind"] == "mechanical" else "Fix: "
        console.print(Padding(Text.assemble((how, "green"), fix["text"]), (0, 0, 0, 23)))
    if fix["question"] and severity != Severity.INFO.value:
        console.print(Padding(Text.assemble(("Ask the chart: ", "green"), fix["question"]), (0, 0, 0, 23)))


def _worth(finding: dict[str, Any]) -> list[str]:
    """The expected value with its inputs, where it is stated."""
    if finding["expected_value"] is None or finding["worth"] == MUST:
        return []
    said = f"expected ${finding['expected_value']} (odds {finding['odds']}, work ${finding['rework_cost']})"
    return [said, NOT_WORTH] if finding["worth"] == NOT_WORTH else [said]


def _where(finding: dict[str, Any]) -> str:
    lines = finding["lines"]
    if not lines:
        return "claim" if finding["claim"] else "file"
    return ("line " if len(lines) == 1 else "lines ") + ",".join(str(n) for n in lines)


def _footer(report: Report, console: Console, *, show_info: bool) -> None:
    summary = report.summary
    console.print()
    _by_rule(summary, console)
    _not_checked(report, console)
    _releases(report, console)
    for problem in report.problems:
        console.print(Text(f"Rule {problem.rule} failed: {problem.message}", style="bold red"))
    if summary.infos and not show_info:
        console.print(Text(f"{summary.infos:,} remarks are not shown; --info shows them.", style="dim"))
    controls.write(report, console, config=report.config.name if report.config else "")
    console.print()
    console.print(
        f"{summary.claims_read:,} claims read + {summary.claims_refused:,} refused = {summary.clm_segments:,} in the input; "
        f"{summary.lines:,} lines; {summary.claims_clear:,} claims clear."
    )
    risk = Text.assemble(
        (f"{summary.errors:,} errors", STYLE["error"] if summary.errors else ""),
        ", ",
        (f"{summary.warnings:,} warnings", STYLE["warning"] if summary.warnings else ""),
        f" on {summary.claims_with_findings:,} claims; ",
        (f"${_thousands(summary.dollars_at_risk_cents)} at risk", "bold"),
        f" (Medicare allowable, {summary.locality}, each line once).",
    )
    console.print(risk)
    if summary.findings_not_priced:
        console.print(
            Text(
                f"{summary.findings_not_priced:,} findings have no price in force: not counted, not zero.", style="dim"
            )
        )


def _thousands(cents: int) -> str:
    return f"{cents // 100:,}.{cents % 100:02d}"


def _by_rule(summary: Summary, console: Console) -> None:
    if not summary.by_rule:
        return
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2))
    table.add_column("Rule")
    table.add_column("Findings", justify="right")
    table.add_column("Dollars at stake", justify="right")
    for name, count, stake in summary.by_rule[:RULES_SHOWN]:
        table.add_row(name, f"{count:,}", _thousands(stake) if stake else "-")
    more = len(summary.by_rule) - RULES_SHOWN
    if more > 0:
        table.add_row(Text(f"and {more} more rules", style="dim"), "", "")
    console.print(table)


def _not_checked(report: Report, console: Console) -> None:
    whole = [n for n in report.not_checked if n.lines == 0]
    chart = [n.rule for n in whole if "doc_" in n.reason]
    others = [n for n in whole if "doc_" not in n.reason]
    parts = [n for n in report.not_checked if n.lines]
    if not whole and not parts:
        return
    console.print()
    console.print(Text("Not checked", style="bold"))
    if chart:
        console.print(
            f"  {len(chart)} rules that need facts of the chart (lesions, counts, sizes), which this input does not carry."
        )
    for item in others:
        console.print(f"  {item.rule}: {item.reason}.")
    reasons: dict[str, tuple[int, int]] = {}
    for item in parts:
        before = reasons.get(item.reason, (0, 0))
        reasons[item.reason] = (before[0] + 1, max(before[1], item.lines))
    for reason, (rules, lines) in sorted(reasons.items()):
        console.print(f"  {lines:,} lines, {rules} {'rule' if rules == 1 else 'rules'}: {reason}.")


def _releases(report: Report, console: Console) -> None:
    if not report.releases:
        return
    console.print()
    console.print(Text("Rests on", style="bold"))
    console.print("  " + ", ".join(dict.fromkeys(r.release for r in report.releases)))
    for stale in dict.fromkeys(r.stale for r in report.releases if r.stale):
        console.print(Text(f"  {stale[0].upper()}{stale[1:]}.", style="yellow"))


def money(cents: int | None) -> str:
    """Cents for a table cell; a dash where there is no amount."""
    return "-" if cents is None else dollars(cents)
