"""What a release changes, as text, CSV and a page."""

import html
from typing import Final, TextIO

import polars as pl
from rich.console import Console
from rich.table import Table

from cutis.model.money import dollars
from cutis.model.words import counted
from cutis.pricing.compare import Comparison

TITLES: Final = {
    "fee": "Fee schedule", "ptp": "Bundling edits", "mue": "Unit limits", "addon": "Add-on codes and their primaries",
}  # fmt: skip
EFFECT: Final = "Claims on file: dollars"
PAIRS: Final = "Claims on file: both codes of an edit on one day"
_SCALED: Final = ("work", "pe_nonfac", "pe_fac", "mp")


def in_dollars(frame: pl.DataFrame) -> pl.DataFrame:
    """Cents and hundredths of RVUs as decimal strings; names of columns lose `_cents`."""
    found = []
    for name in frame.columns:
        stem = name.removesuffix("_before").removesuffix("_after")
        if "cents" in name or stem in _SCALED:
            renamed = name.replace("_cents", "").replace("cents_", "dollars_")
            found.append(_decimal(name).alias(renamed))
        else:
            found.append(pl.col(name))
    return frame.select(found)


def _decimal(name: str) -> pl.Expr:
    value = pl.col(name).cast(pl.Int64)
    size = value.abs()
    sign = pl.when(value < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    return pl.concat_str(sign, (size // 100).cast(pl.String), pl.lit("."), (size % 100).cast(pl.String).str.zfill(2))


def _cells(frame: pl.DataFrame) -> tuple[list[str], list[list[str]]]:
    """A table for people: before and after in one cell where they differ, empty where they do not."""
    shown = in_dollars(frame)
    pairs = [n.removesuffix("_before") for n in shown.columns if n.endswith("_before") and "dollars" not in n]
    single = [n for n in shown.columns if n.removesuffix("_before").removesuffix("_after") not in pairs]
    rows = []
    for row in shown.iter_rows(named=True):
        cells = [", ".join(row[n]) if isinstance(row[n], list) else _text(row[n]) for n in single]
        for name in pairs:
            old, new = row[f"{name}_before"], row[f"{name}_after"]
            cells.append("" if old == new else f"{_text(old)} > {_text(new)}")
        rows.append(cells)
    kept = [i for i in range(len(single) + len(pairs)) if any(r[i] for r in rows)]
    titles = [*single, *pairs]
    return [titles[i].replace("_", " ") for i in kept], [[r[i] for i in kept] for r in rows]


def _text(value: object) -> str:
    if value is None:
        return "none"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _sections(made: Comparison) -> list[tuple[str, pl.DataFrame]]:
    found = [(TITLES[name], frame) for name, frame in made.changes.items()]
    found += [(EFFECT, made.effect)] if made.effect is not None else []
    return found + ([(PAIRS, made.pairs)] if made.pairs is not None else [])


def _summary(title: str, frame: pl.DataFrame) -> str:
    if title == EFFECT:
        return _effect(frame)
    if title == PAIRS:
        return f"{counted(frame.height, 'edit')} on them" if frame.height else "none of these edits is on them"
    counts = frame["change"].value_counts().sort("change")
    return ", ".join(f"{n:,} {what}" for what, n in counts.iter_rows()) or "nothing changes"


def _effect(frame: pl.DataFrame) -> str:
    """All lines whose price changes, together; a code without a price on one side is told apart."""
    if frame.is_empty():
        return "no line changes its price"
    both = frame.filter(pl.col("cents_change").is_not_null())
    one = frame.height - both.height
    before, after = (int(both[f"cents_{s}"].sum()) for s in ("before", "after"))
    sign = "+" if after >= before else "-"
    more = f"; {counted(one, 'code')} without a price on one side, in no sum" if one else ""
    return (
        f"{counted(both.height, 'code')}, {counted(int(both['lines'].sum()), 'line')}: ${dollars(before)} before, ${dollars(after)} after "
        f"({sign}${dollars(abs(after - before))}){more}"
    )


def write_text(made: Comparison, out: TextIO) -> None:
    """Print the changes."""
    console = Console(file=out, highlight=False, width=160, no_color=True)
    console.print(f"From {made.before} to {made.after}", markup=False)
    for title, frame in _sections(made):
        console.print(f"\n{title}: {_summary(title, frame)}", markup=False)
        if frame.is_empty():
            continue
        titles, rows = _cells(frame)
        table = Table(box=None, padding=(0, 2, 0, 0))
        for name in titles:
            table.add_column(name)
        for row in rows:
            table.add_row(*row)
        console.print(table)
    for note in made.notes:
        console.print(f"Not compared: {note}." if "not" not in note.split() else f"{note}.", markup=False)


def write_csv(made: Comparison, out: TextIO) -> None:
    """One row a changed value: table, key, change, value, before, after."""
    out.write("table,key,change,value,before,after\n")
    for name, frame in made.changes.items():
        shown = in_dollars(frame)
        keys = shown.columns[: shown.columns.index("change")]
        watched = [n.removesuffix("_before") for n in shown.columns if n.endswith("_before")]
        for row in shown.iter_rows(named=True):
            key = " ".join(str(row[k]) for k in keys if row[k])
            for value in watched:
                old, new = row[f"{value}_before"], row[f"{value}_after"]
                if old != new:
                    cells = ("" if x is None else str(x) for x in (old, new))
                    out.write(f"{name},{key},{row['change']},{value},{','.join(cells)}\n")


def write_html(made: Comparison, out: TextIO) -> None:
    """A self-contained page."""
    out.write(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>What changes</title><style>'
        "body{font:15px/1.45 system-ui,sans-serif;margin:0 auto;max-width:72rem;padding:1rem}"
        ".wide{overflow-x:auto}table{border-collapse:collapse}td,th{text-align:left;padding:.2rem .6rem;"
        "border-bottom:1px solid #d8d5ce;white-space:nowrap}</style></head><body>"
        f"<h1>From {html.escape(made.before)} to {html.escape(made.after)}</h1>"
    )
    for title, frame in _sections(made):
        out.write(f"<h2>{html.escape(title)}</h2><p>{_summary(title, frame)}</p>")
        if frame.height:
            titles, rows = _cells(frame)
            head = "".join(f"<th>{html.escape(t)}</th>" for t in titles)
            lines = "".join("<tr>" + "".join(f"<td>{html.escape(x)}</td>" for x in r) + "</tr>" for r in rows)
            out.write(f'<div class="wide"><table><tr>{head}</tr>{lines}</table></div>')
    out.writelines(f"<p>{html.escape(note)}.</p>" for note in made.notes)
    out.write("</body></html>\n")
