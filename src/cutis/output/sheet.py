"""The cheat sheet as text, CSV and a self-contained printable page."""

from typing import Any, TextIO

import polars as pl
from rich.console import Console
from rich.table import Table

from cutis.model.money import dollars
from cutis.pricing.base import FACILITY, NONFACILITY, STATUS
from cutis.pricing.sheet import Sheet


def _amount(cents: int | None) -> str:
    return "-" if cents is None else dollars(cents)


def by_code(made: Sheet) -> list[dict[str, Any]]:
    """One dict a code: its figures, and per locality the two amounts as strings."""
    out = []
    for rows in made.codes.partition_by("code", maintain_order=True):
        first = rows.row(0, named=True)
        prices = [(_amount(r[NONFACILITY]), _amount(r[FACILITY])) for r in rows.iter_rows(named=True)]
        out.append({**first, "prices": prices, "mue": "" if first["mue"] is None else f"{first['mue']}/{first['mai']}"})
    return out


def families(made: Sheet) -> list[dict[str, Any]]:
    """Families in the order of the sheet, each with its note and codes."""
    codes = by_code(made)
    return [{**f, "codes": [x for x in codes if x["family"] == f["family"]]} for f in made.words["families"]]


def write_text(made: Sheet, console: Console) -> None:
    """Print the sheet in a terminal."""
    for family in families(made):
        if not family["codes"]:
            continue
        console.print(f"\n[bold]{family['title']}[/bold]  [dim]{family['note']}[/dim]")
        table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
        for title in ("Code", "Days", "Mult", "MUE/MAI", "Work RVU"):
            table.add_column(title)
        for place in made.localities:
            table.add_column(f"{place.name} office", justify="right")
            table.add_column("facility", justify="right")
        for x in family["codes"]:
            amounts = [a for pair in x["prices"] for a in pair]
            table.add_row(x["code"], x["global_days"] or "", x["mult_proc"] or "", x["mue"], x["work"] or "", *amounts)
        console.print(table)
    for title, rows in _lists(made):
        console.print(f"\n[bold]{title}[/bold]")
        grid = Table.grid(padding=(0, 2))
        for row in rows:
            grid.add_row(*(x for x in row if x))
        console.print(grid)
    console.print(f"\n{made.pairs.height:,} bundling edits stand between two of these codes; --pairs lists them.")
    console.print(f"[dim]Rests on {', '.join(made.releases)}; prices of {made.on}.[/dim]")


def _lists(made: Sheet) -> list[tuple[str, list[tuple[str, str]]]]:
    words = made.words
    return [
        ("Modifiers", [(m["modifier"], m["use"]) for m in words["modifiers"]]),
        ("Denials and fixes", [(d["carc"], f"{d['cause']} {d['fix']}") for d in words["denials"]]),
        ("What the record must show", [(k["title"], k["ask"]) for k in words["checklists"]]),
        ("Where money is lost", [("", x) for x in words["leaks"]]),
        ("Asked often", [(q["ask"], q["answer"]) for q in words["faq"]]),
    ]


def write_pairs(made: Sheet, console: Console) -> None:
    """Print the edits between two of the sheet's codes."""
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    for title in ("Column one", "Column two", "Indicator", "Why", "Release"):
        table.add_column(title)
    for r in made.pairs.iter_rows(named=True):
        table.add_row(r["column_one"], r["column_two"], str(r["indicator"]), r["rationale"], r["release"])
    console.print(table)


def write_pairs_csv(made: Sheet, out: TextIO) -> None:
    """One row an edit between two of the sheet's codes."""
    out.write(made.pairs.write_csv())


def write_csv(made: Sheet, out: TextIO) -> None:
    """One row a code and locality; dollars as decimal strings, empty where there is no price."""
    text = [
        pl.concat_str(
            (pl.col(n) // 100).cast(pl.String), (pl.col(n) % 100).cast(pl.String).str.zfill(2), separator="."
        ).alias(n.removesuffix("_cents"))
        for n in (NONFACILITY, FACILITY)
    ]
    out.write(made.codes.with_columns(text).drop(NONFACILITY, FACILITY).with_columns(pl.col(STATUS)).write_csv())


def write_html(made: Sheet, out: TextIO) -> None:
    """A page that prints well: no other file, no scripts."""
    from jinja2 import Environment, PackageLoader  # noqa: PLC0415

    environment = Environment(
        loader=PackageLoader("cutis.output"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    page = environment.get_template("sheet.html")
    out.write(page.render(made=made, families=families(made), lists=_lists(made), pairs=made.pairs.to_dicts()))
