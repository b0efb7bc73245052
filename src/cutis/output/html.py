"""The report as one self-contained page: no other file, no network, readable on a phone and without scripts."""

from itertools import groupby, islice
from typing import Any, TextIO

from cutis.engine.report import Report
from cutis.model.money import dollars
from cutis.model.version import VERSION
from cutis.model.words import counted
from cutis.output.findings import as_dicts, waived_dicts
from cutis.output.json import summary_dict

SHOWN = 3000
BARS = 15


def write(report: Report, out: TextIO, *, most: int = SHOWN) -> None:
    """Write the page.

    Args:
        report: to show.
        out: text stream.
        most: findings on the page; how many more there are is said on it.
    """
    from jinja2 import Environment, PackageLoader  # noqa: PLC0415 - only this face needs templates

    environment = Environment(
        loader=PackageLoader("cutis.output"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["thousands"] = _thousands
    environment.filters["counted"] = counted
    environment.filters["money"] = lambda cents: _thousands(dollars(cents))
    shown: list[dict[str, Any]] = []
    total = 0
    for finding in as_dicts(report):
        total += 1
        if len(shown) < most:
            shown.append(finding)
    claims = [(claim, list(group)) for claim, group in groupby(shown, key=lambda f: f["claim"])]
    page = environment.get_template("report.html").render(
        version=VERSION,
        source=report.source.rsplit("/", 1)[-1] or "claims",
        summary=summary_dict(report.summary),
        claims=claims,
        bars=_bars(report),
        left_out=total - len(shown),
        not_checked=report.not_checked,
        problems=report.problems,
        releases=report.releases,
        rules=sorted({f["rule"] for f in shown}),
        waived=list(islice(waived_dicts(report), most)),
        aside=report.set_aside,
        weighed=report.weighed,
        has_worth=bool(report.controls.worth.cost_cents),
        cost_source=report.controls.worth.cost_source,
        config=report.config,
    )
    out.write(page)


def _thousands(value: Any) -> str:
    if isinstance(value, str):
        whole, _, part = value.partition(".")
        return f"{int(whole):,}" + (f".{part}" if part else "")
    return f"{value:,}"


def _bars(report: Report) -> list[dict[str, Any]]:
    """Dollars by rule with the width of each bar in percent of the widest."""
    rules = [(n, k, s) for n, k, s in report.summary.by_rule if s > 0][:BARS]
    widest = max((s for _, _, s in rules), default=1)
    return [
        {"rule": n, "count": k, "dollars": f"{s // 100}.{s % 100:02d}", "width": round(100 * s / widest, 2)}
        for n, k, s in rules
    ]
