"""`cutis audit`: every claim of a file held against the charts of a folder."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import polars as pl

from cutis.coding.ledger.charts import Chart
from cutis.coding.ledger.checklist import Family, Item, families, hold
from cutis.coding.ledger.claim import ClaimAudit
from cutis.coding.ledger.entries import BilledLine, Disagreement, Money
from cutis.coding.ledger.folder import Paper, Unread, read_folder
from cutis.coding.ledger.meanings import meanings
from cutis.coding.ledger.pairing import Claim, Pairing, Unclear, Unmatched, pair_papers
from cutis.coding.ledger.worth import Price, nothing_priced, total
from cutis.model import columns as c
from cutis.parse.detect import read
from cutis.parse.faults import Counts

SCHEMA: Final = 2
_COLUMNS: Final = (
    c.CLAIM_INDEX, c.CLAIM_ID, c.LINE, c.CODE, c.UNITS, c.SERVICE_FROM, c.PATIENT_KEY, c.PATIENT_BIRTH, c.PATIENT_SEX,
    *c.MODIFIERS, *c.DIAGNOSES,
)  # fmt: skip


@dataclass(slots=True)
class ClaimResult:
    """What the ledger found on one claim.

    Attributes:
        claim: its id.
        found: disagreements.
        checklist: billed lines with what a reviewer will look for.
        unread: lines whose code the ledger knows nothing of; not checked.
        papers: what the claim was held against: name, and how it was matched.
        remarks: papers of the claim that were not read, and why.
        days: of service.
        questioned_cents: allowable of lines that are billed and doubted without an amount of their own; each line once.
    """

    claim: str
    found: list[Disagreement]
    checklist: list[tuple[BilledLine, list[Item]]]
    unread: list[BilledLine]
    papers: list[tuple[str, str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    days: list[date] = field(default_factory=list)
    questioned_cents: int = 0


@dataclass(slots=True)
class Audit:
    """The ledger of a file.

    Attributes:
        claims: results by claim, in the order of the file.
        without_chart: claims that no chart was found for; they are not checked.
        without_claim: papers that no claim was found for: visits that may not have been billed.
        unclear: papers that contradict themselves, or fit several claims; asked, never guessed.
        unread: files that could not be read.
        counts: of the claim file.
        papers: by kind, how many were read.
        matched: how many papers were given to a claim.
    """

    claims: list[ClaimResult] = field(default_factory=list)
    without_chart: list[str] = field(default_factory=list)
    without_claim: list[Unmatched] = field(default_factory=list)
    unclear: list[Unclear] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)
    papers: dict[str, int] = field(default_factory=dict)
    matched: int = 0

    @property
    def found(self) -> list[Disagreement]:
        """All disagreements."""
        return [d for result in self.claims for d in result.found]

    @property
    def leak_cents(self) -> int:
        """Allowable of what is documented and not billed, as far as its code and price are certain."""
        return sum(d.cents or 0 for d in self.found if d.money is Money.LEAK)

    @property
    def unsupported_cents(self) -> int:
        """Allowable of what is billed and not documented."""
        return sum(d.cents or 0 for d in self.found if d.money is Money.RISK)

    @property
    def questioned_cents(self) -> int:
        """Allowable of further lines that claim and chart disagree about; each line once."""
        return sum(result.questioned_cents for result in self.claims)

    def priced(self, way: Money) -> tuple[int, int]:
        """How many disagreements go one way, and how many of them have no dollars."""
        these = [d for d in self.found if d.money is way]
        return len(these), sum(d.cents is None for d in these)

    @property
    def kinds(self) -> list[tuple[str, int, int, int]]:
        """Disagreements by kind: how many, cents not billed, cents not supported; the most frequent first."""
        counted: dict[str, list[int]] = {}
        for d in self.found:
            row = counted.setdefault(d.kind.value, [0, 0, 0])
            row[0] += 1
            if d.money is not None:
                row[1 if d.money is Money.LEAK else 2] += d.cents or 0
        return sorted(((k, n, a, b) for k, (n, a, b) in counted.items()), key=lambda row: (-row[1], row[0]))

    @property
    def families(self) -> list[Family]:
        """The documentation checklist of each code family, counted over the lines that were held against it."""
        return families([(r.claim, line, items) for r in self.claims for line, items in r.checklist])

    @property
    def open(self) -> bool:
        """Whether a person has something to do: a disagreement, a paper that fits no claim without doubt, a file not readable."""
        return bool(self.found or self.unclear or self.unread)

    def summary(self) -> dict[str, Any]:
        """Counts and dollars; claims and papers add up, each to what was read."""
        return {
            "claims_read": self.counts.claims_read,
            "claims_refused": self.counts.claims_refused,
            "claims": len(self.claims),
            "claims_without_chart": len(self.without_chart),
            "papers": sum(self.papers.values()),
            "papers_by_kind": self.papers,
            "papers_matched": self.matched,
            "papers_unclear": len(self.unclear),
            "papers_without_claim": len(self.without_claim),
            "files_unread": len(self.unread),
            "disagreements": len(self.found),
            "documented_not_billed": _dollars(self.leak_cents),
            "billed_not_documented": _dollars(self.unsupported_cents),
            "further_lines_in_question": _dollars(self.questioned_cents),
            "by_kind": [
                {"kind": k, "number": n, "documented_not_billed": _dollars(a), "billed_not_documented": _dollars(b)}
                for k, n, a, b in self.kinds
            ],
        }

    def as_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "schema": SCHEMA,
            "summary": self.summary(),
            "claims": [_claim_dict(result) for result in self.claims],
            "families": [f.as_dict() for f in self.families],
            "without_chart": self.without_chart,
            "without_claim": [u._asdict() for u in self.without_claim],
            "unclear": [u._asdict() | {"claims": list(u.claims)} for u in self.unclear],
            "unread": [u._asdict() for u in self.unread],
        }


def _dollars(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _claim_dict(result: ClaimResult) -> dict[str, Any]:
    return {
        "claim": result.claim,
        "days": [d.isoformat() for d in result.days],
        "papers": [{"name": name, "matched_by": how} for name, how in result.papers],
        "remarks": result.remarks,
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
        notes: folder of papers, see `read_folder`; how they find their claims, see `pair_papers`.
        price: what one unit of a code is allowed on a date.
        progress: called with the number of claims done.

    Raises:
        InputError: the file or the folder cannot be read.
    """
    papers, unread = read_folder(notes)
    billed, counts = _claims(claims)
    pairing = pair_papers(billed, papers)
    audit = _audit(papers, pairing)
    audit.unread, audit.counts = unread, counts
    for done, claim in enumerate(billed, 1):
        held = pairing.papers.get(claim.index)
        if not held:
            audit.without_chart.append(claim.id)
        else:
            audit.claims.append(audit_claim(claim.id, claim.lines, Chart.of(held), price=price))
        if progress is not None:
            progress(done)
    return audit


