"""The ledger for people and for spreadsheets: text in the order a reviewer of claims reads, and a row for each matter."""

import csv
import io
from typing import Final

from cutis.coding.ledger.audit import Audit, ClaimResult
from cutis.coding.ledger.entries import Disagreement, Money
from cutis.model.words import counted, harmless
from cutis.output.spreadsheet import guarded_row

KINDS: Final = {
    "note": ("note", "notes"),
    "report": ("pathology report", "pathology reports"),
    "log": ("specimen log", "specimen logs"),
    "encounter": ("encounter", "encounters"),
}
WAYS: Final = {Money.LEAK: "not billed", Money.RISK: "not supported"}
BASIS: Final = (
    "Medicare allowable in an office, before reductions for several procedures, where code and price are certain"
)


def as_text(audit: Audit, *, full: bool = False) -> str:
    """The ledger for people.

    Args:
        audit: the ledger.
        full: with the checklist of every line; else only what was not found.
    """
    parts: list[str] = []
    for result in audit.claims:
        parts += [*_claim(result, full=full), ""]
    for title, rows in leftovers(audit):
        parts += [title, *(f"  {row}" for row in rows), ""]
    return "\n".join(harmless(line) for line in (*parts, *by_kind(audit), *counts(audit), *money(audit)))


def by_kind(audit: Audit) -> list[str]:
    """A row for each kind of disagreement: how many, and what they come to in dollars."""
    rows = [(k, f"{n:,}", _either(a, Money.LEAK), _either(b, Money.RISK)) for k, n, a, b in audit.kinds]
    if not rows:
        return []
    widths = [max(len(row[i]) for row in rows) for i in range(2)]
    lines = [f"  {k:<{widths[0]}}  {n:>{widths[1]}}  {'  '.join(filter(None, (a, b)))}".rstrip() for k, n, a, b in rows]
    return ["Disagreements by kind", *lines, ""]


def _either(cents: int, way: Money) -> str:
    return f"${_dollars(cents)} {WAYS[way]}" if cents else ""


def counts(audit: Audit) -> list[str]:
    """How many claims and papers there are, and what became of each; both sums add up."""
    claims = len(audit.claims) + len(audit.without_chart)
    refused = audit.counts.claims_refused
    lines = [
        f"Claims: {claims:,} read" + (f", {refused:,} refused by the reader (see cutis check)" if refused else "")
        + f" = {len(audit.claims):,} held against a chart + {len(audit.without_chart):,} without one."
    ]  # fmt: skip
    total = sum(audit.papers.values())
    kinds = ", ".join(f"{n:,} {KINDS[k][n != 1]}" for k, n in audit.papers.items()) or "none"
    lines.append(
        f"Papers: {total:,} read ({kinds}) = {audit.matched:,} matched + {len(audit.unclear):,} unclear"
        f" + {len(audit.without_claim):,} without a claim; {len(audit.unread):,} files not readable."
    )
    return lines


def money(audit: Audit) -> list[str]:
    """Both ways, one line each and equally loud; then lines in doubt, and what is never a price."""
    lines = []
    for way, cents, words in (
        (Money.LEAK, audit.leak_cents, "Documented, not billed"),
        (Money.RISK, audit.unsupported_cents, "Billed, not documented"),
    ):
        number, unpriced = audit.priced(way)
        without = f", {unpriced} of them without a price" if unpriced else ""
        lines.append(f"{words}:  ${_dollars(cents)}  ({counted(number, 'matter')}{without})")
    lines.append(f"Further lines in question: ${_dollars(audit.questioned_cents)} allowed in all.")
    lines.append(f"{counted(len(audit.found), 'disagreement')}. Dollars are {BASIS}.")
    return lines


def leftovers(audit: Audit) -> list[tuple[str, list[str]]]:
    """What was not held against anything, with the reason of each, by kind; empty kinds are left out."""
    kinds = [
        ("Unclear, held against no claim until answered", [f"{u.message} ask: {u.ask}" for u in audit.unclear]),
        ("Claims without a chart, not checked", list(audit.without_chart)),
        ("Papers without a claim: was the visit billed?", [f"{u.paper} ({KINDS[u.kind][0]}): {u.why}" for u in audit.without_claim]),
        ("Files not readable", [f"{u.name}: {u.why}" for u in audit.unread]),
    ]  # fmt: skip
    return [(title, rows) for title, rows in kinds if rows]


def _claim(result: ClaimResult, *, full: bool) -> list[str]:
    days = ", ".join(d.isoformat() for d in result.days)
    parts = [f"Claim {result.claim}" + (f"  {days}" if days else "")]
    parts += [f"  chart: {name} (by {how})" for name, how in result.papers]
    parts += [f"  {remark}" for remark in result.remarks]
    for d in result.found:
        parts += _disagreement(d)
    for line, items in result.checklist:
        shown = [i for i in items if full or not i.found]
        if shown:
            parts.append(f"  A reviewer of line {line.line} {line.code} will look for:")
            parts += [f"    [{'x' if i.found else ' '}] {i.ask}" for i in shown]
    if result.unread:
        codes = ", ".join(f"line {ln.line} {ln.code}" for ln in result.unread)
        parts.append(f"  not checked: {codes} (the ledger does not know what the code says of the chart)")
    if not result.found:
        parts.append("  chart and claim agree")
    return parts


def _disagreement(d: Disagreement) -> list[str]:
    where = f"line {d.line} {d.code}" if d.line else d.code or "the whole claim"
    dollars = f"  ${d.dollars}" + (f" {WAYS[d.money]}" if d.money else "") if d.dollars else ""
    return [
        f"  {d.kind.value}  {where}{dollars}",
        f"    {d.message}",
        *(f'    {_source(e.source)}: "{short(e.quote)}" (characters {e.start}-{e.end})' for e in d.evidence),
        f"    ask: {d.ask}",
    ]


def _source(name: str) -> str:
    return name or "note"


def _dollars(cents: int) -> str:
    return f"{cents // 100:,}.{cents % 100:02d}"


def as_csv(audit: Audit) -> str:
    """A row for each disagreement; claims and papers without a partner, unclear and unreadable ones as rows of their own."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(["claim", "kind", "line", "code", "dollars", "money", "message", "ask", "quotes", "papers"])
    for result in audit.claims:
        papers = " | ".join(name for name, _ in result.papers)
        for d in result.found:
            quotes = " | ".join(short(e.quote) for e in d.evidence)
            row = [
                result.claim,
                d.kind.value,
                d.line or "",
                d.code or "",
                d.dollars or "",
                d.money or "",
                d.message,
                d.ask,
            ]
            table.writerow(guarded_row([*row, quotes, papers]))
    rows: list[tuple[str, str, str, str, str]] = [
        *((" ".join(u.claims), "unclear", u.message, u.ask, u.paper) for u in audit.unclear),
        *((claim, "no-chart", "No chart was found for this claim.", "", "") for claim in audit.without_chart),
        *(("", "no-claim", f"No claim: {u.why}.", "Was the visit billed?", u.paper) for u in audit.without_claim),
        *(("", "not-readable", u.why, "", u.name) for u in audit.unread),
    ]
    for claim, kind, message, ask, paper in rows:
        table.writerow(guarded_row([claim, kind, "", "", "", "", message, ask, "", paper]))
    return out.getvalue().rstrip("\n")


def short(quote: str) -> str:
    """Words of a chart in one line, cut where they are long."""
    words = " ".join(quote.split())
    return words if len(words) <= 100 else words[:97] + "..."
