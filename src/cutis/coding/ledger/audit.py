"""`cutis audit`: every claim of a file held against the charts of a folder."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import polars as pl

from cutis.coding.ledger.charts import Chart, read_charts
from cutis.coding.ledger.checklist import Item, hold
from cutis.coding.ledger.claim import ClaimAudit
from cutis.coding.ledger.entries import BilledLine, Disagreement, Kind
from cutis.coding.ledger.meanings import meanings
from cutis.coding.ledger.worth import Price, nothing_priced
from cutis.model import columns as c
from cutis.parse.detect import read

SCHEMA: Final = 1
_COLUMNS: Final = (c.CLAIM_INDEX, c.CLAIM_ID, c.LINE, c.CODE, c.UNITS, c.SERVICE_FROM, *c.MODIFIERS, *c.DIAGNOSES)


@dataclass(slots=True)
class ClaimResult:
    """What the ledger found on one claim."""

    claim: str
    found: list[Disagreement]
    checklist: list[tuple[BilledLine, list[Item]]]
    unread: list[BilledLine]


@dataclass(slots=True)
class Audit:
    """The ledger of a file.

    Attributes:
        claims: results by claim, in the order of the file.
        without_chart: claims that no chart was found for; they are not checked.
        without_claim: charts that no claim was found for: visits that may not have been billed.
    """

    claims: list[ClaimResult] = field(default_factory=list)
    without_chart: list[str] = field(default_factory=list)
    without_claim: list[str] = field(default_factory=list)

    @property
    def found(self) -> list[Disagreement]:
        """All disagreements."""
        return [d for result in self.claims for d in result.found]

    @property
    def leak_cents(self) -> int:
        """Allowable of what is documented and not billed, as far as its code and price are certain."""
        return sum(d.cents or 0 for d in self.found if d.kind is Kind.DOCUMENTED_NOT_BILLED)

    @property
    def unsupported_cents(self) -> int:
        """Allowable of what is billed and not documented."""
        return sum(d.cents or 0 for d in self.found if d.kind is Kind.BILLED_NOT_DOCUMENTED)

    def as_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "schema": SCHEMA,
            "summary": {
                "claims": len(self.claims),
                "disagreements": len(self.found),
                "documented_not_billed": _dollars(self.leak_cents),
                "billed_not_documented": _dollars(self.unsupported_cents),
            },
            "claims": [_claim_dict(result) for result in self.claims],
            "without_chart": self.without_chart,
            "without_claim": self.without_claim,
        }


def _dollars(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _claim_dict(result: ClaimResult) -> dict[str, Any]:
    return {
        "claim": result.claim,
        "disagreements": [d.as_dict() for d in result.found],
        "checklist": [
            {"line": line.line, "code": line.code, "items": [item._asdict() for item in items]}
            for line, items in result.checklist
        ],
        "not_checked": [{"line": ln.line, "code": ln.code} for ln in result.unread],
    }


def audit_file(
    claims: Path, notes: Path, *, price: Price = nothing_priced, progress: Callable[[int], None] | None = None
) -> Audit:
    """Hold the claims of a file against the charts of a folder.

    Args:
        claims: 837P, CSV or Parquet.
        notes: folder of notes, see `read_charts`.
        price: what one unit of a code is allowed on a date.
        progress: called with the number of claims done.

    Raises:
        InputError: the file or the folder cannot be read.
    """
    charts = read_charts(notes)
    audit = Audit()
    billed = list(_claims(claims))
    for done, (claim, lines) in enumerate(billed, 1):
        chart = charts.get(claim)
        if chart is None:
            audit.without_chart.append(claim)
        else:
            audit.claims.append(audit_claim(claim, lines, chart, price=price))
        if progress is not None:
            progress(done)
    known = {claim for claim, _ in billed}
    audit.without_claim = sorted(name for name in charts if name not in known)
    return audit


def audit_claim(claim: str, lines: list[BilledLine], chart: Chart, *, price: Price = nothing_priced) -> ClaimResult:
    """Hold one claim against its chart."""
    ledger = ClaimAudit(claim, lines, chart, price)
    found = ledger.run()
    checklist = [
        (ln, hold(meanings()[ln.code], ledger.act_for(ln), ledger.facts)) for ln in lines if ln.code in meanings()
    ]
    return ClaimResult(claim, found, [entry for entry in checklist if entry[1]], ledger.unread())


def _claims(path: Path) -> Iterator[tuple[str, list[BilledLine]]]:
    """Claims of a file with their lines, in the order of the file; two claims of one id stay two."""
    found: dict[int, list[BilledLine]] = defaultdict(list)
    for chunk in read(path):
        present = [name for name in _COLUMNS if name in chunk.lines.columns]
        for row in chunk.lines.select(present).iter_rows(named=True):
            found[row[c.CLAIM_INDEX]].append(_billed(row))
    yield from ((lines[0].claim, lines) for lines in found.values())


def _billed(row: dict[str, Any]) -> BilledLine:
    day = row.get(c.SERVICE_FROM)
    return BilledLine(
        str(row[c.CLAIM_ID]),
        int(row[c.LINE]),
        str(row[c.CODE] or "").upper(),
        round(row.get(c.UNITS) or 1),
        tuple(m for name in c.MODIFIERS if (m := row.get(name))),
        tuple(d for name in c.DIAGNOSES if (d := row.get(name))),
        day if isinstance(day, date) else None,
    )


def billed_from(lines: pl.DataFrame) -> list[BilledLine]:
    """Billed lines of a line frame."""
    present = [name for name in _COLUMNS if name in lines.columns]
    return [_billed(row) for row in lines.select(present).iter_rows(named=True)]
