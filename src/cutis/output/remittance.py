"""A remittance for a person, for a spreadsheet and for programs: payments, what was taken off and why, what is wrong."""

import json
from typing import Any, TextIO

import polars as pl
from rich.console import Console
from rich.table import Table

from cutis.model import remittance as r
from cutis.model.money import dollars
from cutis.model.words import counted
from cutis.output.spreadsheet import guarded
from cutis.parse.x12_835 import Remittance

SCHEMA_NUMBER = 1
FAULTS_SHOWN = 40


def reasons(remittance: Remittance) -> pl.DataFrame:
    """Adjustments by group and CARC: `group`, `carc`, `count`, `cents`; largest amount first."""
    return (
        remittance.adjustments.group_by("group", "carc")
        .agg(pl.len().alias("count"), pl.col("cents").sum())
        .sort("cents", "group", "carc", descending=[True, False, False], nulls_last=True)
    )


def as_dict(name: str, remittance: Remittance) -> dict[str, Any]:
    """Plain values for JSON; money as decimal strings of dollars."""
    counts = remittance.counts
    return {
        "file": name,
        "counts": {n: getattr(counts, n) for n in counts.__slots__},
        "payments": _plain(remittance.payments),
        "provider_adjustments": _plain(remittance.provider),
        "lines": _plain(remittance.lines),
        "faults": [
            {k: row[k] for k in ("rule", "severity", "message", "fix_text", "segment", "loop", "element")}
            for row in remittance.faults.to_dicts()
        ],
    }


def _plain(frame: pl.DataFrame) -> list[dict[str, Any]]:
    return [{_name(k): _value(k, v) for k, v in row.items()} for row in frame.to_dicts()]


def _name(column: str) -> str:
    return "amount" if column == "cents" else column.removesuffix("_cents")


def _value(column: str, value: Any) -> Any:
    if value is None:
        return None
    if column.endswith("cents"):
        return dollars(value)
    if isinstance(value, list):
        return [{_name(k): _value(k, v) for k, v in x.items()} if isinstance(x, dict) else x for x in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def write_json(found: list[tuple[str, Remittance]], out: TextIO) -> None:
    """All files as one object."""
    json.dump(
        {"schema": SCHEMA_NUMBER, "remittances": [as_dict(n, x) for n, x in found]}, out, indent=1, ensure_ascii=False
    )
    out.write("\n")


def write_csv(found: list[tuple[str, Remittance]], out: TextIO) -> None:
    """One row a line: what was billed, paid and taken off, reasons as `CO-45 12.50`."""
    entry = pl.concat_str(
        pl.element().struct["group"].fill_null("?"),
        pl.lit("-"),
        pl.element().struct["carc"].fill_null("?"),
        pl.lit(" "),
        (pl.element().struct["cents"] / 100).round(2).cast(pl.Decimal(18, 2)).cast(pl.String).fill_null("?"),
    )
    frames = []
    for name, remittance in found:
        texts = [pl.col(n).list.eval(entry).list.join("; ") for n in (r.ADJUSTMENTS, r.CLAIM_ADJUSTMENTS)]
        amounts = [n for n in remittance.lines.columns if n.endswith("_cents")]
        money = [
            (pl.col(n) / 100).round(2).cast(pl.Decimal(18, 2)).cast(pl.String).alias(n.removesuffix("_cents"))
            for n in amounts
        ]
        frame = remittance.lines.with_columns(*texts, *money, pl.col(r.REMARKS).list.join(" "))
        frames.append(frame.drop(amounts).insert_column(0, pl.lit(name).alias("file")))
    out.write(guarded(pl.concat(frames)).write_csv())


def write_text(found: list[tuple[str, Remittance]], console: Console) -> None:
    """Per file its payments, reasons, faults and counts."""
    for name, remittance in found:
        console.print(f"[bold]{name}[/bold]")
        _payments(remittance, console)
        _reasons(remittance, console)
        _faults(remittance, console)
        n = remittance.counts
        console.print(
            f"{counted(n.payments, 'payment')}; {counted(n.claims_read, 'claim')} read + {n.claims_refused:,} refused = {n.clp_segments:,} CLP segments; "
            f"{counted(n.lines, 'line')}, {counted(n.adjustments, 'adjustment')}."
        )
        console.print()


def _payments(remittance: Remittance, console: Console) -> None:
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    for title in ("Payment", "Payer", "Date", "Claims", "Paid", "Claims paid", "PLB", "Balance"):
        right = title in {"Claims", "Paid", "Claims paid", "PLB"}
        table.add_column(title, justify="right" if right else "left", no_wrap=title == "Date" or right, overflow="fold")
    for row in remittance.payments.to_dicts():
        parts = row[r.PAID], row["claims_paid_cents"], row["provider_adjusted_cents"]
        state = "not known" if None in parts else "balanced" if parts[1] - parts[2] == parts[0] else "does not balance"
        shown = ["?" if p is None else dollars(p) for p in parts]
        table.add_row(
            row[r.TRACE] or "", row[r.PAYER] or "", str(row[r.PAID_ON] or ""), str(row["claims"]), *shown, state
        )
    console.print(table)


def _reasons(remittance: Remittance, console: Console) -> None:
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    for title in ("Reason", "Times", "Amount"):
        table.add_column(title, justify="left" if title == "Reason" else "right")
    for row in reasons(remittance).to_dicts():
        table.add_row(f"{row['group'] or '?'}-{row['carc'] or '?'}", f"{row['count']:,}", dollars(row["cents"] or 0))
    if table.row_count:
        console.print(table)
    statuses = remittance.lines.unique(r.CLAIM).group_by(r.STATUS).agg(pl.len()).sort(r.STATUS)
    words = [f"{n:,} {r.STATUS_WORDS.get(s or '', f'of status {s}')}" for s, n in statuses.iter_rows()]
    if words:
        console.print("Claims: " + "; ".join(words) + ".")


def _faults(remittance: Remittance, console: Console) -> None:
    rows = remittance.faults.head(FAULTS_SHOWN).to_dicts()
    for row in rows:
        where = f"segment {row['segment']}" if row["segment"] else ""
        console.print(
            f"  {row['severity']:<8} {where:<13} {row['message']} ({row['rule']})", markup=False, soft_wrap=True
        )
    if remittance.faults.height > len(rows):
        console.print(f"  … and {remittance.faults.height - len(rows):,} more; --format json has all of them.")
