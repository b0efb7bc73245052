"""What the practice's controls did to a report, for a person and for programs: waived, known, worth."""

from typing import Any

from rich.console import Console
from rich.text import Text

from cutis.engine.report import Report
from cutis.engine.worth import FIX, MUST, NOT_WORTH, UNSTATED
from cutis.model.money import dollars
from cutis.model.words import counted
from cutis.output.findings import waived_dicts

WAIVED_SHOWN = 20

HEADINGS = {
    MUST: "Must be put right, whatever the work costs: this money may not be owed",
    FIX: "Worth fixing: the expected loss is more than the work",
    UNSTATED: "Not stated: odds of denial, cost of the work or dollars at stake are not known",
    NOT_WORTH: "Not worth fixing for the money: the work costs more than it is expected to bring",
}


def _money(cents: int) -> str:
    return f"${cents // 100:,}.{cents % 100:02d}"


def write(report: Report, console: Console, *, config: str = "") -> None:
    """Print waivers, baseline and worth; nothing where there are none."""
    _aside(report, console)
    _worth(report, console)
    if config:
        console.print(Text(f"Configured by {config}; cutis config shows what is in force.", style="dim"))


def _aside(report: Report, console: Console) -> None:
    aside = report.set_aside
    if aside.waivers:
        console.print()
        console.print(Text("Waivers", style="bold"))
    for use in aside.waivers:
        text = f"  {use.waiver.described()}: {_state(use.status, use.findings, str(use.waiver.expires), report)}"
        working = use.status == "in force"
        console.print(Text(text, style="" if working and use.findings else "yellow"), soft_wrap=True)
        if working and use.findings:
            console.print(Text(f"    {use.waiver.reason} ({use.waiver.author})", style="dim"), soft_wrap=True)
    _waived(report, console)
    if aside.baseline is not None:
        known, gone = aside.known, sum(aside.baseline.gone.values())
        console.print()
        console.print(
            f"Baseline {aside.baseline.name}: {known:,} known findings are not shown ({_money(aside.known_cents)} at stake); "
            f"{gone:,} of its findings are gone."
        )
    if aside.claims:
        console.print(f"{counted(aside.claims, 'claim')} with only waived or known findings, not counted as clear.")


def _state(status: str, findings: int, expires: str, report: Report) -> str:
    if status == "no date":
        return "does not work, as no service date is known to hold its end against; give --as-of"
    if status == "expired":
        shown = f"; {counted(findings, 'finding')} of it shown" if findings else "; it covers nothing"
        return f"expired on {expires} (held against {report.as_of}) and works no more{shown}"
    if not findings:
        return f"in force to {expires}, but covers nothing in this input; take it out if that stays so"
    return f"{counted(findings, 'finding')} waived, in force to {expires}"


def _waived(report: Report, console: Console) -> None:
    aside = report.set_aside
    if not aside.waived:
        return
    shown = 0
    for finding in waived_dicts(report):
        if shown == WAIVED_SHOWN:
            break
        where = f"claim {finding['claim']}" if finding["claim"] else "the file"
        lines = f" line {','.join(map(str, finding['lines']))}" if finding["lines"] else ""
        console.print(Text(f"    waived: {where}{lines}, {finding['rule']}", style="dim"))
        shown += 1
    if aside.waived > shown:
        console.print(Text(f"    … and {aside.waived - shown:,} more; --format json lists all of them.", style="dim"))
    console.print(f"  In all {counted(aside.waived, 'finding')} waived, {_money(aside.waived_cents)} at stake.")


def _worth(report: Report, console: Console) -> None:
    """Said only where the practice states what work costs: before that nothing can be weighed."""
    if not report.controls.worth.cost_cents:
        return
    made = report.weighed
    amounts = {
        MUST: made.owed_cents,
        FIX: made.expected_cents,
        UNSTATED: made.unstated_cents,
        NOT_WORTH: made.not_worth_cents,
    }
    words = {
        MUST: "must be put right, {} at stake",
        FIX: "worth fixing, expected value {}",
        UNSTATED: "not stated, {} at stake",
        NOT_WORTH: "not worth fixing, {} at stake",
    }
    said = [f"{n:,} {words[w].format(_money(amounts[w]))}" for w, n in made.counts.items() if n]
    if said:
        console.print()
        console.print("Findings by worth: " + "; ".join(said) + ".")
        console.print(Text(f"Cost of the work: {report.controls.worth.cost_source}.", style="dim"))


def as_dict(report: Report, config: dict[str, Any] | None) -> dict[str, Any]:
    """The keys that controls add to a report's JSON; the waived findings are written apart."""
    aside, made, worth = report.set_aside, report.weighed, report.controls.worth
    return {
        "as_of": report.as_of.isoformat() if report.as_of else None,
        "config": config,
        "waivers": [use.as_dict() for use in aside.waivers],
        "baseline": aside.baseline.as_dict() if aside.baseline else None,
        "worth": {
            "counts": dict(made.counts),
            "expected_value": dollars(made.expected_cents),
            "not_worth_dollars": dollars(made.not_worth_cents),
            "must_dollars": dollars(made.owed_cents),
            "not_stated_dollars": dollars(made.unstated_cents),
            "rework_cost": {k: dollars(v) for k, v in sorted(worth.cost_cents.items())},
            "rework_source": worth.cost_source or None,
        },
    }