def _audit(papers: list[Paper], pairing: Pairing) -> Audit:
    return Audit(
        without_claim=pairing.unmatched,
        unclear=pairing.unclear,
        papers=dict(sorted(Counter(p.kind for p in papers).items())),
        matched=sum(map(len, pairing.papers.values())),
    )


def audit_claim(claim: str, lines: list[BilledLine], chart: Chart, *, price: Price = nothing_priced) -> ClaimResult:
    """Hold one claim against its chart."""
    ledger = ClaimAudit(claim, lines, chart, price)
    found = ledger.run()
    record = "\n".join([*chart.specimens, *(text for _, text in chart.reports)])
    checklist = [
        (ln, hold(meanings()[ln.code], ledger.act_for(ln), ledger.facts, record))
        for ln in lines
        if ln.code in meanings()
    ]
    priced = {d.line for d in found if d.money and d.cents is not None}
    doubted = {d.line for d in found if d.line is not None and d.line not in priced}
    return ClaimResult(
        claim,
        found,
        [entry for entry in checklist if entry[1]],
        ledger.unread(),
        chart.papers,
        chart.remarks,
        sorted({ln.service_from for ln in lines if ln.service_from}),
        sum(total([(ln.code, ln.units)], price, ln.service_from) or 0 for ln in lines if ln.line in doubted),
    )


def _claims(path: Path) -> tuple[list[Claim], Counts]:
    """Claims of a file with their lines, in the order of the file; two claims of one id stay two."""
    found: dict[int, Claim] = {}
    counts = Counts()
    for chunk in read(path):
        counts += chunk.counts
        for row in _rows(chunk.lines):
            claim = found.setdefault(
                row[c.CLAIM_INDEX],
                Claim(
                    row[c.CLAIM_INDEX],
                    str(row[c.CLAIM_ID]),
                    [],
                    row.get(c.PATIENT_KEY),
                    row.get(c.PATIENT_BIRTH),
                    row.get(c.PATIENT_SEX),
                ),
            )
            claim.lines.append(_billed(row))
    return list(found.values()), counts


def _rows(lines: pl.DataFrame) -> Iterator[dict[str, Any]]:
    return lines.select([name for name in _COLUMNS if name in lines.columns]).iter_rows(named=True)


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
    return [_billed(row) for row in _rows(lines)]
