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
from cutis.model.words import counted, harmless
from cutis.output import controls
from cutis.output.controls import HEADINGS
from cutis.output.findings import as_dicts

STYLE = {"error": "bold red", "warning": "yellow", "info": "cyan"}
MARK = {"error": "✗", "warning": "!", "info": "·"}
RULES_SHOWN = 12
_MARKED = 12  # columns of the severity
_PLACED = 24  # columns before the message


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
        console.print(
            f"\n… and {counted(left_out, 'more finding')}; --limit N shows more, --format html or csv all of them."
        )
    _footer(report, console, show_info=show_info)


def _heading(finding: dict[str, Any], before: object, console: Console, *, by_worth: bool) -> None:
    if by_worth and not (isinstance(before, tuple) and before[0] == finding["worth"]):
        console.print()
        console.print(Text(HEADINGS[finding["worth"]], style="bold underline"))
    console.print()
    console.print(Text(f"Claim {harmless(finding['claim'])}" if finding["claim"] else "The file", style="bold"))


def _finding(finding: dict[str, Any], console: Console) -> None:
    severity = finding["severity"]
    # three columns, so that a message of several lines stays beside its place
    head = Table.grid()
    for width in (_MARKED, _PLACED - _MARKED, None):
        head.add_column(width=width)
    head.add_row(
        Text(f"  {MARK[severity]} {severity}", style=STYLE[severity]),
        Text(f"{_where(finding)} ", style="bold"),
        Text(harmless(finding["message"])),
    )
    console.print(head)
    details = [finding["rule"]]
    if finding["dollars"] is not None:
        details.append(f"${finding['dollars']} at stake")
    details += _worth(finding)
    if finding["carc"]:
        details.append(f"denial {finding['carc']}")
    if finding["segment"]:
        details.append(f"segment {finding['segment']}" + (f", {finding['element']}" if finding["element"] else ""))
    _below(Text(" · ".join(details), style="dim"), console)
    fix = finding["fix"]
    if fix["text"]:
        how = "Fix (--fix does it): " if fix["kind"] == "mechanical" else "Fix: "
        _below(Text.assemble((how, "green"), harmless(fix["text"])), console)
    if fix["question"] and severity != Severity.INFO.value:
        _below(Text.assemble(("Ask the chart: ", "green"), harmless(fix["question"])), console)


def _below(text: Text, console: Console) -> None:
    console.print(Padding(text, (0, 0, 0, _PLACED)))


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
        console.print(Text(f"Not shown: {counted(summary.infos, 'remark')} (--info shows them).", style="dim"))
    controls.write(report, console, config=report.config.name if report.config else "")
    console.print()
    console.print(
        f"{counted(summary.claims_read, 'claim')} read + {summary.claims_refused:,} refused = {summary.clm_segments:,} in the input; "
        f"{counted(summary.lines, 'line')}; {counted(summary.claims_clear, 'claim')} clear."
    )
    unknown = summary.findings_not_priced and not summary.dollars_at_risk_cents
    at_risk = "an unknown amount" if unknown else f"${_thousands(summary.dollars_at_risk_cents)}"
    risk = Text.assemble(
        (f"{counted(summary.errors, 'error')}", STYLE["error"] if summary.errors else ""),
        ", ",
        (f"{counted(summary.warnings, 'warning')}", STYLE["warning"] if summary.warnings else ""),
        f" on {counted(summary.claims_with_findings, 'claim')}; ",
        (f"{at_risk} at risk", "bold"),
        f" (Medicare allowable, {summary.locality}, each line once).",
    )
    console.print(risk)
    if summary.findings_not_priced:
        console.print(
            Text(
                f"No price in force for {counted(summary.findings_not_priced, 'finding')}: not counted, not zero.",
                style="dim",
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
        table.add_row(Text(f"and {counted(more, 'more rule')}", style="dim"), "", "")
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
        _listed(
            f"{counted(len(chart), 'rule')} for want of facts of the chart (lesions, counts, sizes), which this input does not carry.",
            console,
        )
    for item in others:
        _listed(f"{item.rule}: {item.reason}.", console)
    reasons: dict[str, tuple[int, int]] = {}
    for item in parts:
        before = reasons.get(item.reason, (0, 0))
        reasons[item.reason] = (before[0] + 1, max(before[1], item.lines))
    for reason, (rules, lines) in sorted(reasons.items()):
        _listed(f"{counted(lines, 'line')}, {counted(rules, 'rule')}: {reason}.", console)


def _releases(report: Report, console: Console) -> None:
    if not report.releases:
        return
    console.print()
    console.print(Text("Rests on", style="bold"))
    _listed(", ".join(dict.fromkeys(r.release for r in report.releases)), console)
    for stale in dict.fromkeys(r.stale for r in report.releases if r.stale):
        _listed(f"{stale[0].upper()}{stale[1:]}.", console, style="yellow")


def _listed(text: str, console: Console, *, style: str = "") -> None:
    """An item under a heading, its further lines as far in as its first."""
    console.print(Padding(Text(harmless(text), style=style), (0, 0, 0, 2)))


def money(cents: int | None) -> str:
    """Cents for a table cell; a dash where there is no amount."""
    return "-" if cents is None else dollars(cents)
